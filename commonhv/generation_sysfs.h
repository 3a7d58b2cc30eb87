/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_GENERATION_SYSFS_H
#define COMMONHV_GENERATION_SYSFS_H

#include <linux/device.h>

extern const struct device_type commonhv_generation_type;

#endif /* COMMONHV_GENERATION_SYSFS_H */
