// SPDX-License-Identifier: GPL-2.0
/*
 * Wiring: parameters, the worker, the events that call for a round.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cc_platform.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include "../common/krng.h"
#include "bus.h"
#include "hwrng.h"
#include "round.h"
#include "rng_sysfs.h"
#include "worker.h"

/**
 * DOC: commonhv
 *
 * CommonHV is a vendor-neutral interface between x86 hypervisors and their
 * guests: CPUID leaves from 4F000000H that list the paravirtual interfaces
 * there are, and an MSR to seed the guest's RNG from. Without it the classic
 * CPUID range is scanned.
 *
 * One thread owns all that changes: it looks at the hypervisor, shows on the
 * bus "commonhv" what is new, reads the RNG MSR, mixes and credits. It does so
 * at load, at resume, after a fork of the VM, and when a read of /dev/hwrng finds
 * another host. At an interval it looks whether anything has changed.
 */

#define COMMONHV_INTERVAL_MAX	86400

static unsigned int draft;
module_param(draft, uint, 0444);
MODULE_PARM_DESC(draft, "Draft of the specification to assume: 1, 2, or 0 to find out (default 0)");

static unsigned int quality;
module_param(quality, uint, 0444);
MODULE_PARM_DESC(quality, "Bits of entropy to credit per 1024 bits of the RNG, 0 to 1024; never in a confidential guest (default 0)");

static unsigned int interval = 60;
module_param(interval, uint, 0444);
MODULE_PARM_DESC(interval, "Seconds between two looks at the CommonHV leaves, 0 for never, at most 86400 (default 60)");

static bool offer;
module_param(offer, bool, 0444);
MODULE_PARM_DESC(offer, "Offer a random number to the hypervisor's RNG at load, resume and fork, where it takes input (default 0)");

static struct {
	struct commonhv_round round;
	struct commonhv_hwrng hwrng;
	struct commonhv_worker worker;
	struct chv_krng_native krng;
	struct device *discovery_dev;
	struct device *rng_dev;
} commonhv;

static int commonhv_check_range(const char *name, unsigned int value,
				unsigned int max)
{
	if (value <= max)
		return 0;
	pr_err("parameter %s=%u is out of range, 0 to %u are allowed\n", name,
	       value, max);
	return -EINVAL;
}

static int commonhv_check_parameters(void)
{
	return commonhv_check_range("draft", draft, COMMONHV_DRAFT_2) ?:
	       commonhv_check_range("quality", quality, COMMONHV_RNG_QUALITY_MAX) ?:
	       commonhv_check_range("interval", interval, COMMONHV_INTERVAL_MAX);
}

static void commonhv_worker_round(struct commonhv_worker *worker, bool urgent)
{
	struct commonhv_round *round = &commonhv.round;

	commonhv_round_run(round, urgent);
	commonhv_discovery_show(&round->discovery);
	commonhv_hwrng_sync(&commonhv.hwrng, &round->rng,
			    commonhv_rng_is_present(&round->rng));
}

static void commonhv_worker_idle(struct commonhv_worker *worker)
{
	commonhv_rng_credit(&commonhv.round.rng);
}

static void commonhv_kick(struct commonhv_round *round)
{
	commonhv_worker_kick(&commonhv.worker);
}

static int commonhv_pm(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		commonhv_round_resume(&commonhv.round);
	}
	return NOTIFY_OK;
}

static struct notifier_block commonhv_pm_nb = { .notifier_call = commonhv_pm };

static struct device *commonhv_add_device(const struct device_type *type,
					  void *drvdata)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int err;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev_set_drvdata(dev, drvdata);
	err = commonhv_bus_add(dev, type, type->name);
	return err ? ERR_PTR(err) : dev;
}

static int commonhv_add_devices(void)
{
	commonhv.discovery_dev = commonhv_add_device(&commonhv_discovery_type,
						     &commonhv.round.discovery);
	if (IS_ERR(commonhv.discovery_dev))
		return PTR_ERR(commonhv.discovery_dev);
	commonhv.rng_dev = commonhv_add_device(&commonhv_rng_type, &commonhv.round.rng);
	if (IS_ERR(commonhv.rng_dev)) {
		device_unregister(commonhv.discovery_dev);
		return PTR_ERR(commonhv.rng_dev);
	}
	return 0;
}

static void commonhv_remove_devices(void)
{
	device_unregister(commonhv.rng_dev);
	device_unregister(commonhv.discovery_dev);
}

static int commonhv_add_notifiers(void)
{
	int err = chv_vmfork_subscribe(&commonhv.round.fork);

	if (err)
		return err;
	err = register_pm_notifier(&commonhv_pm_nb);
	if (err)
		chv_vmfork_unsubscribe(&commonhv.round.fork);
	return err;
}

static void commonhv_remove_notifiers(void)
{
	unregister_pm_notifier(&commonhv_pm_nb);
	chv_vmfork_unsubscribe(&commonhv.round.fork);
}

static unsigned int commonhv_quality(void)
{
	bool confidential = cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT);

	if (confidential && quality)
		pr_notice("quality=%u is ignored in a confidential guest\n", quality);
	return commonhv_rng_policy_quality(quality, confidential);
}

static void commonhv_prepare(void)
{
	int err = chv_krng_native_init(&commonhv.krng);

	if (err)
		pr_warn("no forced reseeds (%pe): what is mixed takes effect within a minute\n",
			ERR_PTR(err));
	commonhv.round.discovery.access = &commonhv_access_native;
	commonhv.round.rng.access = &commonhv_access_native;
	commonhv.round.rng.krng = &commonhv.krng.krng;
	commonhv.round.rng.draft = draft;
	commonhv.round.rng.offer = offer;
	commonhv.round.kick = commonhv_kick;
	commonhv_round_init(&commonhv.round, commonhv_quality());

	commonhv.worker.round = commonhv_worker_round;
	commonhv.worker.idle = commonhv_worker_idle;
	commonhv.worker.interval = interval;
}

static void commonhv_stop(void)
{
	commonhv_worker_stop(&commonhv.worker);
	/* Until this returns, a reader may find the RNG elsewhere and kick. */
	commonhv_hwrng_sync(&commonhv.hwrng, &commonhv.round.rng, false);
	commonhv_worker_destroy(&commonhv.worker);
}

static int commonhv_start(void)
{
	int err = commonhv_worker_start(&commonhv.worker, "commonhv");

	if (err)
		return err;
	if (commonhv_info_is_empty(&commonhv.round.discovery.info)) {
		pr_err("no CommonHV, and no hypervisor interface at CPUID 40000000H to 4000FF00H\n");
		/* There may have been another round since, which found more. */
		commonhv_stop();
		return -ENODEV;
	}
	return 0;
}

static void commonhv_release(void)
{
	commonhv_discovery_hide(&commonhv.round.discovery);
	commonhv_round_destroy(&commonhv.round);
	chv_krng_native_destroy(&commonhv.krng);
}

static int __init commonhv_init(void)
{
	int err = commonhv_check_parameters();

	if (err)
		return err;
	err = commonhv_bus_init();
	if (err)
		return err;
	commonhv_prepare();
	err = commonhv_start();
	if (err)
		goto release;
	err = commonhv_add_devices();
	if (err)
		goto stop;
	err = commonhv_add_notifiers();
	if (err)
		goto remove_devices;
	return 0;

remove_devices:
	commonhv_remove_devices();
stop:
	commonhv_stop();
release:
	commonhv_release();
	commonhv_bus_exit();
	return err;
}
module_init(commonhv_init);

static void __exit commonhv_exit(void)
{
	commonhv_remove_notifiers();
	commonhv_remove_devices();
	commonhv_stop();
	commonhv_release();
	commonhv_bus_exit();
}
module_exit(commonhv_exit);

MODULE_DESCRIPTION("CommonHV guest: hypervisor interface discovery and RNG seeding");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: vmgenid-ext");
