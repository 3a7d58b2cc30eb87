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
 * @interface: the interface; never changes
 */
struct commonhv_interface_device {
	struct device dev;
	struct commonhv_interface interface;
};

static const struct commonhv_interface *commonhv_interface_of(const struct device *dev)
{
	return &container_of(dev, struct commonhv_interface_device, dev)->interface;
}

static ssize_t commonhv_interface_signature_show(struct device *dev,
						 struct device_attribute *attr,
						 char *buf)
{
	char text[COMMONHV_SIGNATURE_TEXT_LEN];

	commonhv_signature_escape(commonhv_interface_of(dev)->signature, text);
	return sysfs_emit(buf, "%s\n", text);
}

static ssize_t commonhv_interface_signature_raw_show(struct device *dev,
						     struct device_attribute *attr,
						     char *buf)
{
	return sysfs_emit(buf, "%*phN\n", COMMONHV_SIGNATURE_LEN,
			  commonhv_interface_of(dev)->signature);
}

static ssize_t commonhv_interface_location_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	return sysfs_emit(buf, "0x%08x\n", commonhv_interface_of(dev)->location);
}

static ssize_t commonhv_interface_max_leaf_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	return sysfs_emit(buf, "0x%08x\n", commonhv_interface_of(dev)->max_leaf);
}

static ssize_t commonhv_interface_source_show(struct device *dev,
					      struct device_attribute *attr,
					      char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  commonhv_interface_of(dev)->source == COMMONHV_SOURCE_LIST ?
			  "commonhv" : "scan");
}

static ssize_t commonhv_interface_verified_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	return sysfs_emit(buf, "%d\n", commonhv_interface_of(dev)->verified);
}

static ssize_t commonhv_interface_vendor_show(struct device *dev,
					      struct device_attribute *attr,
					      char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  commonhv_signature_vendor(commonhv_interface_of(dev)->signature));
}

static struct attribute *commonhv_interface_attrs[] = {
	COMMONHV_BUS_ATTR(signature, commonhv_interface_signature_show),
	COMMONHV_BUS_ATTR(signature_raw, commonhv_interface_signature_raw_show),
	COMMONHV_BUS_ATTR(location, commonhv_interface_location_show),
	COMMONHV_BUS_ATTR(max_leaf, commonhv_interface_max_leaf_show),
	COMMONHV_BUS_ATTR(source, commonhv_interface_source_show),
	COMMONHV_BUS_ATTR(verified, commonhv_interface_verified_show),
	COMMONHV_BUS_ATTR(vendor, commonhv_interface_vendor_show),
	NULL
};

static const struct attribute_group commonhv_interface_group = {
	.attrs = commonhv_interface_attrs,
};

/*
 * The alias has the signature in hexadecimal: its bytes are the host's choice,
 * and an alias is matched as a glob. An interface that is not verified has no
 * alias, so that no module is loaded for it.
 */
#define COMMONHV_INTERFACE_ALIAS	"commonhv:s%*phN"

static ssize_t commonhv_interface_modalias_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	return sysfs_emit(buf, COMMONHV_INTERFACE_ALIAS "\n", COMMONHV_SIGNATURE_LEN,
			  commonhv_interface_of(dev)->signature);
}

static int commonhv_interface_uevent(chv_compat_uevent_const struct device *dev,
				     struct kobj_uevent_env *env)
{
	const struct commonhv_interface *interface = commonhv_interface_of(dev);

	if (!interface->verified)
		return 0;
	return add_uevent_var(env, "MODALIAS=" COMMONHV_INTERFACE_ALIAS,
			      COMMONHV_SIGNATURE_LEN, interface->signature);
}

static struct attribute *commonhv_interface_alias_attrs[] = {
	COMMONHV_BUS_ATTR(modalias, commonhv_interface_modalias_show),
	NULL
};

static umode_t commonhv_interface_alias_mode(struct kobject *kobj,
					     struct attribute *attr, int n)
{
	return commonhv_interface_of(kobj_to_dev(kobj))->verified ? attr->mode : 0;
}

static const struct attribute_group commonhv_interface_alias_group = {
	.attrs = commonhv_interface_alias_attrs,
	.is_visible = commonhv_interface_alias_mode,
};

static const struct attribute_group *commonhv_interface_groups[] = {
	&commonhv_interface_group,
	&commonhv_interface_alias_group,
	NULL
};

static void commonhv_interface_release(struct device *dev)
{
	kfree(container_of(dev, struct commonhv_interface_device, dev));
}

static const struct device_type commonhv_interface_type = {
	.name = "interface",
	.groups = commonhv_interface_groups,
	.uevent = commonhv_interface_uevent,
	.release = commonhv_interface_release,
};

/**
 * commonhv_interface_set_add() - show the interfaces
 * @set: empty
 * @info: the interfaces; not needed afterwards
 *
 * Context: process context, sleeps. The caller serialises.
 * Return: 0, or a negative errno and no interface is shown.
 */
int commonhv_interface_set_add(struct commonhv_interface_set *set,
			       const struct commonhv_info *info)
{
	struct commonhv_interface_device *idev;
	char name[sizeof("interface255")];
	int err;

	while (set->nr < info->nr_interfaces) {
		idev = kzalloc(sizeof(*idev), GFP_KERNEL);
		if (!idev) {
			err = -ENOMEM;
			goto remove;
		}
		idev->interface = info->interfaces[set->nr];
		snprintf(name, sizeof(name), "interface%u", set->nr);
		err = commonhv_bus_add(&idev->dev, &commonhv_interface_type, name);
		if (err)
			goto remove;
		set->devices[set->nr++] = idev;
	}
	return 0;

remove:
	commonhv_interface_set_remove(set);
	return err;
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
