// SPDX-License-Identifier: GPL-2.0
/*
 * Wiring: the device, what a fork does to it, the events that may mean one.
 */
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/random.h>
#include <linux/workqueue.h>

#include "../common/compat.h"
#include "../common/reseed.h"
#include "device.h"
#include "notifier.h"
#include "sysfs.h"

/**
 * DOC: vmgenid-ext
 *
 * When a virtual machine is restored from a snapshot, or cloned, it has a copy
 * of another machine's random number generator. The firmware's VM generation ID
 * tells so. This module, beside the kernel's own driver or without it, makes
 * sure that what user space is told comes last:
 *
 *	notice -> drop what was prefetched -> fresh entropy from the host ->
 *	reseed -> tell user space (/dev/sysgenid, sysfs, a uevent)
 *
 * The ID is looked at when the firmware says that it changed, and at resume
 * from suspend or hibernation, where nobody says so.
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
	return compat_vmfork_randomness() ? VMGENID_MODE_VMFORK :
					    VMGENID_MODE_RESEED;
}

static void main_read_id(struct vmgenid_pipeline *pipeline, struct vmgenid_id *id)
{
	vmgenid_acpi_read(&to_vmgenid(pipeline, pipeline)->acpi, id);
}

static void main_notify(struct vmgenid_pipeline *pipeline,
			enum vmgenid_fork_event event,
			const struct vmgenid_fork *fork)
{
	vmgenid_fork_notify(event, fork);
}

/*
 * Beside the kernel's driver too: its reseed comes after its own look at the
 * ID, and when it does not see what we see, it does not come at all.
 */
static void main_reseed(struct vmgenid_pipeline *pipeline,
			const struct vmgenid_id *id)
{
	struct vmgenid_device *vmgenid = to_vmgenid(pipeline, pipeline);
	int err;

	if (vmgenid_device_mode(vmgenid) == VMGENID_MODE_VMFORK) {
		compat_vmfork_randomness()(id, sizeof(*id));
		return;
	}
	add_device_randomness(id, sizeof(*id));
	err = reseed_force(vmgenid->reseed);
	/* An RNG that is not ready yet has all that was mixed in its first seed. */
	if (err && err != -ENODATA)
		dev_err_ratelimited(vmgenid->dev, "cannot reseed: %pe\n",
				    ERR_PTR(err));
}

static void main_publish(struct vmgenid_pipeline *pipeline, u32 generation)
{
	struct vmgenid_device *vmgenid = to_vmgenid(pipeline, pipeline);

	vmgenid_sysgenid_publish(&vmgenid->sysgenid, generation);
	vmgenid_sysfs_publish(vmgenid->dev, generation);
}

static const struct vmgenid_pipeline_ops main_pipeline_ops = {
	.read_id = main_read_id,
	.notify = main_notify,
	.reseed = main_reseed,
	.publish = main_publish,
};

static void main_check(struct vmgenid_device *vmgenid)
{
	/* Consoles are slow: not before all is done. */
	if (vmgenid_pipeline_check(&vmgenid->pipeline))
		dev_notice_ratelimited(vmgenid->dev, "the machine was forked\n");
}

static void main_notified(struct vmgenid_acpi *acpi)
{
	main_check(to_vmgenid(acpi, acpi));
}

/* A forced reseed takes CAP_SYS_ADMIN, which a task that resumes or triggers may lack. */
struct main_work {
	struct work_struct work;
	struct vmgenid_device *vmgenid;
	u32 min;
};

static void main_work_run(struct vmgenid_device *vmgenid, work_func_t func, u32 min)
{
	struct main_work work = { .vmgenid = vmgenid, .min = min };

	INIT_WORK_ONSTACK(&work.work, func);
	queue_work(vmgenid->workqueue, &work.work);
	flush_work(&work.work);
	destroy_work_on_stack(&work.work);
}

static void main_trigger_work(struct work_struct *work)
{
	struct main_work *w = container_of(work, struct main_work, work);

	vmgenid_pipeline_trigger(&w->vmgenid->pipeline, w->min);
}

static void main_trigger(struct vmgenid_sysgenid *sysgenid, u32 min)
{
	main_work_run(to_vmgenid(sysgenid, sysgenid), main_trigger_work, min);
}

static void main_check_work(struct work_struct *work)
{
	struct main_work *w = container_of(work, struct main_work, work);

	main_check(w->vmgenid);
}

/* All devices work again, so subscribers' do, and user space is still frozen. */
static void main_resumed(struct device *dev)
{
	main_work_run(dev_get_drvdata(dev), main_check_work, 0);
}

static const struct dev_pm_ops main_pm = {
	.complete = main_resumed,
};

static void main_close_acpi(void *acpi)
{
	vmgenid_acpi_close(acpi);
}

static int main_open_acpi(struct vmgenid_device *vmgenid)
{
	int err;

	vmgenid->acpi.notified = main_notified;
	err = vmgenid_acpi_open(&vmgenid->acpi);
	if (err)
		return err;
	return devm_add_action_or_reset(vmgenid->dev, main_close_acpi,
					&vmgenid->acpi);
}

static void main_close_reseed(void *reseed)
{
	reseed_close(reseed);
}

static int main_open_reseed(struct vmgenid_device *vmgenid)
{
	vmgenid->reseed = reseed_open();
	if (IS_ERR(vmgenid->reseed))
		return dev_err_probe(vmgenid->dev, PTR_ERR(vmgenid->reseed),
				     "no way to reseed\n");
	return devm_add_action_or_reset(vmgenid->dev, main_close_reseed,
					vmgenid->reseed);
}

static void main_destroy_workqueue(void *workqueue)
{
	destroy_workqueue(workqueue);
}

static int main_create_workqueue(struct vmgenid_device *vmgenid)
{
	vmgenid->workqueue = alloc_workqueue("vmgenid-ext", WQ_UNBOUND, 0);
	if (!vmgenid->workqueue)
		return -ENOMEM;
	return devm_add_action_or_reset(vmgenid->dev, main_destroy_workqueue,
					vmgenid->workqueue);
}

static void main_destroy_sysgenid(void *sysgenid)
{
	vmgenid_sysgenid_destroy(sysgenid);
}

static int main_init_sysgenid(struct vmgenid_device *vmgenid)
{
	int err;

	vmgenid->sysgenid.trigger = main_trigger;
	err = vmgenid_sysgenid_init(&vmgenid->sysgenid);
	if (err)
		return err;
	return devm_add_action_or_reset(vmgenid->dev, main_destroy_sysgenid,
					&vmgenid->sysgenid);
}

static void main_destroy_pipeline(void *pipeline)
{
	vmgenid_pipeline_destroy(pipeline);
}

static int main_init_pipeline(struct vmgenid_device *vmgenid)
{
	vmgenid_pipeline_init(&vmgenid->pipeline, &main_pipeline_ops);
	add_device_randomness(&vmgenid->pipeline.id, sizeof(vmgenid->pipeline.id));
	return devm_add_action_or_reset(vmgenid->dev, main_destroy_pipeline,
					&vmgenid->pipeline);
}

static void main_unlisten(void *acpi)
{
	vmgenid_acpi_unlisten(acpi);
}

static int main_listen(struct vmgenid_device *vmgenid)
{
	int err = vmgenid_acpi_listen(&vmgenid->acpi);

	if (err)
		return err;
	/* A fork since the first look was notified to nobody. */
	main_work_run(vmgenid, main_check_work, 0);
	return devm_add_action_or_reset(vmgenid->dev, main_unlisten,
					&vmgenid->acpi);
}

static void main_unregister_sysgenid(void *sysgenid)
{
	vmgenid_sysgenid_unregister(sysgenid);
}

static int main_register_sysgenid(struct vmgenid_device *vmgenid)
{
	int err = vmgenid_sysgenid_register(&vmgenid->sysgenid, vmgenid->dev);

	if (err)
		return err;
	return devm_add_action_or_reset(vmgenid->dev, main_unregister_sysgenid,
					&vmgenid->sysgenid);
}

static int main_probe(struct platform_device *pdev)
{
	struct vmgenid_device *vmgenid;

	vmgenid = devm_kzalloc(&pdev->dev, sizeof(*vmgenid), GFP_KERNEL);
	if (!vmgenid)
		return -ENOMEM;
	vmgenid->dev = &pdev->dev;
	platform_set_drvdata(pdev, vmgenid);
	return main_open_acpi(vmgenid) ?:
	       main_open_reseed(vmgenid) ?:
	       main_create_workqueue(vmgenid) ?:
	       main_init_sysgenid(vmgenid) ?:
	       main_init_pipeline(vmgenid) ?:
	       main_listen(vmgenid) ?:
	       main_register_sysgenid(vmgenid);
}

static struct platform_driver main_driver = {
	.driver = {
		.name = "vmgenid-ext",
		.dev_groups = vmgenid_groups,
		.pm = pm_sleep_ptr(&main_pm),
	},
};

static struct platform_device *main_device;

static int __init main_init(void)
{
	main_device = platform_create_bundle(&main_driver, main_probe, NULL, 0,
					     NULL, 0);
	return PTR_ERR_OR_ZERO(main_device);
}
module_init(main_init);

static void __exit main_exit(void)
{
	platform_device_unregister(main_device);
	platform_driver_unregister(&main_driver);
}
module_exit(main_exit);

static const struct acpi_device_id main_ids[] = {
	{ "VM_GEN_COUNTER" },
	{ "VMGENCTR" },
	{ }
};
MODULE_DEVICE_TABLE(acpi, main_ids);

MODULE_DESCRIPTION("VM generation ID: fork pipeline and /dev/sysgenid");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
