/* SPDX-License-Identifier: GPL-2.0 */
/* What the pool calls: the device's queue, and the kernel RNG. */
#ifndef FUZZ_POOL_QUEUE_H
#define FUZZ_POOL_QUEUE_H

#include <stdlib.h>

#include "pool_model.h"

static struct pool_device *pool_of(struct vrng_queue *queue)
{
	return container_of(queue, struct pool_device, queue);
}

static void pool_check_locked(const struct pool_device *dev, bool locked)
{
	fuzz_check(dev->pool.lock.is_held == locked);
}

/*
 * The device
 */

static void *pool_alloc(struct vrng_queue *queue, size_t size, gfp_t gfp)
{
	struct pool_device *dev = pool_of(queue);

	pool_check_locked(dev, false);
	if (!dev->allocs_left)
		return NULL;
	dev->allocs_left--;
	return calloc(1, size);
}

static int pool_post(struct vrng_queue *queue, struct vrng_buf *buf)
{
	struct pool_device *dev = pool_of(queue);
	unsigned int i;

	pool_check_locked(dev, true);
	fuzz_check(dev->is_attached && !dev->pool.backing_off);
	fuzz_check(dev->pool.state == VRNG_POOL_RUNNING);
	dev->had_post_error = dev->post_error;
	if (dev->post_error)
		return dev->post_error;
	for (i = 0; i < buf->size; i++)
		fuzz_check(!buf->data[i]);
	pool_model_posted(dev, buf);
	return 0;
}

static struct vrng_buf *pool_get(struct vrng_queue *queue, unsigned int *len)
{
	struct pool_device *dev = pool_of(queue);

	pool_check_locked(dev, true);
	fuzz_check(dev->is_attached);
	return pool_model_taken_in(dev, len);
}

static struct vrng_buf *pool_detach(struct vrng_queue *queue)
{
	struct pool_device *dev = pool_of(queue);

	pool_check_locked(dev, true);
	return pool_model_detached(dev);
}

static void pool_kick(struct vrng_queue *queue)
{
	struct pool_device *dev = pool_of(queue);

	pool_check_locked(dev, true);
	dev->is_broken |= dev->kick_breaks;
}

static bool pool_is_broken(struct vrng_queue *queue)
{
	pool_check_locked(pool_of(queue), true);
	return pool_of(queue)->is_broken;
}

static void pool_defer(struct vrng_queue *queue, unsigned int ms)
{
	struct pool_device *dev = pool_of(queue);

	pool_check_locked(dev, true);
	fuzz_check(ms >= VRNG_POOL_BACKOFF_MIN && ms <= VRNG_POOL_BACKOFF_MAX);
	dev->is_deferred = true;
}

static void pool_work(struct vrng_queue *queue, bool wipe, bool seed)
{
	struct pool_device *dev = pool_of(queue);

	pool_check_locked(dev, false);
	dev->wants_wipe |= wipe;
	dev->wants_seed |= seed;
}

/*
 * The kernel RNG
 */

static void pool_mix(struct chv_krng *krng, const void *buf, size_t len)
{
	struct pool_device *dev = container_of(krng, struct pool_device, krng);

	if (dev->fork.lock.lock.is_held)
		pool_model_seed(dev, buf, len);
	else
		dev->nr_filtered += len;
}

static int pool_reseed(struct chv_krng *krng)
{
	container_of(krng, struct pool_device, krng)->nr_reseeds++;
	return 0;
}

#endif /* FUZZ_POOL_QUEUE_H */
