// SPDX-License-Identifier: GPL-2.0
/* Wiring: the device, what a VM fork does to it, the events that may mean one. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

#include "../common/compat.h"
#include "device.h"
#include "notifier.h"
#include "sysfs.h"

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
 * The ID is read when the firmware notifies a change, when a subscriber has seen a
 * fork, and at resume from suspend or hibernation, where no notification comes. Each
 * time the subscribers that are a source of forks are asked, too.
 */

#define to_vmgenid(ptr, member) container_of(ptr, struct vmgenid_device, member)

static struct platform_device *vmgenid_pdev;

/* Called at each notification, at resume, where none comes, and for a subscriber. */
static void vmgenid_check(struct vmgenid_device *vmgenid)
{
	const u64 *failures = &vmgenid->pipeline.counters.reseed_failures;
	u64 before = READ_ONCE(*failures);

	if (!vmgenid_pipeline_check(&vmgenid->pipeline))
		return;
	/* Consoles are slow: not before all is done. */
	dev_notice_ratelimited(vmgenid->dev, "the machine was forked\n");
	if (READ_ONCE(*failures) != before)
		dev_err_ratelimited(vmgenid->dev,
				    "the kernel RNG could not be reseeded after a fork\n");
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
	vmgenid_check(platform_get_drvdata(vmgenid_pdev));
}
EXPORT_SYMBOL_GPL(vmgenid_fork_check);

static void vmgenid_notified(acpi_handle handle, u32 event, void *vmgenid)
{
	vmgenid_check(vmgenid);
}

static int vmgenid_listen(struct vmgenid_pipeline *pipeline)
{
	struct vmgenid_device *vmgenid = to_vmgenid(pipeline, pipeline);

	return vmgenid_acpi_listen(&vmgenid->acpi, vmgenid_notified, vmgenid);
}

static void vmgenid_read_id(struct vmgenid_pipeline *pipeline,
			    struct vmgenid_id *id)
{
	const u64 *words = to_vmgenid(pipeline, pipeline)->acpi.words;

	id->words[0] = READ_ONCE(words[0]);
	id->words[1] = READ_ONCE(words[1]);
}

/*
 * Not beside the in-tree driver, which calls this function itself, in its own
 * time, and not at all if it does not see the change that was seen here.
 */
static bool vmgenid_vmfork(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_id *id)
{
	chv_compat_vmfork_fn vmfork = chv_compat_get_vmfork_fn();

	/* NULL on most kernels: the rest costs nothing there. */
	if (!vmfork || vmgenid_acpi_has_driver(&to_vmgenid(pipeline, pipeline)->acpi))
		return false;
	vmfork(id, sizeof(*id));
	return true;
}

static void vmgenid_publish(struct vmgenid_pipeline *pipeline, u32 generation)
{
	struct vmgenid_device *vmgenid = to_vmgenid(pipeline, pipeline);

	vmgenid_sysgenid_publish(&vmgenid->sysgenid, generation);
	vmgenid_sysfs_publish(vmgenid->dev, generation);
}

static const struct vmgenid_pipeline_ops vmgenid_pipeline_ops = {
	.listen = vmgenid_listen,
	.read_id = vmgenid_read_id,
	.look = vmgenid_notifier_look,
	.vmfork = vmgenid_vmfork,
	.notify = vmgenid_notifier_call,
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
	return 0;
}

/* All devices work again, those of the subscribers too; user space is still frozen. */
static void vmgenid_resumed(struct device *dev)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	/*
	 * In ACPI NVS the kernel has overwritten the ID, before any module ran,
	 * with the one in the image. The image may have been resumed before, or
	 * in another VM too, and the ID would not show it.
	 */
	if (vmgenid->restored && vmgenid->acpi.in_nvs)
		vmgenid_pipeline_trigger(&vmgenid->pipeline, 0);
	else
		vmgenid_check(vmgenid);
	vmgenid->restored = false;
}

static const struct dev_pm_ops vmgenid_pm = {
	.restore = vmgenid_restored,
	.complete = vmgenid_resumed,
};

static void vmgenid_stop(void *data)
{
	struct vmgenid_device *vmgenid = data;

	vmgenid_sysgenid_unregister(&vmgenid->sysgenid);
	vmgenid_acpi_unlisten(&vmgenid->acpi, vmgenid_notified);
	vmgenid_pipeline_destroy(&vmgenid->pipeline);
	vmgenid_sysgenid_destroy(&vmgenid->sysgenid);
	chv_krng_native_destroy(&vmgenid->krng);
	vmgenid_acpi_close(&vmgenid->acpi);
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

	err = vmgenid_acpi_open(&vmgenid->acpi);
	if (err)
		return err;
	/* Without forced reseeds the node's promise could not be kept. */
	err = chv_krng_native_init(&vmgenid->krng);
	if (err) {
		dev_err_probe(vmgenid->dev, err, "no way to reseed\n");
		goto close_acpi;
	}
	vmgenid->sysgenid.trigger = vmgenid_trigger;
	err = vmgenid_sysgenid_init(&vmgenid->sysgenid);
	if (err)
		goto destroy_krng;
	vmgenid_pipeline_init(&vmgenid->pipeline, &vmgenid_pipeline_ops,
			      &vmgenid->krng.krng);
	err = vmgenid_pipeline_listen(&vmgenid->pipeline);
	if (err < 0)
		goto destroy_pipeline;
	if (err)
		dev_notice_ratelimited(vmgenid->dev, "the machine was forked\n");
	/* Last of all: programs rely on the node as soon as it is there. */
	err = vmgenid_sysgenid_register(&vmgenid->sysgenid, vmgenid->dev);
	if (err)
		goto unlisten;
	return devm_add_action_or_reset(vmgenid->dev, vmgenid_stop, vmgenid);

unlisten:
	vmgenid_acpi_unlisten(&vmgenid->acpi, vmgenid_notified);
destroy_pipeline:
	vmgenid_pipeline_destroy(&vmgenid->pipeline);
	vmgenid_sysgenid_destroy(&vmgenid->sysgenid);
destroy_krng:
	chv_krng_native_destroy(&vmgenid->krng);
close_acpi:
	vmgenid_acpi_close(&vmgenid->acpi);
	return err;
}

static struct platform_driver vmgenid_driver = {
	.driver = {
		.name = "vmgenid-ext",
		.dev_groups = vmgenid_sysfs_groups,
		.pm = pm_sleep_ptr(&vmgenid_pm),
	},
};

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
