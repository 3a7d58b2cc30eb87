// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../common/compat.h"
#include "generation.h"
#include "hwrng.h"
#include "rng.h"
#include "watch.h"

/*
 * hw_random's own thread gets nothing. It would credit what it reads by a rule of
 * its own, where a quality of 0 means 1024 since 6.2; this module seeds the kernel
 * RNG itself, with its health tests and its quality. Readers of /dev/hwrng are
 * served.
 */
static int commonhv_hwrng_read(struct hwrng *hwrng, void *data, size_t max, bool wait)
{
	struct commonhv_hwrng *hw = container_of(hwrng, struct commonhv_hwrng, hwrng);

	if (current->flags & PF_KTHREAD)
		return 0;
	if (commonhv_generation_has_changed(hw->watch->generation))
		commonhv_watch_look(hw->watch);
	return commonhv_rng_draw(hw->rng, data, max);
}

/**
 * commonhv_hwrng_init() - initialise; nothing is registered yet
 * @hw: the registration
 * @rng: where its bytes come from
 * @watch: told when a reader finds another generation
 *
 * Context: any.
 */
void commonhv_hwrng_init(struct commonhv_hwrng *hw, struct commonhv_rng *rng,
			 struct commonhv_watch *watch)
{
	hw->rng = rng;
	hw->watch = watch;
}

/**
 * commonhv_hwrng_sync() - register with hw_random, or unregister
 * @hw: the registration
 * @present: should it be registered?
 *
 * Context: process context, sleeps: waits for readers. The caller serialises, and
 * holds no lock that commonhv_rng_draw() takes.
 */
void commonhv_hwrng_sync(struct commonhv_hwrng *hw, bool present)
{
	int err;

	if (hw->registered == present)
		return;
	if (hw->registered) {
		hwrng_unregister(&hw->hwrng);
		hw->registered = false;
		return;
	}
	memset(&hw->hwrng, 0, sizeof(hw->hwrng));
	hw->hwrng.name = "commonhv";
	hw->hwrng.read = commonhv_hwrng_read;
	/* hw_random prefers the highest quality, and a VM exit a word is slow. */
	hw->hwrng.quality = CHV_COMPAT_HWRNG_QUALITY_LEAST;
	err = hwrng_register(&hw->hwrng);
	if (err)
		pr_warn_ratelimited("cannot register with hw_random: %pe\n",
				    ERR_PTR(err));
	hw->registered = !err;
}
