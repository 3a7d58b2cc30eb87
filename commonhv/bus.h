/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_BUS_H
#define COMMONHV_BUS_H

#include <linux/device.h>

int commonhv_bus_init(void);
void commonhv_bus_exit(void);
int commonhv_bus_add(struct device *dev, const struct device_type *type,
		     const char *name);

#endif /* COMMONHV_BUS_H */
