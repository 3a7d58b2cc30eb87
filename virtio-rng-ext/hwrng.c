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
#include <linux/string.h>

#include "device.h"
#include "hwrng.h"

#define HWRNG_BRIEF_MS		10
#define HWRNG_BRIEF_THREAD_MS	1000

static DEFINE_IDA(hwrng_ids);

static bool hwrng_is_thread(void)
{
	return current->flags & PF_KTHREAD;
}

/*
 * The core's thread waits like everybody until the kernel's RNG is seeded. Then
 * it takes what is there: it has no hurry, and those who do not want to wait
 * would wait for the mutex.
 */
static bool hwrng_may_wait(void)
{
	return !hwrng_is_thread() || !rng_is_initialized();
}

/* The core stops its thread before it lets go of an RNG. */
static bool hwrng_must_leave(void)
{
	return hwrng_is_thread() && kthread_should_stop();
}

static bool hwrng_has_news(struct vrng_device *rng)
{
	return vrng_pool_is_worth_a_look(&rng->pool) || hwrng_must_leave();
}

/*
 * Interruptible, and so killable: the core's own waits are. A sleep that only
 * death ends would let the freezer give up suspending the machine.
 *
 * Return: 1 to look again, or a signal's error.
 */
static int hwrng_wait(struct vrng_device *rng)
{
	return wait_event_interruptible(rng->waiters, hwrng_has_news(rng)) ?: 1;
}

/*
 * Not for long while hwrng_register() runs: on 6.1 it takes the mutex as well,
 * with the device locked, which could not be unplugged until the host answers.
 * The core's thread waits for longer, as it comes back after 10 s only.
 *
 * Return: 1 to look again, 0 to leave with nothing, or a signal's error.
 */
static int hwrng_wait_registering(struct vrng_device *rng)
{
	unsigned int ms = hwrng_is_thread() ? HWRNG_BRIEF_THREAD_MS : HWRNG_BRIEF_MS;
	long left = wait_event_interruptible_timeout(rng->waiters,
						     hwrng_has_news(rng),
						     msecs_to_jiffies(ms));

	if (left < 0)
		return left;
	return left || READ_ONCE(rng->registered);
}

static int hwrng_take(struct vrng_device *rng, void *data, size_t max, bool wait)
{
	int ret;

	for (;;) {
		ret = vrng_pool_take(&rng->pool, data, max, wait);
		if (ret || !wait || hwrng_must_leave())
			return ret;
		ret = READ_ONCE(rng->registered) ? hwrng_wait(rng) :
						   hwrng_wait_registering(rng);
		if (ret <= 0)
			return ret;
	}
}

/* What is not to be credited must not get to the core's thread: it credits. */
static int hwrng_filter(struct vrng_device *rng, void *data, int len)
{
	bool healthy = vrng_device_check(rng, data, len);

	if (healthy && (rng->quality || !hwrng_is_thread()))
		return len;
	/* Mixing is always safe. */
	add_device_randomness(data, len);
	memzero_explicit(data, len);
	return healthy ? 0 : -EIO;
}

static int hwrng_read(struct hwrng *hwrng, void *data, size_t max, bool wait)
{
	struct vrng_device *rng = (struct vrng_device *)hwrng->priv;
	int ret = hwrng_take(rng, data, max, wait && hwrng_may_wait());

	return ret > 0 ? hwrng_filter(rng, data, ret) : ret;
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

	rng->id = ida_alloc(&hwrng_ids, GFP_KERNEL);
	if (rng->id < 0)
		return rng->id;
	snprintf(rng->name, sizeof(rng->name), "virtio_rng_ext.%d", rng->id);
	rng->quality = quality;
	rng->hwrng.name = rng->name;
	rng->hwrng.read = hwrng_read;
	rng->hwrng.priv = (unsigned long)rng;
	/* The core takes 0 for "default", which since 6.2 is the highest. */
	rng->hwrng.quality = quality ?: 1;
	err = hwrng_register(&rng->hwrng);
	if (err)
		ida_free(&hwrng_ids, rng->id);
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
	ida_free(&hwrng_ids, rng->id);
}
