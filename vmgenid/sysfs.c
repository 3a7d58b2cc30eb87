// SPDX-License-Identifier: GPL-2.0
/* Documentation/ABI/testing/sysfs-bus-platform-devices-vmgenid-ext */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>

#include "device.h"
#include "sysfs.h"

static const char * const sysfs_modes[] = {
	[VMGENID_MODE_RESEED] = "reseed",
	[VMGENID_MODE_BESIDE] = "beside",
	[VMGENID_MODE_VMFORK] = "vmfork",
};

static ssize_t generation_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n",
			  vmgenid_counter_read(&vmgenid->sysgenid.counter));
}
static DEVICE_ATTR_RO(generation);

static ssize_t forks_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%llu\n", READ_ONCE(vmgenid->pipeline.nr_forks));
}
static DEVICE_ATTR_RO(forks);

static ssize_t reseed_failures_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%llu\n",
			  READ_ONCE(vmgenid->pipeline.nr_reseed_failures));
}
static DEVICE_ATTR_RO(reseed_failures);

static ssize_t last_fork_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%llu\n", READ_ONCE(vmgenid->pipeline.last_fork));
}
static DEVICE_ATTR_RO(last_fork);

static ssize_t mode_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", sysfs_modes[vmgenid_device_mode(vmgenid)]);
}
static DEVICE_ATTR_RO(mode);

static ssize_t id_hash_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);
	u64 hash;

	mutex_lock(&vmgenid->pipeline.lock);
	hash = vmgenid_id_hash(&vmgenid->pipeline.id);
	mutex_unlock(&vmgenid->pipeline.lock);
	return sysfs_emit(buf, "%016llx\n", hash);
}
static DEVICE_ATTR_RO(id_hash);

static struct attribute *vmgenid_attrs[] = {
	&dev_attr_generation.attr,
	&dev_attr_forks.attr,
	&dev_attr_reseed_failures.attr,
	&dev_attr_last_fork.attr,
	&dev_attr_mode.attr,
	&dev_attr_id_hash.attr,
	NULL
};

static const struct attribute_group vmgenid_group = { .attrs = vmgenid_attrs };

const struct attribute_group *vmgenid_groups[] = { &vmgenid_group, NULL };

/**
 * vmgenid_sysfs_publish() - tell those who poll, and udev
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
	sysfs_notify(&dev->kobj, NULL, dev_attr_generation.attr.name);
	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, env);
}
