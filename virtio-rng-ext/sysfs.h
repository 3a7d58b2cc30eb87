/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_SYSFS_H
#define VRNG_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group *vrng_sysfs_groups[];

void vrng_sysfs_init(void);

#endif /* VRNG_SYSFS_H */
