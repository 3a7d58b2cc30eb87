// SPDX-License-Identifier: GPL-2.0
/* /sys/bus/commonhv/devices/rng: Documentation/ABI/testing/sysfs-bus-commonhv */
#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/stringify.h>

#include "bus.h"
#include "rng.h"
#include "rng_sysfs.h"

static ssize_t commonhv_rng_msr_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct commonhv_rng *rng = dev_get_drvdata(dev);
	struct commonhv_caps caps;

	mutex_lock(&rng->lock);
	caps = rng->caps;
	mutex_unlock(&rng->lock);
	if (!caps.rng)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "0x%08x\n", caps.rng_msr);
}

static ssize_t commonhv_rng_quality_show(struct device *dev,
					 struct device_attribute *attr, char *buf)
{
	struct commonhv_rng *rng = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", rng->policy.quality);
}

static ssize_t commonhv_rng_state_show(struct device *dev,
				       struct device_attribute *attr, char *buf)
{
	struct commonhv_rng *rng = dev_get_drvdata(dev);
	enum commonhv_rng_state state;

	mutex_lock(&rng->lock);
	state = rng->policy.state;
	mutex_unlock(&rng->lock);
	return sysfs_emit(buf, "%s\n", commonhv_rng_state_name(state));
}

static struct attribute *commonhv_rng_attrs[] = {
	COMMONHV_BUS_ATTR(msr, commonhv_rng_msr_show),
	COMMONHV_BUS_ATTR(quality, commonhv_rng_quality_show),
	COMMONHV_BUS_ATTR(state, commonhv_rng_state_show),
	NULL
};

static const struct attribute_group commonhv_rng_group = {
	.attrs = commonhv_rng_attrs,
};

static ssize_t commonhv_rng_counter_show(struct device *dev,
					 struct device_attribute *attr, char *buf)
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

#define COMMONHV_RNG_COUNTER(name_)					\
	(&((struct dev_ext_attribute) {					\
		.attr.attr = { .name = __stringify(name_), .mode = 0444 }, \
		.attr.show = commonhv_rng_counter_show,			\
		.var = (void *)offsetof(struct commonhv_rng_counters, name_) \
	}).attr.attr)

static struct attribute *commonhv_rng_counter_attrs[] = {
	COMMONHV_RNG_COUNTER(reads),
	COMMONHV_RNG_COUNTER(zeros),
	COMMONHV_RNG_COUNTER(repeats),
	COMMONHV_RNG_COUNTER(faults),
	COMMONHV_RNG_COUNTER(bytes_mixed),
	COMMONHV_RNG_COUNTER(bits_credited),
	NULL
};

/* A counter that is not listed above does not compile. */
static_assert(ARRAY_SIZE(commonhv_rng_counter_attrs) - 1 ==
	      sizeof(struct commonhv_rng_counters) / sizeof(u64));

static const struct attribute_group commonhv_rng_counter_group = {
	.attrs = commonhv_rng_counter_attrs,
};

static const struct attribute_group *commonhv_rng_groups[] = {
	&commonhv_rng_group,
	&commonhv_rng_counter_group,
	NULL
};

static void commonhv_rng_release(struct device *dev)
{
	kfree(dev);
}

/* For commonhv_bus_add(), with a struct commonhv_rng as drvdata. */
const struct device_type commonhv_rng_type = {
	.name = "rng",
	.groups = commonhv_rng_groups,
	.release = commonhv_rng_release,
};
