// SPDX-License-Identifier: GPL-2.0
/*
 * The life of the buffers of a device: pure, KUnit drives it with a fake queue.
 *
 * A buffer goes round: idle, posted, ready, and idle again when its last byte
 * was handed out. Every idle buffer is posted at once, so the device fills some
 * while a reader empties another. A buffer whose bytes nobody may use is dirty
 * until it has been wiped, and idle then.
 *
 * An idle buffer is all zeros. If a device claims more bytes than it wrote, the
 * reader gets zeros for them, and no byte that another reader had.
 */
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pool.h"
#include "requests.h"

/*
 * The short buffer does until there is a large one, so nothing is pressed for it:
 * the allocation may wake kswapd, and fails if it would have to reclaim, compact
 * or kill.
 */
#define VRNG_POOL_GFP_LARGE	((GFP_KERNEL & ~__GFP_DIRECT_RECLAIM) | \
			 __GFP_NORETRY | __GFP_NOWARN)

/* Returns false if there is no memory. */
static bool vrng_pool_add(struct vrng_pool *pool, unsigned int size, gfp_t gfp)
{
	u8 *data = pool->queue->alloc(pool->queue, size, gfp);
	struct vrng_buf *buf;
	unsigned long flags;

	if (!data)
		return false;
	spin_lock_irqsave(&pool->lock, flags);
	buf = &pool->bufs[pool->nr_bufs++];
	INIT_LIST_HEAD(&buf->node);
	buf->data = data;
	buf->size = size;
	vrng_requests_idle(pool, buf);
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	vrng_pool_wake(pool);
	return true;
}

/**
 * vrng_pool_init() - set up a pool that is stopped, with the short buffer
 * @pool: zeroed memory
 * @queue: what it needs of the device
 * @nr: number of large buffers that it is to have, %VRNG_POOL_BUFS_MAX at most
 * @size: bytes in each
 * @key: random, and the pool's own
 *
 * Context: process context, sleeps.
 * Return: 0 or %-ENOMEM.
 */
int vrng_pool_init(struct vrng_pool *pool, struct vrng_queue *queue,
		   unsigned int nr, unsigned int size, const siphash_key_t *key)
{
	spin_lock_init(&pool->read_lock);
	spin_lock_init(&pool->lock);
	init_waitqueue_head(&pool->waiters);
	INIT_LIST_HEAD(&pool->fork_node);
	INIT_LIST_HEAD(&pool->idle);
	INIT_LIST_HEAD(&pool->ready);
	INIT_LIST_HEAD(&pool->dirty);
	pool->queue = queue;
	pool->nr_wanted = nr;
	pool->buf_size = size;
	vrng_monitor_init(&pool->monitor, key);
	return vrng_pool_add(pool, VRNG_POOL_SHORT_LEN, GFP_KERNEL) ? 0 : -ENOMEM;
}

/**
 * vrng_pool_grow() - allocate the large buffers that are missing
 * @pool: the pool; they are posted if it is running
 *
 * Context: process context, sleeps; one at a time.
 * Return: 0 if it has all of them; or ms after which to try again.
 */
unsigned int vrng_pool_grow(struct vrng_pool *pool)
{
	while (pool->nr_bufs < 1 + pool->nr_wanted) {
		if (!vrng_pool_add(pool, pool->buf_size, VRNG_POOL_GFP_LARGE)) {
			pool->grow_ms = clamp(pool->grow_ms * 2,
					      VRNG_POOL_GROW_MIN,
					      VRNG_POOL_GROW_MAX);
			return pool->grow_ms;
		}
		pool->grow_ms = 0;
	}
	return 0;
}

/**
 * vrng_pool_destroy() - wipe and free the buffers
 * @pool: from vrng_pool_init(); the device has none of its buffers any more
 *
 * Context: process context.
 */
void vrng_pool_destroy(struct vrng_pool *pool)
{
	while (pool->nr_bufs)
		kfree_sensitive(pool->bufs[--pool->nr_bufs].data);
}

/**
 * vrng_pool_wake() - wake all that wait, and have the pool's work done
 * @pool: has changed in a way that may concern them
 *
 * Context: any, without the pool's locks.
 */
void vrng_pool_wake(struct vrng_pool *pool)
{
	bool dirty, seed;

	wake_up_all(&pool->waiters);
	dirty = vrng_pool_is_dirty(pool);
	seed = vrng_pool_has_seed(pool);
	if (dirty || seed)
		pool->queue->work(pool->queue, dirty, seed);
}

/**
 * vrng_pool_start() - begin to ask the device
 * @pool: stopped, with a queue that is ready
 *
 * The short request goes first, as a slow host answers it soonest.
 *
 * Context: any.
 */
void vrng_pool_start(struct vrng_pool *pool)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->state != VRNG_POOL_GONE)
		WRITE_ONCE(pool->state, VRNG_POOL_RUNNING);
	pool->short_wanted = true;
	pool->backing_off = false;
	WRITE_ONCE(pool->backoff_ms, 0);
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	vrng_pool_wake(pool);
}

/**
 * vrng_pool_stop() - touch the queue no more, and wake all that wait
 * @pool: the pool
 * @state: why; not %VRNG_POOL_RUNNING. A pool that is gone stays so.
 *
 * Context: any.
 */
void vrng_pool_stop(struct vrng_pool *pool, enum vrng_pool_state state)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->state != VRNG_POOL_GONE)
		WRITE_ONCE(pool->state, state);
	spin_unlock_irqrestore(&pool->lock, flags);
	vrng_pool_wake(pool);
}

/* Both locks are held. Returns how many bytes were here. */
static unsigned int vrng_pool_retire_all(struct vrng_pool *pool)
{
	unsigned int bytes = pool->left + pool->ready_bytes;
	struct vrng_buf *buf, *next;

	if (pool->front)
		vrng_requests_retire(pool, pool->front);
	pool->front = NULL;
	pool->judged = 0;
	WRITE_ONCE(pool->left, 0);
	list_for_each_entry_safe(buf, next, &pool->ready, node)
		vrng_requests_retire(pool, buf);
	WRITE_ONCE(pool->ready_bytes, 0);
	return bytes;
}

/**
 * vrng_pool_reclaim() - forget all bytes, and take the posted buffers back
 * @pool: stopped, with a device that has been reset, and its queue still there
 *
 * A buffer stays mapped for the device, or bounced, until it is detached.
 *
 * Context: process context, sleeps.
 */
void vrng_pool_reclaim(struct vrng_pool *pool)
{
	struct vrng_buf *buf;
	unsigned long flags;

	spin_lock(&pool->read_lock);
	spin_lock_irqsave(&pool->lock, flags);
	vrng_pool_retire_all(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	spin_unlock(&pool->read_lock);
	/* One at a time: unmapping copies what was bounced. */
	do {
		spin_lock_irqsave(&pool->lock, flags);
		buf = pool->queue->detach(pool->queue);
		if (buf) {
			WRITE_ONCE(pool->nr_posted, pool->nr_posted - 1);
			vrng_requests_retire(pool, buf);
		}
		spin_unlock_irqrestore(&pool->lock, flags);
	} while (buf);
	vrng_pool_wipe(pool);
}

/**
 * vrng_pool_harvest() - take in what the device has answered
 * @pool: the pool
 *
 * Context: any, as the queue's callback.
 */
void vrng_pool_harvest(struct vrng_pool *pool)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->state == VRNG_POOL_RUNNING) {
		vrng_requests_collect(pool);
		vrng_requests_fill(pool);
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	vrng_pool_wake(pool);
}

/**
 * vrng_pool_backoff_end() - post buffers again after a back-off
 * @pool: the pool
 *
 * Context: any.
 */
void vrng_pool_backoff_end(struct vrng_pool *pool)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	pool->backing_off = false;
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	vrng_pool_wake(pool);
}

/**
 * vrng_pool_drop() - use nothing that the device gave until now
 * @pool: the pool; vrng_pool_wipe() is to follow
 *
 * For a fork: the clones have the same bytes. An answer that is on its way may
 * have been written before the fork too, and is dropped when it comes. A short
 * request goes out, and the first bytes are reserved for vrng_pool_take_seed().
 *
 * Context: process context. Allocates nothing.
 */
void vrng_pool_drop(struct vrng_pool *pool)
{
	unsigned long flags;

	spin_lock(&pool->read_lock);
	spin_lock_irqsave(&pool->lock, flags);
	if (pool->state == VRNG_POOL_RUNNING)
		vrng_requests_collect(pool);
	pool->counters.fork_dropped_bytes += vrng_pool_retire_all(pool);
	pool->epoch++;
	WRITE_ONCE(pool->seed_reserved, true);
	pool->short_wanted = true;
	pool->backing_off = false;
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	spin_unlock(&pool->read_lock);
	vrng_pool_wake(pool);
}

/**
 * vrng_pool_is_dirty() - is there anything for vrng_pool_wipe() to do?
 * @pool: the pool
 *
 * Context: any; without the lock: a hint.
 * Return: true if it is to be called.
 */
bool vrng_pool_is_dirty(const struct vrng_pool *pool)
{
	return !list_empty_careful(&pool->dirty);
}

/**
 * vrng_pool_wipe() - wipe all dirty buffers, and post them
 * @pool: the pool
 *
 * One buffer at a time, without a lock: a megabyte takes its time.
 *
 * Context: process context, sleeps; calls may overlap.
 */
void vrng_pool_wipe(struct vrng_pool *pool)
{
	struct vrng_buf *buf;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	while ((buf = list_first_entry_or_null(&pool->dirty, struct vrng_buf, node))) {
		list_del_init(&buf->node);
		spin_unlock_irqrestore(&pool->lock, flags);
		/* All of it: the device may have written more than it said. */
		memzero_explicit(buf->data, buf->size);
		cond_resched();
		spin_lock_irqsave(&pool->lock, flags);
		vrng_requests_idle(pool, buf);
		vrng_requests_fill(pool);
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	vrng_pool_wake(pool);
}
