/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_INTERFACE_SYSFS_H
#define COMMONHV_INTERFACE_SYSFS_H

#include "info.h"

struct commonhv_interface_device;

/**
 * struct commonhv_interface_set - the interface devices that are on the bus
 * @devices: in the order of &struct commonhv_info.interfaces
 * @nr: how many
 */
struct commonhv_interface_set {
	struct commonhv_interface_device *devices[COMMONHV_INTERFACES_MAX];
	unsigned int nr;
};

int commonhv_interface_set_add(struct commonhv_interface_set *set,
			       const struct commonhv_info *info);
void commonhv_interface_set_remove(struct commonhv_interface_set *set);

#endif /* COMMONHV_INTERFACE_SYSFS_H */
