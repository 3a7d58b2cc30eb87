// SPDX-License-Identifier: GPL-2.0
/*
 * The device's side of a pool: what is asked, and what comes of it. All of it
 * runs with the pool's lock.
 *
 * The host is not trusted: what it says of lengths is clamped, in what order it
 * answers does not matter, and that it answers at all is not relied on.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/string.h>

#include "requests.h"

static struct vrng_buf *requests_short(struct vrng_pool *pool)
{
	return &pool->bufs[0];
}

/**
 * vrng_requests_idle() - a buffer has nothing in it any more
 * @pool: the pool
 * @buf: in no list, and not with the device
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_idle(struct vrng_pool *pool, struct vrng_buf *buf)
{
	lockdep_assert_held(&pool->lock);
	buf->begin = 0;
	buf->end = 0;
	if (buf == requests_short(pool))
		pool->short_idle = true;
	else
		list_add_tail(&buf->node, &pool->idle);
}

/**
 * vrng_requests_wipe() - nobody is to have what is in a buffer
 * @pool: the pool
 * @buf: in no list, and not with the device
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_wipe(struct vrng_pool *pool, struct vrng_buf *buf)
{
	/* All of it: the device may have written more than it said. */
	memzero_explicit(buf->data, buf->size);
	vrng_requests_idle(pool, buf);
}

/* Leaves the rest to vrng_pool_release(). */
static void requests_hold(struct vrng_pool *pool)
{
	if (pool->holding)
		return;
	pool->holding = true;
	pool->backoff = clamp(pool->backoff * 2, VRNG_POOL_BACKOFF_MIN,
			      VRNG_POOL_BACKOFF_MAX);
	pool->queue->defer(pool->queue, pool->backoff);
}

static bool requests_post(struct vrng_pool *pool, struct vrng_buf *buf)
{
	int err = pool->queue->post(pool->queue, buf);

	if (err) {
		/*
		 * A full ring has answers to come, and the next of them goes on.
		 * Else memory for DMA may be short for a moment.
		 */
		if (err != -ENOSPC)
			requests_hold(pool);
		return false;
	}
	buf->epoch = pool->epoch;
	if (!pool->nr_posted++)
		vrng_rate_begin(&pool->rate, ktime_get_ns());
	pool->counters.requests++;
	return true;
}

/* It goes round like the others as long as there are no others. */
static bool requests_wants_short(const struct vrng_pool *pool)
{
	return pool->short_idle && (pool->short_wanted || pool->nr_bufs == 1);
}

static bool requests_post_short(struct vrng_pool *pool)
{
	if (!requests_wants_short(pool) ||
	    !requests_post(pool, requests_short(pool)))
		return false;
	pool->short_wanted = false;
	pool->short_idle = false;
	pool->short_posted = true;
	return true;
}

/*
 * Not while the short one is out: a device that looks at all requests before it
 * answers any would take its time for them all.
 */
static bool requests_post_large(struct vrng_pool *pool)
{
	struct vrng_buf *buf = list_first_entry_or_null(&pool->idle,
							struct vrng_buf, node);

	if (!buf || pool->short_posted || !requests_post(pool, buf))
		return false;
	list_del(&buf->node);
	return true;
}

/**
 * vrng_requests_has_idle() - is there anything for vrng_requests_fill() to post?
 * @pool: the pool
 *
 * Context: the pool's lock is held.
 * Return: true if there is.
 */
bool vrng_requests_has_idle(const struct vrng_pool *pool)
{
	lockdep_assert_held(&pool->lock);
	return !list_empty(&pool->idle) || requests_wants_short(pool);
}

/**
 * vrng_requests_fill() - post all that is idle, unless it has to wait
 * @pool: the pool
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_fill(struct vrng_pool *pool)
{
	unsigned int nr = 0;

	lockdep_assert_held(&pool->lock);
	if (pool->state != VRNG_POOL_RUNNING || pool->holding)
		return;
	while (requests_post_short(pool) || requests_post_large(pool))
		nr++;
	if ((nr && !pool->queue->kick(pool->queue)) ||
	    pool->queue->is_broken(pool->queue))
		pool->state = VRNG_POOL_BROKEN;
}

static void requests_ready(struct vrng_pool *pool, struct vrng_buf *buf,
			   unsigned int len)
{
	buf->end = array_index_nospec(len, buf->size + 1);
	list_add_tail(&buf->node, &pool->ready);
	WRITE_ONCE(pool->buffered, pool->buffered + buf->end);
	pool->holding = false;
	pool->backoff = 0;
}

/* The device has used @buf, and claims to have written @len bytes. */
static void requests_complete(struct vrng_pool *pool, struct vrng_buf *buf,
			      unsigned int len)
{
	if (len > buf->size) {
		pool->counters.oversized++;
		len = buf->size;
	}
	pool->nr_posted--;
	if (buf == requests_short(pool))
		pool->short_posted = false;
	vrng_rate_account(&pool->rate, len, ktime_get_ns());
	if (!len) {
		pool->counters.zero_length++;
		vrng_requests_idle(pool, buf);
		requests_hold(pool);
	} else if (buf->epoch != pool->epoch) {
		pool->counters.dropped_on_fork += len;
		vrng_requests_wipe(pool, buf);
	} else {
		requests_ready(pool, buf, len);
	}
}

/**
 * vrng_requests_collect() - take in all that the device has answered
 * @pool: running
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_collect(struct vrng_pool *pool)
{
	struct vrng_buf *buf;
	unsigned int len;

	lockdep_assert_held(&pool->lock);
	while ((buf = pool->queue->get(pool->queue, &len)))
		requests_complete(pool, buf, len);
	if (pool->queue->is_broken(pool->queue))
		pool->state = VRNG_POOL_BROKEN;
}
