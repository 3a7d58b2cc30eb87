// SPDX-License-Identifier: GPL-2.0
/*
 * The device under hw_random.
 *
 * The core calls read() with a mutex held that all readers of /dev/hwrng need,
 * and its own thread too. So read() holds it no longer than it must.
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

/*
 * Waits for bytes, an error, or the stop of the core's thread.
 *
 * Interruptible, as the core's own waits are: an uninterruptible sleep would make
 * the freezer give up the suspend of the machine.
 *
 * The wait is brief while hwrng_register() runs. On 6.1 that takes the core's
 * mutex too, with the device locked, and a device that is locked until the host
 * answers cannot be unplugged. The core's thread waits longer, as it comes back
 * after 10 s only.
 *
 * Return: 1 to look again, 0 to leave with nothing, or a signal's error.
 */
static int vrng_hwrng_wait(struct vrng_device *rng, bool thread)
{
	long left = msecs_to_jiffies(thread ? VRNG_HWRNG_BRIEF_THREAD_MS :
					      VRNG_HWRNG_BRIEF_MS);

	if (READ_ONCE(rng->registered))
		left = MAX_SCHEDULE_TIMEOUT;
	left = wait_event_interruptible_timeout(rng->pool.waiters,
						vrng_pool_is_readable(&rng->pool) ||
						(thread && kthread_should_stop()),
						left);
	if (left < 0)
		return left;
	return left || READ_ONCE(rng->registered);
}

static int vrng_hwrng_read(struct hwrng *hwrng, void *data, size_t max, bool wait)
{
	struct vrng_device *rng = (struct vrng_device *)hwrng->priv;
	bool thread = current->flags & PF_KTHREAD;
	int ret, again;

	/*
	 * The core's thread waits until the kernel RNG is seeded. After that it
	 * is in no hurry, and a wait would only keep the mutex from the readers.
	 */
	if (thread && rng_is_initialized())
		wait = false;
	do {
		ret = vrng_pool_take(&rng->pool, data, max, wait);
		/* The core stops its thread before it lets go of a device. */
		if (ret || !wait || (thread && kthread_should_stop()))
			break;
		again = vrng_hwrng_wait(rng, thread);
		if (again < 0)
			ret = again;
	} while (again > 0);

	if (unlikely(ret == -EIO) && READ_ONCE(rng->pool.monitor.health.failed) &&
	    !xchg(&rng->said_unhealthy, true))
		dev_warn(&rng->vdev->dev,
			 "the host's random numbers repeat: none is used any more\n");
	if (ret > 0 && thread)
		return vrng_quality_filter(rng->quality, rng->fork->krng, data, ret);
	return ret;
}

/**
 * vrng_hwrng_add() - register the device with hw_random
 * @rng: the device, started
 * @quality: bits of entropy to credit for 1024 bits
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
 * @rng: the device; its pool is gone, so that readers leave
 *
 * Context: process context, sleeps until no reader is within.
 */
void vrng_hwrng_remove(struct vrng_device *rng)
{
	hwrng_unregister(&rng->hwrng);
	ida_free(&vrng_hwrng_ids, rng->id);
}
