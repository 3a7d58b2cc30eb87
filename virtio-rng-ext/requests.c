// SPDX-License-Identifier: GPL-2.0
/*
 * The device's side of a pool: which buffers are posted, and what comes back.
 * All of it runs with the pool's lock held and interrupts off.
 *
 * The host is not trusted. The length that it claims is clamped, it may answer
 * in any order, and nothing relies on an answer.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/string.h>

#include "requests.h"

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
	/* The short one has its place in the pool, and is found by its state. */
	if (buf != &pool->bufs[0])
		list_add_tail(&buf->node, &pool->idle);
}

/**
 * vrng_requests_retire() - nobody may use what is in a buffer
 * @pool: the pool
 * @buf: not with the device; leaves its list, if it is in one
 *
 * A short buffer is wiped here, as it may be needed at once. A large one takes
 * too long for that, and is left to vrng_pool_wipe().
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

/* Posts nothing until vrng_pool_backoff_end(), or until the device gives bytes. */
static void vrng_requests_back_off(struct vrng_pool *pool)
{
	if (pool->backing_off)
		return;
	pool->backing_off = true;
	WRITE_ONCE(pool->backoff_ms, clamp(pool->backoff_ms * 2, VRNG_POOL_BACKOFF_MIN,
					   VRNG_POOL_BACKOFF_MAX));
	pool->queue->defer(pool->queue, pool->backoff_ms);
}

/*
 * Is the short buffer the only one that can bring what a seed still lacks? The others may
 * all have a few bytes, which nobody gets before the seed is taken.
 */
static bool vrng_requests_seed_lacks(const struct vrng_pool *pool)
{
	return READ_ONCE(pool->seed_reserved) && !pool->nr_posted && !vrng_pool_has_seed(pool);
}

/**
 * vrng_requests_fill() - post all idle buffers, unless the pool backs off
 * @pool: may be found broken, so vrng_pool_wake() has to follow
 *
 * While the short request is out, nothing else is posted: a device may look at
 * all requests before it answers any, and the short answer is to come fast. The
 * short buffer goes round like the others as long as there are no others.
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_fill(struct vrng_pool *pool)
{
	struct vrng_buf *first = &pool->bufs[0], *buf;
	bool posted = false;
	int err;

	lockdep_assert_held(&pool->lock);
	if (pool->state != VRNG_POOL_RUNNING)
		return;
	while (!pool->backing_off && first->state != VRNG_BUF_POSTED) {
		buf = list_first_entry_or_null(&pool->idle, struct vrng_buf, node);
		if (first->state == VRNG_BUF_IDLE &&
		    (pool->short_wanted || pool->nr_bufs == 1 ||
		     (!buf && vrng_requests_seed_lacks(pool))))
			buf = first;
		if (!buf)
			break;
		err = pool->queue->post(pool->queue, buf);
		if (err) {
			/*
			 * Memory for DMA may be short for a moment. If the ring is
			 * full, the next answer makes room.
			 */
			if (err != -ENOSPC)
				vrng_requests_back_off(pool);
			break;
		}
		list_del_init(&buf->node);
		buf->state = VRNG_BUF_POSTED;
		buf->epoch = pool->epoch;
		if (buf == first)
			pool->short_wanted = false;
		if (!pool->nr_posted)
			vrng_rate_begin(&pool->rate, ktime_get_ns());
		WRITE_ONCE(pool->nr_posted, pool->nr_posted + 1);
		pool->counters.requests++;
		posted = true;
	}
	if (posted)
		pool->queue->kick(pool->queue);
	/* A bad answer breaks the queue, and so does a kick that fails. */
	if (pool->queue->is_broken(pool->queue))
		WRITE_ONCE(pool->state, VRNG_POOL_BROKEN);
}

/**
 * vrng_requests_collect() - take in all that the device has answered
 * @pool: running; vrng_requests_fill() has to follow
 *
 * Context: the pool's lock is held.
 */
void vrng_requests_collect(struct vrng_pool *pool)
{
	struct vrng_buf *buf;
	unsigned int len;

	lockdep_assert_held(&pool->lock);
	while ((buf = pool->queue->get(pool->queue, &len))) {
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
			vrng_requests_back_off(pool);
		} else if (buf->epoch != pool->epoch) {
			/* Perhaps written before the fork, and so in each clone. */
			pool->counters.fork_dropped_bytes += len;
			vrng_requests_retire(pool, buf);
		} else {
			buf->len = len;
			buf->state = VRNG_BUF_READY;
			list_add_tail(&buf->node, &pool->ready);
			WRITE_ONCE(pool->ready_bytes, pool->ready_bytes + len);
			pool->backing_off = false;
			WRITE_ONCE(pool->backoff_ms, 0);
		}
	}
}
