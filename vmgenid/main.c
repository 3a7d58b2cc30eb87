// SPDX-License-Identifier: GPL-2.0
/* Wiring: the device, what a VM fork does to it, the events that may mean one. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

#include "../common/compat.h"
#include "device.h"
#include "id.h"
#include "notifier.h"
#include "sysfs.h"
#include "vmclock.h"

/**
 * DOC: vmgenid-ext
 *
 * A virtual machine that is restored from a snapshot, or cloned, has a copy of
 * another machine's kernel RNG. The hypervisor then changes the VM generation ID.
 * This module, beside the in-tree driver or without it, publishes the fork to user
 * space only after the kernel RNG has been reseeded:
 *
 *	notice -> mix the ID and reseed -> drop what was prefetched -> fresh
 *	entropy from the host -> reseed -> publish (/dev/sysgenid, sysfs, a uevent)
 *
 * There may be several sources of forks. All of them are looked at when one notifies
 * a change, when a subscriber has seen a fork, and at resume from suspend or
 * hibernation, where no notification comes.
 */

#define to_vmgenid(ptr, member) container_of(ptr, struct vmgenid_device, member)

/* The one that there is, from probe on. */
static struct vmgenid_device *vmgenid_device;

/* Called at each notification, at resume, where none comes, and for a subscriber. */
static void vmgenid_check(struct vmgenid_device *vmgenid)
{
	const u64 *failures = &vmgenid->pipeline.counters.reseed_failures;
	const u64 *dry = &vmgenid->pipeline.counters.forks_without_entropy;
	u64 before = READ_ONCE(*failures), dry_before = READ_ONCE(*dry);
	bool forked = vmgenid_pipeline_check(&vmgenid->pipeline);

	/* Consoles are slow: not before all is done. */
	vmgenid_vmclock_tell(&vmgenid_vmclock);
	if (!forked)
		return;
	dev_notice_ratelimited(vmgenid->dev, "the machine was forked\n");
	if (READ_ONCE(*failures) != before)
		dev_err_ratelimited(vmgenid->dev,
				    "the kernel RNG could not be reseeded after a fork\n");
	if (READ_ONCE(*dry) != dry_before)
		dev_warn_once(vmgenid->dev,
			      "no fresh entropy came with a fork: load commonhv or virtio-rng-ext\n");
}

/**
 * vmgenid_fork_check() - look for a fork, at all sources
 *
 * For a subscriber that is a source, and has seen a change.
 *
 * Context: process context, sleeps; not from a notifier.
 */
void vmgenid_fork_check(void)
{
	vmgenid_check(vmgenid_device);
}
EXPORT_SYMBOL_GPL(vmgenid_fork_check);

/*
 * Not beside the in-tree driver, which calls this function itself, in its own
 * time, and not at all if it does not see the change that was seen here.
 */
static bool vmgenid_vmfork(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_mark *mark)
{
	chv_compat_vmfork_fn vmfork = chv_compat_get_vmfork_fn();

	/* NULL on most kernels: the rest costs nothing there. */
	if (!vmfork || vmgenid_id_has_driver())
		return false;
	vmfork(mark, sizeof(*mark));
	return true;
}

static void vmgenid_publish(struct vmgenid_pipeline *pipeline, u32 generation)
{
	struct vmgenid_device *vmgenid = to_vmgenid(pipeline, pipeline);

	vmgenid_sysgenid_publish(&vmgenid->sysgenid, generation);
	vmgenid_sysfs_publish(vmgenid->dev, generation);
}

/* The kernel takes entropy from these at each reseed. */
static bool vmgenid_has_entropy(struct vmgenid_pipeline *pipeline)
{
	return boot_cpu_has(X86_FEATURE_RDRAND) || boot_cpu_has(X86_FEATURE_RDSEED);
}

static const struct vmgenid_pipeline_ops vmgenid_pipeline_ops = {
	.vmfork = vmgenid_vmfork,
	.notify = vmgenid_notifier_call,
	.has_entropy = vmgenid_has_entropy,
	.publish = vmgenid_publish,
};

static void vmgenid_trigger(struct vmgenid_sysgenid *sysgenid, u32 min)
{
	vmgenid_pipeline_trigger(&to_vmgenid(sysgenid, sysgenid)->pipeline, min);
}

static int vmgenid_restored(struct device *dev)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	vmgenid->restored = true;
	/* Here, as a notification may come before all devices have resumed. */
	vmgenid_pipeline_restored(&vmgenid->pipeline);
	return 0;
}

/* All devices work again, those of the subscribers too; user space is still frozen. */
static void vmgenid_resumed(struct device *dev)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	/*
	 * The image may have been resumed before, or in another VM too. The ID shows
	 * that, unless it is in ACPI NVS: the kernel has overwritten it, before any
	 * module ran, with the one in the image. Nothing else shows it: these machines
	 * were not loaded from a saved state.
	 */
	if (vmgenid->restored && !vmgenid_id_survives_restore())
		vmgenid_pipeline_trigger(&vmgenid->pipeline, 0);
	else
		vmgenid_check(vmgenid);
	vmgenid->restored = false;
}

static const struct dev_pm_ops vmgenid_pm = {
	.restore = vmgenid_restored,
	.complete = vmgenid_resumed,
};

/* A new source has a file of its own, and a line here. */
static struct vmgenid_source * const vmgenid_all_sources[] = {
	&vmgenid_id_source,
	&vmgenid_vmclock.source,
	&vmgenid_notifier_source,
};

static const struct vmgenid_sources vmgenid_sources = {
	.all = vmgenid_all_sources,
	.nr = ARRAY_SIZE(vmgenid_all_sources),
};

static void vmgenid_source_changed(struct vmgenid_source *source)
{
	vmgenid_check(vmgenid_device);
}

static void vmgenid_close_source(struct vmgenid_source *source)
{
	if (source->is_open && source->ops->close)
		source->ops->close(source);
	source->is_open = false;
}

static void vmgenid_close_sources(void)
{
	unsigned int i;

	for (i = 0; i < vmgenid_sources.nr; i++)
		vmgenid_close_source(vmgenid_sources.all[i]);
}

/* Returns an error only if there is none; a source that is not believed has said why. */
static int vmgenid_open_sources(void)
{
	struct vmgenid_source *source;
	int err, result = -ENODEV;
	bool found = false;
	unsigned int i;

	for (i = 0; i < vmgenid_sources.nr; i++) {
		source = vmgenid_sources.all[i];
		source->changed = vmgenid_source_changed;
		err = source->ops->open ? source->ops->open(source) : 0;
		source->is_open = !err;
		found |= source->is_open && source->ops->open;
		if (err && err != -ENODEV)
			result = err;
	}
	if (found)
		return 0;
	if (result == -ENODEV)
		pr_info("this machine has neither a VM generation ID nor a VMClock\n");
	vmgenid_close_sources();
	return result;
}

static void vmgenid_unlisten_sources(void)
{
	struct vmgenid_source *source;
	unsigned int i;

	for (i = 0; i < vmgenid_sources.nr; i++) {
		source = vmgenid_sources.all[i];
		if (!source->is_listening)
			continue;
		source->ops->unlisten(source);
		source->is_listening = false;
	}
}

/* VMClock notifies other changes, too, and shows forks only while it has its counter. */
static bool vmgenid_source_shows_forks(const struct vmgenid_source *source)
{
	return !source->ops->is_exact || source->ops->is_exact(source);
}

/*
 * One source that notifies and shows forks is enough: the others are looked at when it
 * does, and at resume. Without any, nobody would look, or see anything.
 */
static int vmgenid_listen_sources(void)
{
	struct vmgenid_source *source;
	int err, result = -ENODEV;
	unsigned int i;

	for (i = 0; i < vmgenid_sources.nr; i++) {
		source = vmgenid_sources.all[i];
		if (!source->is_open || !source->ops->listen)
			continue;
		err = source->ops->listen(source);
		source->is_listening = !err;
		if (!err && vmgenid_source_shows_forks(source))
			result = 0;
	}
	if (result)
		pr_info("no source of VM forks of this machine notifies changes\n");
	return result;
}

static void vmgenid_stop(void *data)
{
	struct vmgenid_device *vmgenid = data;

	vmgenid_vmclock_node_unregister(&vmgenid_vmclock);
	vmgenid_sysgenid_unregister(&vmgenid->sysgenid);
	vmgenid_unlisten_sources();
	vmgenid_pipeline_destroy(&vmgenid->pipeline);
	vmgenid_close_sources();
	chv_krng_native_destroy(&vmgenid->krng);
}

static int vmgenid_probe(struct platform_device *pdev)
{
	struct vmgenid_device *vmgenid;
	int err;

	vmgenid = devm_kzalloc(&pdev->dev, sizeof(*vmgenid), GFP_KERNEL);
	if (!vmgenid)
		return -ENOMEM;
	vmgenid->dev = &pdev->dev;
	platform_set_drvdata(pdev, vmgenid);
	vmgenid_device = vmgenid;

	/* Without forced reseeds the node's promise could not be kept. */
	err = chv_krng_native_init(&vmgenid->krng);
	if (err)
		return dev_err_probe(vmgenid->dev, err, "no way to reseed\n");
	vmgenid->sysgenid.trigger = vmgenid_trigger;
	err = vmgenid_sysgenid_init(&vmgenid->sysgenid, vmgenid->dev);
	if (err)
		goto destroy_krng;
	err = vmgenid_open_sources();
	if (err)
		goto destroy_krng;
	vmgenid_pipeline_init(&vmgenid->pipeline, &vmgenid_pipeline_ops,
			      &vmgenid_sources, &vmgenid->krng.krng);
	vmgenid_vmclock_tell(&vmgenid_vmclock);
	err = vmgenid_listen_sources();
	if (err)
		goto unlisten;
	/* No notification came for a fork since the sources were read. */
	vmgenid_check(vmgenid);
	/* Last of all: programs rely on the node as soon as it is there. */
	err = vmgenid_sysgenid_register(&vmgenid->sysgenid, vmgenid->dev);
	if (err)
		goto unlisten;
	vmgenid_vmclock_node_register(&vmgenid_vmclock, vmgenid->dev);
	return devm_add_action_or_reset(vmgenid->dev, vmgenid_stop, vmgenid);

unlisten:
	vmgenid_unlisten_sources();
	vmgenid_pipeline_destroy(&vmgenid->pipeline);
	vmgenid_close_sources();
destroy_krng:
	chv_krng_native_destroy(&vmgenid->krng);
	return err;
}

static struct platform_driver vmgenid_driver = {
	.driver = {
		.name = "vmgenid-ext",
		.dev_groups = vmgenid_sysfs_groups,
		.pm = pm_sleep_ptr(&vmgenid_pm),
	},
};

static struct platform_device *vmgenid_pdev;

static int __init vmgenid_init(void)
{
	vmgenid_sysfs_init();
	vmgenid_pdev = platform_create_bundle(&vmgenid_driver, vmgenid_probe,
					      NULL, 0, NULL, 0);
	return PTR_ERR_OR_ZERO(vmgenid_pdev);
}
module_init(vmgenid_init);

static void __exit vmgenid_exit(void)
{
	platform_device_unregister(vmgenid_pdev);
	platform_driver_unregister(&vmgenid_driver);
}
module_exit(vmgenid_exit);

MODULE_DESCRIPTION("VM generation ID: fork pipeline and /dev/sysgenid");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(CHV_VERSION);
