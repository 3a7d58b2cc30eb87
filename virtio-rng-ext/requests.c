// SPDX-License-Identifier: GPL-2.0
/*
 * The device's side of a pool: what is asked, and what comes of it. All of it
 * runs with the pool's lock, and interrupts off.
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

static struct vrng_buf *vrng_requests_short(struct vrng_pool *pool)
{
	return &pool->bufs[0];
}

/**
 * vrng_requests_idle() - a buffer is all zeros, and can be posted
 * @pool: the pool
 * @buf: in no list, and not with the device
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_idle(struct vrng_pool *pool, struct vrng_buf *buf)
{
	lockdep_assert_held(&pool->lock);
	buf->len = 0;
	buf->state = VRNG_BUF_IDLE;
	/* Its state is enough to find the short one by. */
	if (buf != vrng_requests_short(pool))
		list_add_tail(&buf->node, &pool->idle);
}

/**
 * vrng_requests_retire() - nobody is to have what is in a buffer
 * @pool: the pool
 * @buf: not with the device; leaves its list, if it is in one
 *
 * It goes to those that vrng_pool_wipe() wipes, as that takes its time; but the
 * short one is needed at once.
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_retire(struct vrng_pool *pool, struct vrng_buf *buf)
{
	lockdep_assert_held(&pool->lock);
	list_del_init(&buf->node);
	if (buf->size <= VRNG_POOL_SHORT_LEN) {
		memzero_explicit(buf->data, buf->size);
		vrng_requests_idle(pool, buf);
	} else {
		buf->state = VRNG_BUF_DIRTY;
		list_add_tail(&buf->node, &pool->dirty);
	}
}

/* Leaves the rest to vrng_pool_release(). */
static void vrng_requests_hold(struct vrng_pool *pool)
{
	if (pool->holding)
		return;
	pool->holding = true;
	WRITE_ONCE(pool->backoff, clamp(pool->backoff * 2, VRNG_POOL_BACKOFF_MIN,
					VRNG_POOL_BACKOFF_MAX));
	pool->queue->defer(pool->queue, pool->backoff);
}

/*
 * The short one goes round like the others as long as there are no others. While
 * it is out nothing else is posted: a device that looks at all requests before it
 * answers any would take its time for them all.
 */
static struct vrng_buf *vrng_requests_next(struct vrng_pool *pool)
{
	struct vrng_buf *first = vrng_requests_short(pool);

	if (first->state == VRNG_BUF_POSTED)
		return NULL;
	if (first->state == VRNG_BUF_IDLE &&
	    (pool->short_wanted || pool->nr_bufs == 1))
		return first;
	return list_first_entry_or_null(&pool->idle, struct vrng_buf, node);
}

static bool vrng_requests_post(struct vrng_pool *pool, struct vrng_buf *buf)
{
	int err = pool->queue->post(pool->queue, buf);

	if (err) {
		/*
		 * A full ring has answers to come, and the next of them goes on.
		 * Else memory for DMA may be short for a moment.
		 */
		if (err != -ENOSPC)
			vrng_requests_hold(pool);
		return false;
	}
	list_del_init(&buf->node);
	buf->state = VRNG_BUF_POSTED;
	buf->epoch = pool->epoch;
	if (buf == vrng_requests_short(pool))
		pool->short_wanted = false;
	if (!pool->nr_posted)
		vrng_rate_begin(&pool->rate, ktime_get_ns());
	WRITE_ONCE(pool->nr_posted, pool->nr_posted + 1);
	pool->counters.requests++;
	return true;
}

static void vrng_requests_check(struct vrng_pool *pool)
{
	if (pool->queue->is_broken(pool->queue))
		WRITE_ONCE(pool->state, VRNG_POOL_BROKEN);
}

/**
 * vrng_requests_fill() - post all that is idle, unless it has to wait
 * @pool: the pool; may be found broken, so vrng_pool_wake() is to follow
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_fill(struct vrng_pool *pool)
{
	struct vrng_buf *buf;
	unsigned int nr = 0;

	lockdep_assert_held(&pool->lock);
	if (pool->state != VRNG_POOL_RUNNING || pool->holding)
		return;
	while ((buf = vrng_requests_next(pool)) && vrng_requests_post(pool, buf))
		nr++;
	if (nr && !pool->queue->kick(pool->queue))
		WRITE_ONCE(pool->state, VRNG_POOL_BROKEN);
	vrng_requests_check(pool);
}

/* The device has used @buf, and claims to have written @len bytes. */
static void vrng_requests_complete(struct vrng_pool *pool, struct vrng_buf *buf,
				   unsigned int len)
{
	if (len > buf->size) {
		pool->counters.oversized++;
		len = buf->size;
	}
	len = array_index_nospec(len, buf->size + 1);
	WRITE_ONCE(pool->nr_posted, pool->nr_posted - 1);
	vrng_rate_account(&pool->rate, len, ktime_get_ns());
	if (!len) {
		pool->counters.zero_length++;
		vrng_requests_retire(pool, buf);
		vrng_requests_hold(pool);
		return;
	}
	if (buf->epoch != pool->epoch) {
		pool->counters.dropped_on_fork += len;
		vrng_requests_retire(pool, buf);
		return;
	}
	buf->len = len;
	buf->state = VRNG_BUF_READY;
	list_add_tail(&buf->node, &pool->ready);
	WRITE_ONCE(pool->ready_bytes, pool->ready_bytes + len);
	pool->holding = false;
	WRITE_ONCE(pool->backoff, 0);
}

/**
 * vrng_requests_collect() - take in all that the device has answered
 * @pool: running; may be found broken, so vrng_pool_wake() is to follow
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_collect(struct vrng_pool *pool)
{
	struct vrng_buf *buf;
	unsigned int len;

	lockdep_assert_held(&pool->lock);
	while ((buf = pool->queue->get(pool->queue, &len)))
		vrng_requests_complete(pool, buf, len);
	vrng_requests_check(pool);
}
