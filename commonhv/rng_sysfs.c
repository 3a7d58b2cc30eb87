// SPDX-License-Identifier: GPL-2.0
/* /sys/bus/commonhv/devices/rng: Documentation/ABI/testing/sysfs-bus-commonhv */
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "rng.h"
#include "rng_sysfs.h"

static ssize_t msr_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	struct commonhv_rng *rng = dev_get_drvdata(dev);
	struct commonhv_head head;

	mutex_lock(&rng->lock);
	head = rng->head;
	mutex_unlock(&rng->lock);
	if (!head.rng)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "0x%08x\n", head.rng_msr);
}
static DEVICE_ATTR_RO(msr);

static ssize_t quality_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct commonhv_rng *rng = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", rng->policy.quality);
}
static DEVICE_ATTR_RO(quality);

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct commonhv_rng *rng = dev_get_drvdata(dev);
	enum commonhv_rng_state state;

	mutex_lock(&rng->lock);
	state = rng->policy.state;
	mutex_unlock(&rng->lock);
	return sysfs_emit(buf, "%s\n", commonhv_rng_state_name(state));
}
static DEVICE_ATTR_RO(state);

static ssize_t counter_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct commonhv_rng *rng = dev_get_drvdata(dev);
	size_t offset = (size_t)container_of(attr, struct dev_ext_attribute,
					     attr)->var;
	u64 value;

	mutex_lock(&rng->lock);
	value = *(u64 *)((void *)&rng->policy.counters + offset);
	mutex_unlock(&rng->lock);
	return sysfs_emit(buf, "%llu\n", value);
}

static struct dev_ext_attribute rng_counter_attrs[] = {
	{ __ATTR(reads, 0444, counter_show, NULL),
	  (void *)offsetof(struct commonhv_rng_counters, reads) },
	{ __ATTR(zeros, 0444, counter_show, NULL),
	  (void *)offsetof(struct commonhv_rng_counters, zeros) },
	{ __ATTR(repeats, 0444, counter_show, NULL),
	  (void *)offsetof(struct commonhv_rng_counters, repeats) },
	{ __ATTR(faults, 0444, counter_show, NULL),
	  (void *)offsetof(struct commonhv_rng_counters, faults) },
	{ __ATTR(bytes_mixed, 0444, counter_show, NULL),
	  (void *)offsetof(struct commonhv_rng_counters, bytes_mixed) },
	{ __ATTR(bits_credited, 0444, counter_show, NULL),
	  (void *)offsetof(struct commonhv_rng_counters, bits_credited) },
};

static struct attribute *rng_attrs[] = {
	&dev_attr_msr.attr,
	&dev_attr_quality.attr,
	&dev_attr_state.attr,
	&rng_counter_attrs[0].attr.attr,
	&rng_counter_attrs[1].attr.attr,
	&rng_counter_attrs[2].attr.attr,
	&rng_counter_attrs[3].attr.attr,
	&rng_counter_attrs[4].attr.attr,
	&rng_counter_attrs[5].attr.attr,
	NULL
};
ATTRIBUTE_GROUPS(rng);

static void rng_release(struct device *dev)
{
	kfree(dev);
}

/* For commonhv_bus_add(), with a struct commonhv_rng as drvdata. */
const struct device_type commonhv_rng_type = {
	.name = "rng",
	.groups = rng_groups,
	.release = rng_release,
};
