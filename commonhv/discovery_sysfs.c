// SPDX-License-Identifier: GPL-2.0
/* /sys/bus/commonhv/devices/commonhv: Documentation/ABI/testing/sysfs-bus-commonhv */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "discovery.h"
#include "violation.h"

/* Drivers' data: the discovery. Its info is copied out as one consistent whole. */
static struct commonhv_head discovery_head(struct device *dev)
{
	struct commonhv_discovery *discovery = dev_get_drvdata(dev);
	struct commonhv_head head;

	mutex_lock(&discovery->lock);
	head = discovery->info.head;
	mutex_unlock(&discovery->lock);
	return head;
}

static ssize_t draft_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct commonhv_head head = discovery_head(dev);

	if (!head.present)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "%d\n", head.draft);
}
static DEVICE_ATTR_RO(draft);

static ssize_t max_leaf_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "0x%08x\n", discovery_head(dev).max_leaf);
}
static DEVICE_ATTR_RO(max_leaf);

static ssize_t hypervisor_bit_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", discovery_head(dev).hypervisor_bit);
}
static DEVICE_ATTR_RO(hypervisor_bit);

static ssize_t features_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct commonhv_head head = discovery_head(dev);

	if (!head.rng)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "rng%s\n", head.rng_input ? " rng_input" : "");
}
static DEVICE_ATTR_RO(features);

static ssize_t nr_interfaces_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	struct commonhv_discovery *discovery = dev_get_drvdata(dev);
	unsigned int nr;

	mutex_lock(&discovery->lock);
	nr = discovery->info.nr_interfaces;
	mutex_unlock(&discovery->lock);
	return sysfs_emit(buf, "%u\n", nr);
}
static DEVICE_ATTR_RO(nr_interfaces);

static ssize_t violations_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	char names[COMMONHV_VIOLATIONS_LEN];

	commonhv_violations_format(discovery_head(dev).violations, names,
				   sizeof(names));
	return sysfs_emit(buf, "%s\n", names);
}
static DEVICE_ATTR_RO(violations);

static struct attribute *discovery_attrs[] = {
	&dev_attr_draft.attr,
	&dev_attr_max_leaf.attr,
	&dev_attr_hypervisor_bit.attr,
	&dev_attr_features.attr,
	&dev_attr_nr_interfaces.attr,
	&dev_attr_violations.attr,
	NULL
};
ATTRIBUTE_GROUPS(discovery);

static void discovery_release(struct device *dev)
{
	kfree(dev);
}

/* For commonhv_bus_add(), with a struct commonhv_discovery as drvdata. */
const struct device_type commonhv_discovery_type = {
	.name = "commonhv",
	.groups = discovery_groups,
	.release = discovery_release,
};

/**
 * commonhv_discovery_show() - show the interfaces that were found
 * @discovery: the state
 *
 * If they are the same as before their devices stay. If one differs, all are
 * removed and added again, as their numbers are their order. What fails is tried
 * again the next time.
 *
 * Context: process context, sleeps: uevents, readers that are waited for. One
 * caller at a time, of this and of commonhv_discovery_read().
 */
void commonhv_discovery_show(struct commonhv_discovery *discovery)
{
	int err;

	if (discovery->is_shown)
		return;
	commonhv_interface_set_remove(&discovery->interfaces);
	err = commonhv_interface_set_add(&discovery->interfaces,
					 &discovery->info);
	if (err)
		pr_warn_ratelimited("cannot show the interfaces: %pe\n",
				    ERR_PTR(err));
	discovery->is_shown = !err;
}

/**
 * commonhv_discovery_hide() - undo commonhv_discovery_show()
 * @discovery: the state; nobody shows any more
 *
 * Context: process context, sleeps.
 */
void commonhv_discovery_hide(struct commonhv_discovery *discovery)
{
	commonhv_interface_set_remove(&discovery->interfaces);
}
