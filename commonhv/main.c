// SPDX-License-Identifier: GPL-2.0
/*
 * Wiring: parameters, the worker's round, the events that call for one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cc_platform.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include "../common/fork.h"
#include "bus.h"
#include "discovery.h"
#include "hwrng.h"
#include "rng.h"
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
 * at load, at an interval, at resume, after a fork of the VM, and when a read of
 * /dev/hwrng finds the RNG elsewhere.
 */

#define MAIN_ROUND_WORDS	8	/* of a round that nothing calls for */
#define MAIN_INTERVAL_MAX	86400

static unsigned int draft;
module_param(draft, uint, 0444);
MODULE_PARM_DESC(draft, "Draft of the specification to assume: 1, 2, or 0 to find out (default 0)");

static unsigned int quality;
module_param(quality, uint, 0444);
MODULE_PARM_DESC(quality, "Bits of entropy to credit per 1024 bits of the RNG, 0 to 1024; never in a confidential guest (default 0)");

static unsigned int interval = 60;
module_param(interval, uint, 0444);
MODULE_PARM_DESC(interval, "Seconds between two looks at the hypervisor, 0 for never, at most 86400 (default 60)");

static bool offer;
module_param(offer, bool, 0444);
MODULE_PARM_DESC(offer, "Offer random numbers to the hypervisor's RNG where it takes them (default 0)");

static struct {
	struct commonhv_discovery discovery;
	struct commonhv_rng rng;
	struct commonhv_hwrng hwrng;
	struct commonhv_worker worker;
	struct fork_subscription fork;
	struct device *discovery_dev;
	struct device *rng_dev;
} commonhv;

static int main_check_range(const char *name, unsigned int value,
			    unsigned int max)
{
	if (value <= max)
		return 0;
	pr_err("parameter %s=%u is out of range, 0 to %u are allowed\n", name,
	       value, max);
	return -EINVAL;
}

static int main_check_parameters(void)
{
	return main_check_range("draft", draft, COMMONHV_DRAFT_2) ?:
	       main_check_range("quality", quality, COMMONHV_RNG_QUALITY_MAX) ?:
	       main_check_range("interval", interval, MAIN_INTERVAL_MAX);
}

static void main_round(struct commonhv_worker *worker, bool urgent)
{
	commonhv_discovery_look(&commonhv.discovery);
	/* At once: what was found can be stale by the time that it is shown. */
	if (!commonhv_rng_refresh(&commonhv.rng,
				  urgent ? COMMONHV_RNG_BATCH_MAX : MAIN_ROUND_WORDS,
				  &commonhv.discovery.info.head)) {
		if (urgent || offer)
			commonhv_rng_reseed(&commonhv.rng);
		commonhv_rng_offer(&commonhv.rng);
	}
	commonhv_discovery_show(&commonhv.discovery);
	commonhv_hwrng_sync(&commonhv.hwrng, &commonhv.rng,
			    commonhv_rng_is_present(&commonhv.rng));
}

static void main_idle(struct commonhv_worker *worker)
{
	commonhv_rng_credit(&commonhv.rng);
}

static void main_rng_moved(struct commonhv_rng *rng)
{
	commonhv_worker_kick(&commonhv.worker);
}

/*
 * A generation ID is unique and not secret: what makes the clone's numbers its
 * own is read here, before the reseed.
 */
static void main_fork_early(struct fork_subscription *sub)
{
	commonhv_rng_refresh(&commonhv.rng, COMMONHV_RNG_BATCH_MAX, NULL);
}

/* The list and the rest can wait for the worker. */
static void main_fork_late(struct fork_subscription *sub)
{
	commonhv_worker_kick(&commonhv.worker);
}

static int main_pm(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		commonhv_worker_kick(&commonhv.worker);
	}
	return NOTIFY_OK;
}

static struct notifier_block main_pm_nb = { .notifier_call = main_pm };

static struct device *main_add_device(const struct device_type *type,
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

static int main_add_devices(void)
{
	commonhv.discovery_dev = main_add_device(&commonhv_discovery_type,
						 &commonhv.discovery);
	if (IS_ERR(commonhv.discovery_dev))
		return PTR_ERR(commonhv.discovery_dev);
	commonhv.rng_dev = main_add_device(&commonhv_rng_type, &commonhv.rng);
	if (IS_ERR(commonhv.rng_dev)) {
		device_unregister(commonhv.discovery_dev);
		return PTR_ERR(commonhv.rng_dev);
	}
	return 0;
}

static void main_remove_devices(void)
{
	device_unregister(commonhv.rng_dev);
	device_unregister(commonhv.discovery_dev);
}

static int main_add_notifiers(void)
{
	int err = fork_subscribe(&commonhv.fork, main_fork_early, main_fork_late,
				 commonhv.rng.reseed);

	if (err)
		return err;
	err = register_pm_notifier(&main_pm_nb);
	if (err)
		fork_unsubscribe(&commonhv.fork);
	return err;
}

static void main_remove_notifiers(void)
{
	unregister_pm_notifier(&main_pm_nb);
	fork_unsubscribe(&commonhv.fork);
}

static unsigned int main_quality(void)
{
	bool confidential = cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT);

	if (confidential && quality)
		pr_notice("quality=%u is ignored in a confidential guest\n", quality);
	return commonhv_rng_policy_quality(quality, confidential);
}

static void main_prepare(void)
{
	commonhv.discovery.access = &commonhv_access_native;
	commonhv.discovery.draft = draft;
	commonhv_discovery_init(&commonhv.discovery);

	commonhv.rng.access = &commonhv_access_native;
	commonhv.rng.draft = draft;
	commonhv.rng.offer = offer;
	commonhv.rng.moved = main_rng_moved;
	commonhv_rng_init(&commonhv.rng, main_quality());

	commonhv.worker.round = main_round;
	commonhv.worker.idle = main_idle;
	commonhv.worker.interval = interval;
}

static void main_stop(void)
{
	commonhv_worker_stop(&commonhv.worker);
	/* Until this returns, a reader may find the RNG elsewhere and kick. */
	commonhv_hwrng_sync(&commonhv.hwrng, &commonhv.rng, false);
	commonhv_worker_destroy(&commonhv.worker);
}

static int main_start(void)
{
	int err = commonhv_worker_start(&commonhv.worker, "commonhv");

	if (err)
		return err;
	if (commonhv_info_is_empty(&commonhv.discovery.info)) {
		pr_err("no CommonHV, and no hypervisor interface at CPUID 40000000H to 4000FF00H\n");
		/* There may have been another round since, which found more. */
		main_stop();
		return -ENODEV;
	}
	return 0;
}

static void main_release(void)
{
	commonhv_discovery_exit(&commonhv.discovery);
	commonhv_rng_destroy(&commonhv.rng);
}

static int __init commonhv_init(void)
{
	int err = main_check_parameters();

	if (err)
		return err;
	err = commonhv_bus_init();
	if (err)
		return err;
	main_prepare();
	err = main_start();
	if (err)
		goto release;
	err = main_add_devices();
	if (err)
		goto stop;
	err = main_add_notifiers();
	if (err)
		goto remove_devices;
	return 0;

remove_devices:
	main_remove_devices();
stop:
	main_stop();
release:
	main_release();
	commonhv_bus_exit();
	return err;
}
module_init(commonhv_init);

static void __exit commonhv_exit(void)
{
	main_remove_notifiers();
	main_remove_devices();
	main_stop();
	main_release();
	commonhv_bus_exit();
}
module_exit(commonhv_exit);

MODULE_DESCRIPTION("CommonHV guest: hypervisor interface discovery and RNG seeding");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: vmgenid-ext");
