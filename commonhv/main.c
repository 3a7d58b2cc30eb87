// SPDX-License-Identifier: GPL-2.0
/*
 * Wiring: parameters, the worker, the events that ask for a round.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cc_platform.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include <asm/cpu_device_id.h>

#include "../common/krng.h"
#include "bus.h"
#include "generation_sysfs.h"
#include "hwrng.h"
#include "round.h"
#include "rng_sysfs.h"
#include "watch.h"
#include "worker.h"

/**
 * DOC: commonhv
 *
 * CommonHV is a vendor-neutral interface between x86 hypervisors and their
 * guests: CPUID leaves from 4F000000H on that list the paravirtual interfaces of
 * the machine, and an MSR to seed the guest's kernel RNG from. On a hypervisor
 * without CommonHV the module scans the classic CPUID range.
 *
 * One thread owns all state that changes. It reads the leaves, adds and removes
 * the devices on the bus "commonhv", reads the RNG MSR, mixes and credits. It does
 * so at load, at resume, after a fork of the VM, and when a reader of /dev/hwrng
 * finds another host. At an interval it checks whether the leaves have changed.
 *
 * A host of draft 3 may have a generation, which tells forks of the VM. Work of its
 * own looks at that.
 */

#define COMMONHV_INTERVAL_S_MAX		86400
#define COMMONHV_GENERATION_MS_MAX	3600000

/* For how long other devices may come first in hw_random, and how often that is decided. */
#define COMMONHV_HWRNG_LAST_MS	10000
#define COMMONHV_HWRNG_POLL_MS	20

static unsigned int commonhv_param_draft;
module_param_named(draft, commonhv_param_draft, uint, 0444);
MODULE_PARM_DESC(draft, "Draft of the specification to assume: 1, 2, 3, or 0 to find out (default 0)");

static unsigned int commonhv_param_quality;
module_param_named(quality, commonhv_param_quality, uint, 0444);
MODULE_PARM_DESC(quality, "Bits of entropy to credit per 1024 bits of the RNG MSR, 0 to 1024; always 0 in a confidential guest (default 0: mix and credit nothing)");

static unsigned int commonhv_param_interval_s = 60;
module_param_named(interval_s, commonhv_param_interval_s, uint, 0444);
MODULE_PARM_DESC(interval_s, "Seconds between two checks of the CommonHV leaves, at most 86400; 0 for none (default 60)");

static unsigned int commonhv_param_generation_ms = 100;
module_param_named(generation_ms, commonhv_param_generation_ms, uint, 0444);
MODULE_PARM_DESC(generation_ms, "Milliseconds between two looks at the generation, at most 3600000; 0 for looks at events only (default 100)");

static bool commonhv_param_offer_entropy;
module_param_named(offer_entropy, commonhv_param_offer_entropy, bool, 0444);
MODULE_PARM_DESC(offer_entropy, "Write a random number to the RNG MSR at load, resume and fork, where the hypervisor takes input; never in a confidential guest (default 0)");

static struct {
	struct commonhv_round round;
	struct commonhv_hwrng hwrng;
	unsigned long hwrng_last;	/* register by then, in jiffies */
	struct commonhv_worker worker;
	struct commonhv_watch watch;
	struct chv_krng_native krng;
	struct device *discovery_dev;
	struct device *rng_dev;
	struct device *generation_dev;
} commonhv_module;

static int commonhv_check_range(const char *name, unsigned int value,
				unsigned int max)
{
	if (value <= max)
		return 0;
	pr_err("parameter %s=%u is out of range, 0 to %u are allowed\n", name,
	       value, max);
	return -EINVAL;
}

/*
 * hw_random's thread gets nothing of this module. It then sleeps for 10 s, and does
 * not see a device that registers meanwhile. While the kernel RNG is not ready, and
 * nothing here may make it so, another device should be the first: the driver of
 * virtio-rng is often loaded next.
 */
static bool commonhv_hwrng_makes_way(struct commonhv_rng *rng)
{
	return !rng->krng->is_ready(rng->krng) && !commonhv_rng_wants_credit(rng) &&
	       time_before(jiffies, commonhv_module.hwrng_last);
}

static void commonhv_hwrng_update(struct commonhv_rng *rng)
{
	commonhv_hwrng_sync(&commonhv_module.hwrng,
			    commonhv_rng_is_present(rng) && !commonhv_hwrng_makes_way(rng));
}

static void commonhv_worker_round(struct commonhv_worker *worker, bool urgent)
{
	struct commonhv_round *round = &commonhv_module.round;

	commonhv_round_run(round, urgent);
	commonhv_discovery_show(&round->discovery);
	commonhv_hwrng_update(&round->rng);
	/* The events have looks of their own. */
	if (!urgent || commonhv_generation_is_stale(&round->generation))
		commonhv_watch_look_soon(&commonhv_module.watch);
}

static void commonhv_worker_idle(struct commonhv_worker *worker)
{
	struct commonhv_rng *rng = &commonhv_module.round.rng;

	commonhv_rng_credit(rng);
	while (commonhv_hwrng_makes_way(rng))
		if (commonhv_worker_wait(worker, msecs_to_jiffies(COMMONHV_HWRNG_POLL_MS)))
			return;
	commonhv_hwrng_update(rng);
}

static void commonhv_kick(struct commonhv_round *round)
{
	commonhv_worker_kick(&commonhv_module.worker);
}

static int commonhv_pm(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		commonhv_round_resume(&commonhv_module.round);
		commonhv_watch_look(&commonhv_module.watch);
	}
	return NOTIFY_OK;
}

static struct notifier_block commonhv_pm_nb = { .notifier_call = commonhv_pm };

static int commonhv_add_device(struct device **added,
			       const struct device_type *type, void *drvdata)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return -ENOMEM;
	dev_set_drvdata(dev, drvdata);
	*added = dev;
	return commonhv_bus_add(dev, type, type->name);
}

static void commonhv_prepare(void)
{
	bool confidential = cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT);
	struct commonhv_round *round = &commonhv_module.round;
	int err = chv_krng_native_init(&commonhv_module.krng);

	if (err)
		pr_warn("no forced reseeds (%pe): mixed values take effect within a minute\n",
			ERR_PTR(err));
	if (confidential && commonhv_param_quality)
		pr_notice("quality=%u is ignored in a confidential guest\n",
			  commonhv_param_quality);
	if (confidential && commonhv_param_offer_entropy)
		pr_notice("offer_entropy=1 is ignored in a confidential guest\n");

	round->discovery.access = &commonhv_access_native;
	round->rng.access = &commonhv_access_native;
	round->rng.krng = &commonhv_module.krng.krng;
	round->rng.draft = commonhv_param_draft;
	round->rng.offer_entropy = commonhv_rng_policy_offers(commonhv_param_offer_entropy,
							      confidential);
	round->generation.access = &commonhv_access_native;
	round->generation.krng = &commonhv_module.krng.krng;
	round->generation.draft = commonhv_param_draft;
	round->kick = commonhv_kick;
	commonhv_round_init(round, commonhv_rng_policy_quality(commonhv_param_quality,
							       confidential));

	commonhv_hwrng_init(&commonhv_module.hwrng, &round->rng, &commonhv_module.watch);
	commonhv_module.watch.generation = &round->generation;
	commonhv_module.watch.fork = &round->fork;
	commonhv_module.watch.interval_ms = commonhv_param_generation_ms;
	commonhv_watch_init(&commonhv_module.watch);
	commonhv_module.hwrng_last = jiffies + msecs_to_jiffies(COMMONHV_HWRNG_LAST_MS);
	commonhv_module.worker.round = commonhv_worker_round;
	commonhv_module.worker.idle = commonhv_worker_idle;
	commonhv_module.worker.interval_s = commonhv_param_interval_s;
}

static void commonhv_release(void)
{
	commonhv_discovery_hide(&commonhv_module.round.discovery);
	commonhv_round_destroy(&commonhv_module.round);
	chv_krng_native_destroy(&commonhv_module.krng);
}

static void commonhv_stop(void)
{
	commonhv_worker_stop(&commonhv_module.worker);
	/* Until this returns, a reader may find the RNG moved, and kick. */
	commonhv_hwrng_sync(&commonhv_module.hwrng, false);
	commonhv_worker_destroy(&commonhv_module.worker);
}

static int commonhv_add_devices(void)
{
	struct commonhv_round *round = &commonhv_module.round;
	int err;

	err = commonhv_add_device(&commonhv_module.discovery_dev,
				  &commonhv_discovery_type, &round->discovery);
	if (err)
		return err;
	err = commonhv_add_device(&commonhv_module.rng_dev, &commonhv_rng_type,
				  &round->rng);
	if (err)
		goto remove_discovery_dev;
	err = commonhv_add_device(&commonhv_module.generation_dev,
				  &commonhv_generation_type, &round->generation);
	if (err)
		goto remove_rng_dev;
	return 0;

remove_rng_dev:
	device_unregister(commonhv_module.rng_dev);
remove_discovery_dev:
	device_unregister(commonhv_module.discovery_dev);
	return err;
}

static void commonhv_remove_devices(void)
{
	device_unregister(commonhv_module.generation_dev);
	device_unregister(commonhv_module.rng_dev);
	device_unregister(commonhv_module.discovery_dev);
}

static int __init commonhv_init(void)
{
	struct commonhv_round *round = &commonhv_module.round;
	int err;

	err = commonhv_check_range("draft", commonhv_param_draft, COMMONHV_DRAFT_3) ?:
	      commonhv_check_range("quality", commonhv_param_quality,
				   COMMONHV_RNG_QUALITY_MAX) ?:
	      commonhv_check_range("interval_s", commonhv_param_interval_s,
				   COMMONHV_INTERVAL_S_MAX) ?:
	      commonhv_check_range("generation_ms", commonhv_param_generation_ms,
				   COMMONHV_GENERATION_MS_MAX);
	if (err)
		return err;
	err = commonhv_bus_init();
	if (err)
		return err;
	commonhv_prepare();
	err = commonhv_worker_start(&commonhv_module.worker, "commonhv");
	if (err)
		goto release;
	if (commonhv_info_is_empty(&round->discovery.info)) {
		pr_err("no CommonHV, and no hypervisor interface at CPUID 40000000H to 4000FF00H\n");
		/* A later round may have found an RNG: commonhv_stop() is needed. */
		err = -ENODEV;
		goto stop;
	}
	err = commonhv_add_devices();
	if (err)
		goto stop;
	round->fork.is_source = commonhv_generation_is_present(&round->generation);
	err = chv_vmfork_subscribe(&round->fork);
	if (err)
		goto remove_devices;
	commonhv_watch_start(&commonhv_module.watch);
	err = register_pm_notifier(&commonhv_pm_nb);
	if (err)
		goto stop_watch;
	return 0;

stop_watch:
	commonhv_watch_stop(&commonhv_module.watch);
	chv_vmfork_unsubscribe(&round->fork);
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
	unregister_pm_notifier(&commonhv_pm_nb);
	commonhv_watch_stop(&commonhv_module.watch);
	chv_vmfork_unsubscribe(&commonhv_module.round.fork);
	commonhv_remove_devices();
	commonhv_stop();
	commonhv_release();
	commonhv_bus_exit();
}
module_exit(commonhv_exit);

/* Where the hypervisor hides the bit, the initramfs or an administrator loads the module. */
static const struct x86_cpu_id commonhv_cpu_ids[] = {
	X86_MATCH_FEATURE(X86_FEATURE_HYPERVISOR, NULL),
	{ }
};
MODULE_DEVICE_TABLE(x86cpu, commonhv_cpu_ids);

MODULE_DESCRIPTION("CommonHV guest: hypervisor interface discovery and RNG seeding");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(CHV_VERSION);
