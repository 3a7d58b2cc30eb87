// SPDX-License-Identifier: GPL-2.0
/*
 * The bus "commonhv", /sys/bus/commonhv/devices. It has devices and no drivers:
 * udev loads the module that an interface needs by the device's MODALIAS.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>

#include "../common/compat.h"
#include "bus.h"

static chv_compat_bus_type commonhv_bus = {
	.name = "commonhv",
};

static struct device *commonhv_bus_root;

/**
 * commonhv_bus_init() - register the bus and its root device
 *
 * Context: process context, sleeps.
 * Return: 0 or a negative errno.
 */
int commonhv_bus_init(void)
{
	int err = bus_register(&commonhv_bus);

	if (err)
		return err;
	commonhv_bus_root = root_device_register("commonhv");
	if (IS_ERR(commonhv_bus_root)) {
		bus_unregister(&commonhv_bus);
		return PTR_ERR(commonhv_bus_root);
	}
	return 0;
}

/**
 * commonhv_bus_exit() - undo commonhv_bus_init()
 *
 * Context: process context, sleeps. No device is left on the bus.
 */
void commonhv_bus_exit(void)
{
	root_device_unregister(commonhv_bus_root);
	bus_unregister(&commonhv_bus);
}

/**
 * commonhv_bus_add() - put a device on the bus
 * @dev: zeroed memory that @type's release frees; drvdata may be set
 * @type: its attributes and its release
 * @name: its name
 *
 * Context: process context, sleeps.
 * Return: 0; to be undone by device_unregister(). Or a negative errno, when the
 * device has been released already.
 */
int commonhv_bus_add(struct device *dev, const struct device_type *type,
		     const char *name)
{
	int err;

	device_initialize(dev);
	dev->bus = &commonhv_bus;
	dev->parent = commonhv_bus_root;
	dev->type = type;
	err = dev_set_name(dev, "%s", name);
	if (!err)
		err = device_add(dev);
	if (err)
		put_device(dev);
	return err;
}
