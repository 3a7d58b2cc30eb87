// SPDX-License-Identifier: GPL-2.0
/* /sys/bus/commonhv/devices/commonhv: Documentation/ABI/testing/sysfs-bus-commonhv */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "bus.h"
#include "discovery.h"
#include "violation.h"

/* A copy: the fields of it are from one read of the leaves. */
static struct commonhv_caps commonhv_discovery_caps(struct device *dev)
{
	struct commonhv_discovery *discovery = dev_get_drvdata(dev);
	struct commonhv_caps caps;

	mutex_lock(&discovery->lock);
	caps = discovery->info.caps;
	mutex_unlock(&discovery->lock);
	return caps;
}

static ssize_t commonhv_discovery_draft_show(struct device *dev,
					     struct device_attribute *attr,
					     char *buf)
{
	struct commonhv_caps caps = commonhv_discovery_caps(dev);

	if (!caps.present)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "%d\n", caps.draft);
}

static ssize_t commonhv_discovery_max_leaf_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	return sysfs_emit(buf, "0x%08x\n", commonhv_discovery_caps(dev).max_leaf);
}

static ssize_t commonhv_discovery_hypervisor_bit_show(struct device *dev,
						      struct device_attribute *attr,
						      char *buf)
{
	return sysfs_emit(buf, "%d\n", commonhv_discovery_caps(dev).hypervisor_bit);
}

static ssize_t commonhv_discovery_features_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	struct commonhv_caps caps = commonhv_discovery_caps(dev);
	bool generation = caps.generation_in_leaf || caps.generation_in_msr;

	if (!caps.rng)
		return sysfs_emit(buf, "%s\n", generation ? "generation" : "none");
	return sysfs_emit(buf, "rng%s%s\n", caps.rng_input ? " rng_input" : "",
			  generation ? " generation" : "");
}

static ssize_t commonhv_discovery_nr_interfaces_show(struct device *dev,
						     struct device_attribute *attr,
						     char *buf)
{
	struct commonhv_discovery *discovery = dev_get_drvdata(dev);
	unsigned int nr;

	mutex_lock(&discovery->lock);
	nr = discovery->info.nr_interfaces;
	mutex_unlock(&discovery->lock);
	return sysfs_emit(buf, "%u\n", nr);
}

static ssize_t commonhv_discovery_violations_show(struct device *dev,
						  struct device_attribute *attr,
						  char *buf)
{
	char names[COMMONHV_VIOLATIONS_LEN];

	commonhv_violations_format(commonhv_discovery_caps(dev).violations, names,
				   sizeof(names));
	return sysfs_emit(buf, "%s\n", names);
}

static struct attribute *commonhv_discovery_attrs[] = {
	COMMONHV_BUS_ATTR(draft, commonhv_discovery_draft_show),
	COMMONHV_BUS_ATTR(max_leaf, commonhv_discovery_max_leaf_show),
	COMMONHV_BUS_ATTR(hypervisor_bit, commonhv_discovery_hypervisor_bit_show),
	COMMONHV_BUS_ATTR(features, commonhv_discovery_features_show),
	COMMONHV_BUS_ATTR(nr_interfaces, commonhv_discovery_nr_interfaces_show),
	COMMONHV_BUS_ATTR(violations, commonhv_discovery_violations_show),
	NULL
};
ATTRIBUTE_GROUPS(commonhv_discovery);

static void commonhv_discovery_release(struct device *dev)
{
	kfree(dev);
}

/* For commonhv_bus_add(), with a struct commonhv_discovery as drvdata. */
const struct device_type commonhv_discovery_type = {
	.name = "commonhv",
	.groups = commonhv_discovery_groups,
	.release = commonhv_discovery_release,
};

/**
 * commonhv_discovery_show() - show the interfaces that were found
 * @discovery: the state
 *
 * If nothing has changed the devices stay. If one interface differs, all devices are
 * removed and added again, because their numbers are their order. After a failure
 * the next call tries again.
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
 * @discovery: the state; commonhv_discovery_show() is not called any more
 *
 * Context: process context, sleeps.
 */
void commonhv_discovery_hide(struct commonhv_discovery *discovery)
{
	commonhv_interface_set_remove(&discovery->interfaces);
}
