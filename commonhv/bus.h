/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_BUS_H
#define COMMONHV_BUS_H

#include <linux/device.h>
#include <linux/sysfs.h>

/*
 * A pointer to a read-only attribute, for a list of them. DEVICE_ATTR_RO() would
 * need functions without the module's prefix, and each name twice.
 */
#define COMMONHV_BUS_ATTR(name_, show_) \
	(&((struct device_attribute)__ATTR(name_, 0444, show_, NULL)).attr)

int commonhv_bus_init(void);
void commonhv_bus_exit(void);
int commonhv_bus_add(struct device *dev, const struct device_type *type,
		     const char *name);

#endif /* COMMONHV_BUS_H */
