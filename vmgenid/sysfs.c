// SPDX-License-Identifier: GPL-2.0
/* Documentation/ABI/testing/sysfs-bus-platform-devices-vmgenid-ext */
#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/stddef.h>
#include <linux/sysfs.h>

#include "../common/compat.h"
#include "device.h"
#include "id.h"
#include "notifier.h"
#include "sysfs.h"
#include "vmclock.h"

static ssize_t vmgenid_sysfs_generation_show(struct device *dev,
					     struct device_attribute *attr,
					     char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n",
			  vmgenid_counter_read(&vmgenid->sysgenid.counter));
}

static ssize_t vmgenid_sysfs_reseed_method_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	const char *method = "forced";

	if (vmgenid_id_has_driver())
		method = "forced+in-tree";
	else if (chv_compat_get_vmfork_fn())
		method = "vmfork";
	return sysfs_emit(buf, "%s\n", method);
}

static ssize_t vmgenid_sysfs_id_hash_show(struct device *dev,
					  struct device_attribute *attr,
					  char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);
	u64 hash;

	mutex_lock(&vmgenid->pipeline.lock);
	hash = vmgenid_mark_hash(&vmgenid_id_source.mark);
	mutex_unlock(&vmgenid->pipeline.lock);
	return sysfs_emit(buf, "%016llx\n", hash);
}

static ssize_t vmgenid_sysfs_sources_show(struct device *dev,
					  struct device_attribute *attr,
					  char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);
	const struct vmgenid_sources *sources = vmgenid->pipeline.sources;
	unsigned int i;
	int len = 0;

	for (i = 0; i < sources->nr; i++)
		if (sources->all[i]->is_open)
			len += sysfs_emit_at(buf, len, "%s%s", len ? " " : "",
					     sources->all[i]->ops->name);
	return len + sysfs_emit_at(buf, len, "\n");
}

static ssize_t vmgenid_sysfs_vmclock_state_show(struct device *dev,
						struct device_attribute *attr,
						char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  vmgenid_vmclock_state_name(READ_ONCE(vmgenid_vmclock.state)));
}

static struct device_attribute vmgenid_sysfs_values[] = {
	__ATTR(generation, 0444, vmgenid_sysfs_generation_show, NULL),
	__ATTR(reseed_method, 0444, vmgenid_sysfs_reseed_method_show, NULL),
	__ATTR(sources, 0444, vmgenid_sysfs_sources_show, NULL),
};

/* Those of a source are there while that is. */
struct vmgenid_sysfs_source_attribute {
	struct device_attribute attr;
	struct vmgenid_source *source;
};

static ssize_t vmgenid_sysfs_reports_show(struct device *dev,
					  struct device_attribute *attr,
					  char *buf)
{
	const struct vmgenid_source *source =
		container_of(attr, struct vmgenid_sysfs_source_attribute, attr)->source;

	return sysfs_emit(buf, "%llu\n", READ_ONCE(source->reports));
}

static struct vmgenid_sysfs_source_attribute vmgenid_sysfs_of_sources[] = {
	{
		__ATTR(id_hash, 0444, vmgenid_sysfs_id_hash_show, NULL),
		&vmgenid_id_source
	},
	{
		__ATTR(vmgenid_reports, 0444, vmgenid_sysfs_reports_show, NULL),
		&vmgenid_id_source
	},
	{
		__ATTR(vmclock_state, 0444, vmgenid_sysfs_vmclock_state_show, NULL),
		&vmgenid_vmclock.source
	},
	{
		__ATTR(vmclock_reports, 0444, vmgenid_sysfs_reports_show, NULL),
		&vmgenid_vmclock.source
	},
	{
		__ATTR(subscribers_reports, 0444, vmgenid_sysfs_reports_show, NULL),
		&vmgenid_notifier_source
	},
};

static ssize_t vmgenid_sysfs_counter_show(struct device *dev,
					  struct device_attribute *attr,
					  char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);
	const struct dev_ext_attribute *counter =
		container_of(attr, struct dev_ext_attribute, attr);
	const u64 *value = (void *)&vmgenid->pipeline.counters +
			   (unsigned long)counter->var;

	return sysfs_emit(buf, "%llu\n", READ_ONCE(*value));
}

static struct dev_ext_attribute vmgenid_sysfs_counters[] = {
	{
		__ATTR(forks, 0444, vmgenid_sysfs_counter_show, NULL),
		(void *)offsetof(struct vmgenid_pipeline_counters, forks)
	},
	{
		__ATTR(reseed_failures, 0444, vmgenid_sysfs_counter_show, NULL),
		(void *)offsetof(struct vmgenid_pipeline_counters, reseed_failures)
	},
	{
		__ATTR(forks_without_entropy, 0444, vmgenid_sysfs_counter_show, NULL),
		(void *)offsetof(struct vmgenid_pipeline_counters, forks_without_entropy)
	},
	{
		__ATTR(last_fork_boottime_ns, 0444, vmgenid_sysfs_counter_show, NULL),
		(void *)offsetof(struct vmgenid_pipeline_counters, last_fork_boottime_ns)
	},
};

static_assert(ARRAY_SIZE(vmgenid_sysfs_counters) ==
	      sizeof(struct vmgenid_pipeline_counters) / sizeof(u64));

static struct attribute *vmgenid_sysfs_attrs[ARRAY_SIZE(vmgenid_sysfs_values) +
					     ARRAY_SIZE(vmgenid_sysfs_counters) +
					     ARRAY_SIZE(vmgenid_sysfs_of_sources) + 1];

static umode_t vmgenid_sysfs_is_visible(struct kobject *kobj,
					struct attribute *attr, int nr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vmgenid_sysfs_of_sources); i++)
		if (attr == &vmgenid_sysfs_of_sources[i].attr.attr &&
		    !vmgenid_sysfs_of_sources[i].source->is_open)
			return 0;
	return attr->mode;
}

static const struct attribute_group vmgenid_sysfs_group = {
	.attrs = vmgenid_sysfs_attrs,
	.is_visible = vmgenid_sysfs_is_visible,
};

const struct attribute_group *vmgenid_sysfs_groups[] = {
	&vmgenid_sysfs_group,
	NULL
};

/**
 * vmgenid_sysfs_init() - fill vmgenid_sysfs_groups from the tables
 *
 * Context: before the driver is registered.
 */
void __init vmgenid_sysfs_init(void)
{
	struct attribute **next = vmgenid_sysfs_attrs;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vmgenid_sysfs_values); i++)
		*next++ = &vmgenid_sysfs_values[i].attr;
	for (i = 0; i < ARRAY_SIZE(vmgenid_sysfs_counters); i++)
		*next++ = &vmgenid_sysfs_counters[i].attr.attr;
	for (i = 0; i < ARRAY_SIZE(vmgenid_sysfs_of_sources); i++)
		*next++ = &vmgenid_sysfs_of_sources[i].attr.attr;
}

/**
 * vmgenid_sysfs_publish() - report a generation to poll(2) and to udev
 * @dev: the device
 * @generation: the generation that has begun
 *
 * Context: process context, sleeps.
 */
void vmgenid_sysfs_publish(struct device *dev, u32 generation)
{
	char text[sizeof("GENERATION=4294967295")];
	char *env[2] = { text };

	snprintf(text, sizeof(text), "GENERATION=%u", generation);
	sysfs_notify(&dev->kobj, NULL, "generation");
	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, env);
}
