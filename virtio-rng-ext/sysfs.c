// SPDX-License-Identifier: GPL-2.0
/* Documentation/ABI/testing/sysfs-bus-virtio-rng-ext */
#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/sysfs.h>

#include "device.h"
#include "sysfs.h"

static struct vrng_device *vrng_sysfs_device(struct device *dev)
{
	return dev_to_virtio(dev)->priv;
}

static ssize_t vrng_sysfs_counter_show(struct device *dev,
				       struct device_attribute *attr, char *buf)
{
	struct vrng_pool *pool = &vrng_sysfs_device(dev)->pool;
	size_t offset = (size_t)container_of(attr, struct dev_ext_attribute,
					     attr)->var;
	u64 value;

	spin_lock(&pool->read_lock);
	spin_lock_irq(&pool->lock);
	value = *(u64 *)((void *)&pool->counters + offset);
	spin_unlock_irq(&pool->lock);
	spin_unlock(&pool->read_lock);
	return sysfs_emit(buf, "%llu\n", value);
}

static ssize_t vrng_sysfs_buffered_show(struct device *dev,
					struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n",
			  vrng_pool_buffered(&vrng_sysfs_device(dev)->pool));
}

static ssize_t vrng_sysfs_rate_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct vrng_pool *pool = &vrng_sysfs_device(dev)->pool;
	u64 rate;

	spin_lock_irq(&pool->lock);
	rate = vrng_rate_get(&pool->rate);
	spin_unlock_irq(&pool->lock);
	return sysfs_emit(buf, "%llu\n", rate);
}

static ssize_t vrng_sysfs_health_show(struct device *dev,
				      struct device_attribute *attr, char *buf)
{
	struct vrng_device *rng = vrng_sysfs_device(dev);

	return sysfs_emit(buf, "%s\n", READ_ONCE(rng->pool.monitor.health.failed) ?
				       "unhealthy" : "ok");
}

/* A file has the name of its counter. */
#define VRNG_SYSFS_COUNTER(_name) {					\
	.attr.attr = { .name = #_name, .mode = 0444 },			\
	.attr.show = vrng_sysfs_counter_show,				\
	.var = (void *)offsetof(struct vrng_pool_counters, _name),	\
}

static struct dev_ext_attribute vrng_sysfs_counters[] = {
	VRNG_SYSFS_COUNTER(read_bytes),
	VRNG_SYSFS_COUNTER(read_waits),
	VRNG_SYSFS_COUNTER(requests),
	VRNG_SYSFS_COUNTER(zero_length),
	VRNG_SYSFS_COUNTER(oversized),
	VRNG_SYSFS_COUNTER(fork_dropped_bytes),
};

static_assert(ARRAY_SIZE(vrng_sysfs_counters) ==
	      sizeof(struct vrng_pool_counters) / sizeof(u64));

static struct device_attribute vrng_sysfs_others[] = {
	__ATTR(buffered_bytes, 0444, vrng_sysfs_buffered_show, NULL),
	__ATTR(rate_bytes_per_s, 0444, vrng_sysfs_rate_show, NULL),
	__ATTR(health, 0444, vrng_sysfs_health_show, NULL),
};

/* Filled by vrng_sysfs_init(); the last one stays NULL. */
static struct attribute *vrng_sysfs_attrs[ARRAY_SIZE(vrng_sysfs_counters) +
					  ARRAY_SIZE(vrng_sysfs_others) + 1];

static const struct attribute_group vrng_sysfs_group = {
	.attrs = vrng_sysfs_attrs,
};

/* The driver core adds them to a device when it is bound, and removes them. */
const struct attribute_group *vrng_sysfs_groups[] = {
	&vrng_sysfs_group,
	NULL
};

/**
 * vrng_sysfs_init() - fill vrng_sysfs_groups from the tables
 *
 * Context: any; before the driver is registered.
 */
void __init vrng_sysfs_init(void)
{
	struct attribute **attr = vrng_sysfs_attrs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vrng_sysfs_counters); i++)
		*attr++ = &vrng_sysfs_counters[i].attr.attr;
	for (i = 0; i < ARRAY_SIZE(vrng_sysfs_others); i++)
		*attr++ = &vrng_sysfs_others[i].attr;
}
