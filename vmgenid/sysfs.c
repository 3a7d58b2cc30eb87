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
#include "sysfs.h"

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
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);
	const char *method = "forced";

	if (vmgenid_acpi_has_driver(&vmgenid->acpi))
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
	hash = vmgenid_id_hash(&vmgenid->pipeline.id);
	mutex_unlock(&vmgenid->pipeline.lock);
	return sysfs_emit(buf, "%016llx\n", hash);
}

static struct device_attribute vmgenid_sysfs_values[] = {
	__ATTR(generation, 0444, vmgenid_sysfs_generation_show, NULL),
	__ATTR(reseed_method, 0444, vmgenid_sysfs_reseed_method_show, NULL),
	__ATTR(id_hash, 0444, vmgenid_sysfs_id_hash_show, NULL),
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
		__ATTR(last_fork_boottime_ns, 0444, vmgenid_sysfs_counter_show, NULL),
		(void *)offsetof(struct vmgenid_pipeline_counters, last_fork_boottime_ns)
	},
};

static_assert(ARRAY_SIZE(vmgenid_sysfs_counters) ==
	      sizeof(struct vmgenid_pipeline_counters) / sizeof(u64));

static struct attribute *vmgenid_sysfs_attrs[ARRAY_SIZE(vmgenid_sysfs_values) +
					     ARRAY_SIZE(vmgenid_sysfs_counters) + 1];

static const struct attribute_group vmgenid_sysfs_group = {
	.attrs = vmgenid_sysfs_attrs,
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
