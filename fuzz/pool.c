// SPDX-License-Identifier: GPL-2.0
/*
 * The buffers of an entropy device: all pure files of virtio-rng-ext/ but tasks.c.
 *
 * Input: a sequence of what the device does (answers, in any order, with any length;
 * breaks), of what the guest does (reads, forks, suspends, unplugs), and of memory that is
 * short.
 *
 * Rules: a model of the bytes in pool_model.h: each byte of the device is handed out at
 * most once, in order, none that was here or on its way at a fork, and the first ones
 * after a fork as a seed; a buffer that the device gets is all zeros; each buffer is in one
 * place; the locks are held where they have to be; who waits is woken; nothing gets stuck.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/wait.h>

#include "../virtio-rng-ext/fork.h"
#include "../virtio-rng-ext/quality.h"
#include "pool_queue.h"

static struct pool_device pool_device;

/*
 * What happens
 */

static void pool_answer(struct pool_device *dev)
{
	u8 how = fuzz_u8(dev->in);
	unsigned int size, real, claimed;
	struct vrng_buf *buf;

	if (!dev->nr_posted)
		return;
	buf = dev->posted[(how & 15) % dev->nr_posted].buf;
	size = buf->size;
	switch (how >> 4 & 3) {
	case 0:
		claimed = size;
		break;
	case 1:
		claimed = fuzz_u8(dev->in);
		break;
	case 2:
		claimed = fuzz_u16(dev->in);
		break;
	default:
		claimed = fuzz_u32(dev->in);
		break;
	}
	/* It may have written another number of bytes than it says. */
	real = how & 0x40 ? fuzz_u16(dev->in) % (size + 1) : min(claimed, size);
	pool_model_answered(dev, (how & 15) % dev->nr_posted, real, claimed);
	if (how & 0x80)
		vrng_pool_harvest(&dev->pool);
}

/* In each jiffy that a fork waits for a seed. */
static void pool_on_wait(void)
{
	struct pool_device *dev = &pool_device;

	fuzz_jiffies++;
	if (fuzz_u8(dev->in) & 1)
		pool_answer(dev);
}

/* What hw_random's thread would get of these bytes. */
static void pool_filter(struct pool_device *dev, u8 *buf, int len, unsigned int quality)
{
	int ret;

	dev->nr_filtered = 0;
	ret = vrng_quality_filter(quality, &dev->krng, buf, len);
	fuzz_check(ret == (quality ? len : 0));
	fuzz_check(dev->nr_filtered == len - ret);
	fuzz_check(quality || (!buf[0] && !buf[len - 1]));
}

static void pool_take(struct pool_device *dev)
{
	u16 how = fuzz_u16(dev->in);
	size_t len = how % 1100 + 1;
	bool readable = vrng_pool_is_readable(&dev->pool);
	u8 buf[1100];
	int ret;

	dev->is_read = true;
	ret = vrng_pool_take(&dev->pool, buf, len, how & 0x8000);
	dev->is_read = false;
	/* A reader that waits is woken for something. */
	fuzz_check(readable == !!ret);
	if (ret > 0) {
		fuzz_check((size_t)ret <= min_t(size_t, len, VRNG_POOL_TAKE_MAX));
		pool_model_read(dev, buf, ret);
		pool_filter(dev, buf, ret, how & 0x4000 ? 512 : 0);
	} else {
		pool_model_nothing(dev, ret);
	}
}

static void pool_fork(struct pool_device *dev)
{
	bool mixed;

	pool_model_forked(dev);
	dev->is_read = true;
	mixed = vrng_fork_early(&dev->fork);
	dev->is_read = false;
	fuzz_check(mixed == dev->has_seeded);
}

static void pool_fork_late(struct pool_device *dev)
{
	unsigned int before = dev->nr_reseeds;

	dev->has_seeded = false;
	dev->is_read = true;
	vrng_fork_late(&dev->fork, &dev->pool);
	dev->is_read = false;
	fuzz_check(dev->nr_reseeds - before == dev->has_seeded);
	dev->wants_seed = false;
}

/* As device.c does it. */
static void pool_stop(struct pool_device *dev, enum vrng_pool_state state)
{
	vrng_pool_stop(&dev->pool, state);
	pool_model_reset(dev);
	vrng_pool_reclaim(&dev->pool);
	fuzz_check(!dev->pool.nr_posted && !dev->nr_posted && !dev->nr_used);
	fuzz_check(!vrng_pool_is_dirty(&dev->pool) && !vrng_pool_buffered(&dev->pool));
	dev->is_attached = false;
	dev->wants_wipe = false;
	dev->is_deferred = false;
}

static void pool_trouble(struct pool_device *dev, u8 op)
{
	static const int errors[] = { 0, -ENOSPC, -ENOMEM, -EIO };

	switch (op >> 4 & 3) {
	case 0:
		dev->allocs_left = op >> 6;
		break;
	case 1:
		dev->post_error = errors[op >> 6];
		break;
	case 2:
		dev->is_broken = op & 0x40;
		dev->kick_breaks = op & 0x80;
		break;
	case 3:
		dev->is_stuck = op & 0x40;
		break;
	}
}

static void pool_act(struct pool_device *dev, u8 op)
{
	switch (op & 15) {
	case 0:
	case 1:
	case 2:
		pool_answer(dev);
		break;
	case 3:
		if (dev->is_attached)
			vrng_pool_harvest(&dev->pool);
		break;
	case 4:
	case 5:
		pool_take(dev);
		break;
	case 6:
		pool_fork(dev);
		break;
	case 7:
		pool_fork_late(dev);
		break;
	case 8:
		vrng_pool_wipe(&dev->pool);
		dev->wants_wipe = false;
		break;
	case 9:
		if (dev->is_deferred)
			vrng_pool_backoff_end(&dev->pool);
		dev->is_deferred = false;
		break;
	case 10:
		pool_stop(dev, op & 0xf0 ? VRNG_POOL_STOPPED : VRNG_POOL_GONE);
		break;
	case 11:
		if (dev->is_attached)
			break;
		dev->is_attached = true;
		dev->is_broken = false;
		vrng_pool_start(&dev->pool);
		break;
	case 12:
		fuzz_check(vrng_pool_grow(&dev->pool) <= VRNG_POOL_GROW_MAX);
		break;
	case 13:
		fuzz_now_ns += (u64)fuzz_u16(dev->in) << (op >> 4);
		break;
	case 14:
		pool_trouble(dev, op);
		break;
	case 15:
		if (dev->is_broken)
			vrng_pool_stop(&dev->pool, VRNG_POOL_BROKEN);
		break;
	}
}

/*
 * An operation, after which whoever waits for what it brought has been woken: readers for
 * bytes, and a fork for a seed, or for the device to give up.
 */
static void pool_act_and_wake(struct pool_device *dev, u8 op)
{
	struct vrng_pool *pool = &dev->pool;
	bool readable = vrng_pool_is_readable(pool), has_seed = vrng_pool_has_seed(pool);
	bool can_answer = vrng_pool_can_answer(pool);
	unsigned int nr_wakes = pool->waiters.nr_wakes;

	pool_act(dev, op);
	if ((!readable && vrng_pool_is_readable(pool)) ||
	    (!has_seed && vrng_pool_has_seed(pool)) ||
	    (can_answer && pool->seed_reserved && !vrng_pool_can_answer(pool)))
		fuzz_check(pool->waiters.nr_wakes != nr_wakes);
	pool_model_check(dev);
}

/* When all is done that the pool has asked for, it has bytes, or the device has a request. */
static void pool_settle(struct pool_device *dev)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (dev->wants_wipe)
			pool_act(dev, 8);
		if (dev->is_deferred)
			pool_act(dev, 9);
		if (dev->wants_seed)
			pool_fork_late(dev);
	}
	pool_model_check(dev);
	if (dev->pool.state == VRNG_POOL_RUNNING && !dev->had_post_error)
		fuzz_check(dev->nr_posted || dev->nr_used || vrng_pool_is_readable(&dev->pool));
}

static void pool_set_up(struct pool_device *dev, struct fuzz_input *in)
{
	static const siphash_key_t key = { { 3, 4 } };
	u8 first = fuzz_u8(in);

	memset(dev, 0, sizeof(*dev));
	dev->in = in;
	dev->allocs_left = 2 + (first >> 6);
	dev->queue = (struct vrng_queue){
		.alloc = pool_alloc, .post = pool_post, .get = pool_get, .detach = pool_detach,
		.kick = pool_kick, .is_broken = pool_is_broken, .defer = pool_defer,
		.work = pool_work,
	};
	dev->krng = (struct chv_krng){ .mix = pool_mix, .reseed = pool_reseed };
	/* From 1 buffer of 64 bytes to 4 of 1279. */
	fuzz_check(!vrng_pool_init(&dev->pool, &dev->queue, 1 + (first & 3),
				   64 + (first >> 2 & 15) * 81, &key));
	vrng_fork_init(&dev->fork, &dev->krng);
	vrng_fork_add(&dev->fork, &dev->pool);
	dev->is_attached = true;
	vrng_pool_start(&dev->pool);
	vrng_pool_grow(&dev->pool);
	fuzz_jiffies = 0;
	fuzz_on_wait = pool_on_wait;
}

FUZZ_TARGET(pool)
{
	struct pool_device *dev = &pool_device;

	pool_set_up(dev, in);
	while (in->left)
		pool_act_and_wake(dev, fuzz_u8(in));
	pool_settle(dev);
	pool_stop(dev, VRNG_POOL_GONE);
	pool_model_check(dev);
	vrng_fork_remove(&dev->fork, &dev->pool);
	vrng_pool_destroy(&dev->pool);
}
