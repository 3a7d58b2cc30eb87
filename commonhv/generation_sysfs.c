// SPDX-License-Identifier: GPL-2.0
/* /sys/bus/commonhv/devices/generation: Documentation/ABI/testing/sysfs-bus-commonhv */
#include <linux/device.h>
#include <linux/slab.h>

#include "bus.h"
#include "generation.h"
#include "generation_sysfs.h"

/* Part of the ABI. */
static const char * const commonhv_generation_source_names[] = {
	[COMMONHV_GENERATION_NONE]  = "none",
	[COMMONHV_GENERATION_CPUID] = "cpuid",
	[COMMONHV_GENERATION_MSR]   = "msr",
};

static ssize_t commonhv_generation_source_show(struct device *dev,
					       struct device_attribute *attr, char *buf)
{
	struct commonhv_generation *generation = dev_get_drvdata(dev);
	enum commonhv_generation_source source;

	mutex_lock(&generation->lock);
	source = generation->source;
	mutex_unlock(&generation->lock);
	return sysfs_emit(buf, "%s\n", commonhv_generation_source_names[source]);
}

static ssize_t commonhv_generation_changes_show(struct device *dev,
						struct device_attribute *attr, char *buf)
{
	struct commonhv_generation *generation = dev_get_drvdata(dev);
	u64 changes;

	mutex_lock(&generation->lock);
	changes = generation->changes;
	mutex_unlock(&generation->lock);
	return sysfs_emit(buf, "%llu\n", changes);
}

static struct attribute *commonhv_generation_attrs[] = {
	COMMONHV_BUS_ATTR(source, commonhv_generation_source_show),
	COMMONHV_BUS_ATTR(changes, commonhv_generation_changes_show),
	NULL
};
ATTRIBUTE_GROUPS(commonhv_generation);

static void commonhv_generation_release(struct device *dev)
{
	kfree(dev);
}

/* For commonhv_bus_add(), with a struct commonhv_generation as drvdata. */
const struct device_type commonhv_generation_type = {
	.name = "generation",
	.groups = commonhv_generation_groups,
	.release = commonhv_generation_release,
};
