// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../common/compat.h"
#include "hwrng.h"
#include "rng.h"

#define COMMONHV_HWRNG_RETRY_MS	20

/* The core's thread sleeps in hwrng_msleep(), which this ends. */
static void commonhv_hwrng_retry(struct timer_list *timer)
{
	struct commonhv_hwrng *hw = container_of(timer, struct commonhv_hwrng, retry);

	complete(&hw->hwrng.dying);
}

/*
 * hw_random's own thread gets nothing. It would credit what it reads by a rule of
 * its own, where a quality of 0 means 1024 since 6.2; this module seeds the kernel
 * RNG itself, with its health tests and its quality. Readers of /dev/hwrng are
 * served.
 *
 * After nothing the thread sleeps for 10 s, and does not see a device that becomes
 * the current one meanwhile. With virtio-rng, whose driver is loaded next, the
 * kernel RNG would be ready that much later. So the thread is woken to look
 * again, for as long as it has something to do.
 */
static int commonhv_hwrng_read(struct hwrng *hwrng, void *data, size_t max, bool wait)
{
	struct commonhv_hwrng *hw = container_of(hwrng, struct commonhv_hwrng, hwrng);

	if (current->flags & PF_KTHREAD) {
		if (!rng_is_initialized())
			mod_timer(&hw->retry,
				  jiffies + msecs_to_jiffies(COMMONHV_HWRNG_RETRY_MS));
		return 0;
	}
	return commonhv_rng_draw((struct commonhv_rng *)hwrng->priv, data, max);
}

/**
 * commonhv_hwrng_sync() - register with hw_random, or unregister
 * @hw: the registration
 * @rng: where its bytes come from
 * @present: should it be registered?
 *
 * Context: process context, sleeps: waits for readers. The caller serialises, and
 * holds no lock that commonhv_rng_draw() takes.
 */
void commonhv_hwrng_sync(struct commonhv_hwrng *hw, struct commonhv_rng *rng,
			 bool present)
{
	int err;

	if (hw->registered == present)
		return;
	if (hw->registered) {
		hwrng_unregister(&hw->hwrng);
		/* Nobody reads any more, so that this is the end of it. */
		timer_delete_sync(&hw->retry);
		hw->registered = false;
		return;
	}
	memset(&hw->hwrng, 0, sizeof(hw->hwrng));
	hw->hwrng.name = "commonhv";
	hw->hwrng.read = commonhv_hwrng_read;
	hw->hwrng.priv = (unsigned long)rng;
	/* hw_random prefers the highest quality, and a VM exit a word is slow. */
	hw->hwrng.quality = CHV_COMPAT_HWRNG_QUALITY_LEAST;
	timer_setup(&hw->retry, commonhv_hwrng_retry, 0);
	err = hwrng_register(&hw->hwrng);
	if (err)
		pr_warn_ratelimited("cannot register with hw_random: %pe\n",
				    ERR_PTR(err));
	hw->registered = !err;
}
