/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_SYSFS_H
#define VMGENID_SYSFS_H

#include <linux/types.h>

struct attribute_group;
struct device;

extern const struct attribute_group *vmgenid_sysfs_groups[];

void vmgenid_sysfs_init(void);
void vmgenid_sysfs_publish(struct device *dev, u32 generation);

#endif /* VMGENID_SYSFS_H */
