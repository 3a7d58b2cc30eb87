// SPDX-License-Identifier: GPL-2.0
/*
 * Wiring: the device, what a fork does to it, the events that may mean one.
 */
#include <linux/mod_devicetable.h>
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
 * another machine's random number generator. The firmware's VM generation ID
 * changes then. This module, beside the kernel's own driver or without it, makes
 * sure that user space learns of the fork last:
 *
 *	notice -> mix the ID and reseed -> drop what was prefetched -> fresh
 *	entropy from the host -> reseed -> publish (/dev/sysgenid, sysfs, a uevent)
 *
 * The ID is read when the firmware notifies a change, and at resume from suspend
 * or hibernation, where nobody notifies anything.
 */

#define to_vmgenid(ptr, member) container_of(ptr, struct vmgenid_device, member)

/**
 * vmgenid_device_mode() - who reseeds the kernel's RNG at the next fork?
 * @vmgenid: the device
 *
 * Context: process context, sleeps.
 * Return: who.
 */
enum vmgenid_mode vmgenid_device_mode(const struct vmgenid_device *vmgenid)
{
	if (vmgenid_acpi_has_driver(&vmgenid->acpi))
		return VMGENID_MODE_BESIDE;
	return chv_compat_get_vmfork_fn() ? VMGENID_MODE_VMFORK :
					    VMGENID_MODE_RESEED;
}

static int vmgenid_listen(struct vmgenid_pipeline *pipeline)
{
	return vmgenid_acpi_listen(&to_vmgenid(pipeline, pipeline)->acpi);
}

static void vmgenid_read_id(struct vmgenid_pipeline *pipeline,
			    struct vmgenid_id *id)
{
	vmgenid_acpi_read(&to_vmgenid(pipeline, pipeline)->acpi, id);
}

/*
 * Not beside the kernel's driver, which calls this function itself, in its own
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

static void vmgenid_notify(struct vmgenid_pipeline *pipeline,
			   enum vmgenid_fork_phase phase)
{
	vmgenid_fork_notify(phase);
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
	.vmfork = vmgenid_vmfork,
	.notify = vmgenid_notify,
	.publish = vmgenid_publish,
};

static void vmgenid_check(struct vmgenid_device *vmgenid)
{
	u64 failures = READ_ONCE(vmgenid->pipeline.nr_reseed_failures);

	if (!vmgenid_pipeline_check(&vmgenid->pipeline))
		return;
	/* Consoles are slow: not before all is done. */
	dev_notice_ratelimited(vmgenid->dev, "the machine was forked\n");
	if (READ_ONCE(vmgenid->pipeline.nr_reseed_failures) != failures)
		dev_err_ratelimited(vmgenid->dev,
				    "the kernel's RNG could not be reseeded after a fork\n");
}

static void vmgenid_notified(struct vmgenid_acpi *acpi)
{
	vmgenid_check(to_vmgenid(acpi, acpi));
}

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

/* All devices work again, so subscribers' do, and user space is still frozen. */
static void vmgenid_resumed(struct device *dev)
{
	struct vmgenid_device *vmgenid = dev_get_drvdata(dev);

	/*
	 * In ACPI NVS the ID has been overwritten, before any module runs, with
	 * the one that is in the image. The image may have been started before,
	 * or elsewhere as well, and nothing would show it.
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
	vmgenid_acpi_unlisten(&vmgenid->acpi);
	vmgenid_pipeline_destroy(&vmgenid->pipeline);
	vmgenid_sysgenid_destroy(&vmgenid->sysgenid);
	chv_krng_native_destroy(&vmgenid->krng);
	vmgenid_acpi_close(&vmgenid->acpi);
}

static int vmgenid_start(struct vmgenid_device *vmgenid)
{
	int err;

	vmgenid->acpi.notified = vmgenid_notified;
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
	return 0;

unlisten:
	vmgenid_acpi_unlisten(&vmgenid->acpi);
destroy_pipeline:
	vmgenid_pipeline_destroy(&vmgenid->pipeline);
	vmgenid_sysgenid_destroy(&vmgenid->sysgenid);
destroy_krng:
	chv_krng_native_destroy(&vmgenid->krng);
close_acpi:
	vmgenid_acpi_close(&vmgenid->acpi);
	return err;
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
	err = vmgenid_start(vmgenid);
	if (err)
		return err;
	return devm_add_action_or_reset(vmgenid->dev, vmgenid_stop, vmgenid);
}

static struct platform_driver vmgenid_driver = {
	.driver = {
		.name = "vmgenid-ext",
		.dev_groups = vmgenid_groups,
		.pm = pm_sleep_ptr(&vmgenid_pm),
	},
};

static struct platform_device *vmgenid_pdev;

static int __init vmgenid_init(void)
{
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

static const struct acpi_device_id vmgenid_ids[] = {
	{ "VM_GEN_COUNTER" },
	{ "VMGENCTR" },
	{ }
};
MODULE_DEVICE_TABLE(acpi, vmgenid_ids);

MODULE_DESCRIPTION("VM generation ID: fork pipeline and /dev/sysgenid");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
