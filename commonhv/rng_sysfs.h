/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_RNG_SYSFS_H
#define COMMONHV_RNG_SYSFS_H

#include <linux/device.h>

extern const struct device_type commonhv_rng_type;

#endif /* COMMONHV_RNG_SYSFS_H */
