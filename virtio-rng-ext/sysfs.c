// SPDX-License-Identifier: GPL-2.0
/* Documentation/ABI/testing/sysfs-bus-virtio-rng-ext */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "device.h"
#include "sysfs.h"

static struct vrng_device *vrng_sysfs_device(struct device *dev)
{
	return dev_to_virtio(dev)->priv;
}

static ssize_t counter_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
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

static struct dev_ext_attribute counters[] = {
	{ __ATTR(bytes, 0444, counter_show, NULL),
	  (void *)offsetof(struct vrng_pool_counters, bytes) },
	{ __ATTR(requests, 0444, counter_show, NULL),
	  (void *)offsetof(struct vrng_pool_counters, requests) },
	{ __ATTR(zero_length, 0444, counter_show, NULL),
	  (void *)offsetof(struct vrng_pool_counters, zero_length) },
	{ __ATTR(oversized, 0444, counter_show, NULL),
	  (void *)offsetof(struct vrng_pool_counters, oversized) },
	{ __ATTR(waits, 0444, counter_show, NULL),
	  (void *)offsetof(struct vrng_pool_counters, waits) },
	{ __ATTR(dropped_on_fork, 0444, counter_show, NULL),
	  (void *)offsetof(struct vrng_pool_counters, dropped_on_fork) },
};

static ssize_t buffered_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%u\n",
			  vrng_pool_buffered(&vrng_sysfs_device(dev)->pool));
}
static DEVICE_ATTR_RO(buffered);

static ssize_t rate_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct vrng_pool *pool = &vrng_sysfs_device(dev)->pool;
	u64 rate;

	spin_lock_irq(&pool->lock);
	rate = vrng_rate_get(&pool->rate);
	spin_unlock_irq(&pool->lock);
	return sysfs_emit(buf, "%llu\n", rate);
}
static DEVICE_ATTR_RO(rate);

static ssize_t health_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct vrng_device *rng = vrng_sysfs_device(dev);

	return sysfs_emit(buf, "%s\n", READ_ONCE(rng->pool.monitor.health.failed) ?
				       "unhealthy" : "ok");
}
static DEVICE_ATTR_RO(health);

static struct attribute *vrng_sysfs_attrs[] = {
	&counters[0].attr.attr,
	&counters[1].attr.attr,
	&counters[2].attr.attr,
	&counters[3].attr.attr,
	&counters[4].attr.attr,
	&counters[5].attr.attr,
	&dev_attr_buffered.attr,
	&dev_attr_rate.attr,
	&dev_attr_health.attr,
	NULL
};

static const struct attribute_group vrng_sysfs_group = {
	.attrs = vrng_sysfs_attrs,
};

/* The driver core adds and removes them with the driver. */
const struct attribute_group *vrng_sysfs_groups[] = {
	&vrng_sysfs_group,
	NULL
};
