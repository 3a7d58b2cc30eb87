// SPDX-License-Identifier: GPL-2.0
/*
 * The device under hw_random.
 *
 * The core calls read() with a mutex held that all readers of /dev/hwrng need,
 * and its own thread as well. What read() does not hold up, it should not.
 */
#include <linux/idr.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/sched/signal.h>

#include "../common/compat.h"
#include "device.h"
#include "hwrng.h"
#include "quality.h"

#define VRNG_HWRNG_BRIEF_MS		10
#define VRNG_HWRNG_BRIEF_THREAD_MS	1000

static DEFINE_IDA(vrng_hwrng_ids);

static bool vrng_hwrng_is_thread(void)
{
	return current->flags & PF_KTHREAD;
}

static bool vrng_hwrng_has_news(struct vrng_device *rng)
{
	/* The core stops its thread before it lets go of an RNG. */
	return vrng_pool_is_worth_a_look(&rng->pool) ||
	       (vrng_hwrng_is_thread() && kthread_should_stop());
}

/*
 * Interruptible, and so killable: the core's own waits are. A sleep that only
 * death ends would let the freezer give up suspending the machine.
 *
 * Not for long while hwrng_register() runs: on 6.1 it takes the core's mutex as
 * well, with the device locked, which could not be unplugged until the host
 * answers. The core's thread waits for longer, as it comes back after 10 s only.
 *
 * Return: 1 to look again, 0 to leave with nothing, or a signal's error.
 */
static int vrng_hwrng_wait(struct vrng_device *rng)
{
	unsigned int ms = vrng_hwrng_is_thread() ? VRNG_HWRNG_BRIEF_THREAD_MS :
						   VRNG_HWRNG_BRIEF_MS;
	long left;

	if (READ_ONCE(rng->registered))
		return wait_event_interruptible(rng->pool.waiters,
						vrng_hwrng_has_news(rng)) ?: 1;
	left = wait_event_interruptible_timeout(rng->pool.waiters,
						vrng_hwrng_has_news(rng),
						msecs_to_jiffies(ms));
	return left ?: READ_ONCE(rng->registered);
}

/*
 * The core's thread waits like everybody until the kernel's RNG is seeded. Then
 * it takes what is there: it has no hurry, and those who do not want to wait
 * would wait for the mutex.
 */
static int vrng_hwrng_take(struct vrng_device *rng, void *data, size_t max, bool wait)
{
	int ret;

	if (vrng_hwrng_is_thread() && rng_is_initialized())
		wait = false;
	do {
		ret = vrng_pool_take(&rng->pool, data, max, wait);
		if (ret || !wait || (vrng_hwrng_is_thread() && kthread_should_stop()))
			return ret;
		ret = vrng_hwrng_wait(rng);
	} while (ret > 0);
	return ret;
}

static int vrng_hwrng_read(struct hwrng *hwrng, void *data, size_t max, bool wait)
{
	struct vrng_device *rng = (struct vrng_device *)hwrng->priv;
	int ret = vrng_hwrng_take(rng, data, max, wait);

	if (unlikely(ret == -EIO) && READ_ONCE(rng->pool.monitor.health.failed) &&
	    !xchg(&rng->said_unhealthy, true))
		dev_warn(&rng->vdev->dev,
			 "the host's random numbers repeat: none is used any more\n");
	if (ret > 0 && vrng_hwrng_is_thread())
		return vrng_quality_filter(rng->quality, rng->fork->krng, data, ret);
	return ret;
}

/**
 * vrng_hwrng_add() - register the device with hw_random
 * @rng: the device, started
 * @quality: bits of entropy to believe in for 1024 bits
 *
 * Context: process context, sleeps.
 * Return: 0 or an error.
 */
int vrng_hwrng_add(struct vrng_device *rng, unsigned int quality)
{
	int err;

	rng->id = ida_alloc(&vrng_hwrng_ids, GFP_KERNEL);
	if (rng->id < 0)
		return rng->id;
	snprintf(rng->name, sizeof(rng->name), "virtio_rng_ext.%d", rng->id);
	rng->quality = quality;
	rng->hwrng.name = rng->name;
	rng->hwrng.read = vrng_hwrng_read;
	rng->hwrng.priv = (unsigned long)rng;
	rng->hwrng.quality = quality ?: CHV_COMPAT_HWRNG_QUALITY_LEAST;
	err = hwrng_register(&rng->hwrng);
	if (err)
		ida_free(&vrng_hwrng_ids, rng->id);
	WRITE_ONCE(rng->registered, !err);
	return err;
}

/**
 * vrng_hwrng_remove() - undo vrng_hwrng_add()
 * @rng: the device; its pool is gone, or readers would not leave
 *
 * Context: process context, sleeps: waits for readers that are within.
 */
void vrng_hwrng_remove(struct vrng_device *rng)
{
	hwrng_unregister(&rng->hwrng);
	ida_free(&vrng_hwrng_ids, rng->id);
}
