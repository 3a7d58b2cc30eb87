// SPDX-License-Identifier: GPL-2.0
/* /sys/bus/commonhv/devices/interfaceN: Documentation/ABI/testing/sysfs-bus-commonhv */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "../common/compat.h"
#include "bus.h"
#include "interface_sysfs.h"
#include "signature.h"

/**
 * struct commonhv_interface_device - an interface on the bus
 * @dev: the device
 * @interface: what it shows; never changes
 */
struct commonhv_interface_device {
	struct device dev;
	struct commonhv_interface interface;
};

static const struct commonhv_interface *to_interface(const struct device *dev)
{
	return &container_of(dev, struct commonhv_interface_device, dev)->interface;
}

#define INTERFACE_MODALIAS_LEN	sizeof("commonhv:s0123456789abcdef01234567")

/*
 * Hexadecimal, as the bytes of a signature are the host's choice and an alias is
 * matched as a glob.
 */
static void interface_modalias(const struct device *dev, char *alias)
{
	snprintf(alias, INTERFACE_MODALIAS_LEN, "commonhv:s%*phN",
		 COMMONHV_SIGNATURE_LEN, to_interface(dev)->signature);
}

static ssize_t signature_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	char text[COMMONHV_SIGNATURE_TEXT_LEN];

	commonhv_signature_escape(to_interface(dev)->signature, text);
	return sysfs_emit(buf, "%s\n", text);
}
static DEVICE_ATTR_RO(signature);

static ssize_t signature_raw_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%*phN\n", COMMONHV_SIGNATURE_LEN,
			  to_interface(dev)->signature);
}
static DEVICE_ATTR_RO(signature_raw);

static ssize_t location_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "0x%08x\n", to_interface(dev)->location);
}
static DEVICE_ATTR_RO(location);

static ssize_t max_leaf_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "0x%08x\n", to_interface(dev)->max_leaf);
}
static DEVICE_ATTR_RO(max_leaf);

static ssize_t source_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  to_interface(dev)->source == COMMONHV_SOURCE_LIST ?
			  "commonhv" : "scan");
}
static DEVICE_ATTR_RO(source);

static ssize_t verified_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%d\n", to_interface(dev)->verified);
}
static DEVICE_ATTR_RO(verified);

static ssize_t vendor_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  commonhv_signature_vendor(to_interface(dev)->signature));
}
static DEVICE_ATTR_RO(vendor);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	char alias[INTERFACE_MODALIAS_LEN];

	interface_modalias(dev, alias);
	return sysfs_emit(buf, "%s\n", alias);
}
static DEVICE_ATTR_RO(modalias);

static struct attribute *interface_attrs[] = {
	&dev_attr_signature.attr,
	&dev_attr_signature_raw.attr,
	&dev_attr_location.attr,
	&dev_attr_max_leaf.attr,
	&dev_attr_source.attr,
	&dev_attr_verified.attr,
	&dev_attr_vendor.attr,
	&dev_attr_modalias.attr,
	NULL
};

/* No driver is to be loaded for what the location does not confirm. */
static umode_t commonhv_interface_attr_mode(struct kobject *kobj,
					    struct attribute *attr, int n)
{
	if (attr == &dev_attr_modalias.attr &&
	    !to_interface(kobj_to_dev(kobj))->verified)
		return 0;
	return attr->mode;
}

static const struct attribute_group interface_group = {
	.attrs = interface_attrs,
	.is_visible = commonhv_interface_attr_mode,
};
__ATTRIBUTE_GROUPS(interface);

static int interface_uevent(chv_compat_uevent_const struct device *dev,
			    struct kobj_uevent_env *env)
{
	char alias[INTERFACE_MODALIAS_LEN];

	if (!to_interface(dev)->verified)
		return 0;
	interface_modalias(dev, alias);
	return add_uevent_var(env, "MODALIAS=%s", alias);
}

static void interface_release(struct device *dev)
{
	kfree(container_of(dev, struct commonhv_interface_device, dev));
}

static const struct device_type interface_type = {
	.name = "interface",
	.groups = interface_groups,
	.uevent = interface_uevent,
	.release = interface_release,
};

static int interface_add(struct commonhv_interface_set *set,
			 const struct commonhv_interface *interface)
{
	struct commonhv_interface_device *idev;
	char name[sizeof("interface255")];
	int err;

	idev = kzalloc(sizeof(*idev), GFP_KERNEL);
	if (!idev)
		return -ENOMEM;
	idev->interface = *interface;
	snprintf(name, sizeof(name), "interface%u", set->nr);
	err = commonhv_bus_add(&idev->dev, &interface_type, name);
	if (err)
		return err;
	set->devices[set->nr++] = idev;
	return 0;
}

/**
 * commonhv_interface_set_add() - show the interfaces
 * @set: empty
 * @info: what to show; need not stay
 *
 * Context: process context, sleeps. The caller serialises.
 * Return: 0, or a negative errno, when none is shown.
 */
int commonhv_interface_set_add(struct commonhv_interface_set *set,
			       const struct commonhv_info *info)
{
	unsigned int i;
	int err;

	for (i = 0; i < info->nr_interfaces; i++) {
		err = interface_add(set, &info->interfaces[i]);
		if (err) {
			commonhv_interface_set_remove(set);
			return err;
		}
	}
	return 0;
}

/**
 * commonhv_interface_set_remove() - take the interfaces away
 * @set: what commonhv_interface_set_add() filled
 *
 * Context: process context, sleeps: waits for readers. The caller serialises.
 */
void commonhv_interface_set_remove(struct commonhv_interface_set *set)
{
	while (set->nr)
		device_unregister(&set->devices[--set->nr]->dev);
}
