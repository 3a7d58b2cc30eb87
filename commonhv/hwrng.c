// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../common/compat.h"
#include "hwrng.h"
#include "rng.h"

/*
 * hw_random's own thread gets nothing: what it reads it credits by its rule,
 * where a quality of 0 means 1024 since 6.2, and the seeding of the kernel is
 * this module's business, with its health tests and its quality. Readers of
 * /dev/hwrng get what they ask for.
 */
static int commonhv_hwrng_read(struct hwrng *hwrng, void *data, size_t max, bool wait)
{
	if (current->flags & PF_KTHREAD)
		return 0;
	return commonhv_rng_draw((struct commonhv_rng *)hwrng->priv, data, max);
}

static int commonhv_hwrng_add(struct commonhv_hwrng *hw, struct commonhv_rng *rng)
{
	memset(&hw->hwrng, 0, sizeof(hw->hwrng));
	hw->hwrng.name = "commonhv";
	hw->hwrng.read = commonhv_hwrng_read;
	hw->hwrng.priv = (unsigned long)rng;
	/*
	 * hw_random prefers the highest quality, and each real device is faster
	 * than a VM exit a word.
	 */
	hw->hwrng.quality = CHV_COMPAT_HWRNG_QUALITY_LEAST;
	return hwrng_register(&hw->hwrng);
}

/**
 * commonhv_hwrng_sync() - make hw_random agree with what is there
 * @hw: the registration
 * @rng: where its bytes come from
 * @present: should there be one?
 *
 * Context: process context, sleeps: waits for readers that are within. The
 * caller serialises, and holds no lock that commonhv_rng_draw() takes.
 */
void commonhv_hwrng_sync(struct commonhv_hwrng *hw, struct commonhv_rng *rng,
			 bool present)
{
	int err;

	if (hw->registered == present)
		return;
	if (hw->registered) {
		hwrng_unregister(&hw->hwrng);
		hw->registered = false;
		return;
	}
	err = commonhv_hwrng_add(hw, rng);
	if (err)
		pr_warn_ratelimited("hw_random refuses the RNG: %pe\n",
				    ERR_PTR(err));
	hw->registered = !err;
}
