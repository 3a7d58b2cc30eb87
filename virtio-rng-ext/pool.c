// SPDX-License-Identifier: GPL-2.0
/*
 * The buffers of a device: pure, KUnit drives it with a fake queue.
 *
 * A buffer goes round: idle, posted, ready, and idle again when its last byte
 * was handed out. All that can be posted is, so the device fills what is behind
 * while a reader takes what is in front.
 *
 * A byte is wiped as it is handed out; so a device that claims to have written
 * more than it did hands out zeros, and not what somebody had before.
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pool.h"
#include "requests.h"

/**
 * vrng_pool_init() - set up a pool that is stopped, with the short buffer
 * @pool: zeroed memory
 * @queue: the way to the device
 *
 * Context: process context, sleeps.
 * Return: 0 or %-ENOMEM.
 */
int vrng_pool_init(struct vrng_pool *pool, struct vrng_queue *queue)
{
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->idle);
	INIT_LIST_HEAD(&pool->ready);
	pool->queue = queue;
	return vrng_pool_grow(pool, VRNG_POOL_SHORT_LEN);
}

/**
 * vrng_pool_grow() - add a buffer, and post it if the pool is running
 * @pool: the pool, with at most %VRNG_POOL_BUFS_MAX large buffers until now
 * @size: bytes in it
 *
 * Context: process context, sleeps; one at a time.
 * Return: 0 or %-ENOMEM.
 */
int vrng_pool_grow(struct vrng_pool *pool, unsigned int size)
{
	/* Zeroed: the device may claim what it does not write. */
	u8 *data = kzalloc(size, GFP_KERNEL | __GFP_NOWARN);
	struct vrng_buf *buf;
	unsigned long flags;

	if (!data)
		return -ENOMEM;
	spin_lock_irqsave(&pool->lock, flags);
	buf = &pool->bufs[pool->nr_bufs++];
	buf->data = data;
	buf->size = size;
	vrng_requests_idle(pool, buf);
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
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

static void pool_wipe_ready(struct vrng_pool *pool)
{
	struct vrng_buf *buf, *next;

	list_for_each_entry_safe(buf, next, &pool->ready, node) {
		list_del(&buf->node);
		vrng_requests_wipe(pool, buf);
	}
	WRITE_ONCE(pool->buffered, 0);
}

static void pool_wake(struct vrng_pool *pool)
{
	if (vrng_pool_is_worth_a_look(pool) || vrng_pool_has_first(pool))
		pool->queue->wake(pool->queue);
}

/**
 * vrng_pool_start() - begin to ask the device
 * @pool: stopped, with a queue that is ready
 *
 * The short request goes first: what is behind it may take its time.
 *
 * Context: any.
 */
void vrng_pool_start(struct vrng_pool *pool)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->state != VRNG_POOL_GONE)
		pool->state = VRNG_POOL_RUNNING;
	pool->short_wanted = true;
	pool->holding = false;
	pool->backoff = 0;
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
}

/**
 * vrng_pool_stop() - touch the queue no more, and wake all who wait
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
		pool->state = state;
	spin_unlock_irqrestore(&pool->lock, flags);
	pool->queue->wake(pool->queue);
}

/**
 * vrng_pool_reclaim() - forget all bytes, and take the posted buffers back
 * @pool: stopped, with a device that has been reset
 *
 * Context: any.
 */
void vrng_pool_reclaim(struct vrng_pool *pool)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&pool->lock, flags);
	INIT_LIST_HEAD(&pool->idle);
	INIT_LIST_HEAD(&pool->ready);
	for (i = 0; i < pool->nr_bufs; i++)
		vrng_requests_wipe(pool, &pool->bufs[i]);
	WRITE_ONCE(pool->buffered, 0);
	pool->nr_posted = 0;
	pool->short_posted = false;
	spin_unlock_irqrestore(&pool->lock, flags);
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
	pool_wake(pool);
}

/**
 * vrng_pool_release() - go on after a hold
 * @pool: the pool
 *
 * Context: any.
 */
void vrng_pool_release(struct vrng_pool *pool)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	pool->holding = false;
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	pool_wake(pool);
}

/*
 * Reads and wipes, in one pass, and a word at a time: readers take a few bytes,
 * and string instructions are slow to get going.
 */
static void pool_move(u8 *dst, u8 *src, size_t len)
{
	for (; len >= sizeof(u64); len -= sizeof(u64)) {
		memcpy(dst, src, sizeof(u64));
		memset(src, 0, sizeof(u64));
		dst += sizeof(u64);
		src += sizeof(u64);
	}
	for (; len; len--) {
		*dst++ = *src;
		*src++ = 0;
	}
	barrier_data(src);
}

static size_t pool_copy(struct vrng_pool *pool, void *dst, size_t len)
{
	struct vrng_buf *buf, *next;
	size_t copied = 0;

	list_for_each_entry_safe(buf, next, &pool->ready, node) {
		size_t part = min_t(size_t, len - copied, buf->end - buf->begin);

		pool_move(dst + copied, buf->data + buf->begin, part);
		buf->begin += part;
		copied += part;
		if (buf->begin < buf->end)
			break;
		list_del(&buf->node);
		vrng_requests_idle(pool, buf);
	}
	WRITE_ONCE(pool->buffered, pool->buffered - copied);
	pool->counters.bytes += copied;
	if (vrng_requests_has_idle(pool))
		vrng_requests_fill(pool);
	return copied;
}

static int pool_error(const struct vrng_pool *pool)
{
	switch (pool->state) {
	case VRNG_POOL_GONE:
		return -ENODEV;
	case VRNG_POOL_BROKEN:
		return -EIO;
	default:
		return 0;
	}
}

/**
 * vrng_pool_take() - hand out bytes that are there
 * @pool: the pool
 * @dst: receives them
 * @len: how many are wanted
 * @waits: will the caller wait if there are none? For the statistics.
 *
 * Context: any.
 * Return: how many there were, at most %VRNG_POOL_TAKE_MAX; 0 if there are none
 * now; %-ENODEV or %-EIO if there will be none.
 */
int vrng_pool_take(struct vrng_pool *pool, void *dst, size_t len, bool waits)
{
	unsigned long flags;
	int ret;

	len = min_t(size_t, len, VRNG_POOL_TAKE_MAX);
	spin_lock_irqsave(&pool->lock, flags);
	ret = pool_error(pool);
	if (!ret && !pool->first_reserved)
		ret = pool_copy(pool, dst, len);
	if (!ret)
		pool->counters.waits += waits;
	spin_unlock_irqrestore(&pool->lock, flags);
	return ret;
}

/* Fewer are enough if no more can come, as all buffers are here with a few. */
static bool pool_has_first(const struct vrng_pool *pool)
{
	return READ_ONCE(pool->buffered) >= VRNG_POOL_FIRST_LEN ||
	       (READ_ONCE(pool->buffered) && !READ_ONCE(pool->nr_posted));
}

/**
 * vrng_pool_take_first() - take the first bytes after vrng_pool_drop()
 * @pool: the pool
 * @dst: receives them
 * @len: how many are wanted, at least %VRNG_POOL_FIRST_LEN
 *
 * Context: any.
 * Return: how many there were; 0 if there are too few to reseed from, or nobody
 * has to take them.
 */
int vrng_pool_take_first(struct vrng_pool *pool, void *dst, size_t len)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->first_reserved && pool_has_first(pool)) {
		ret = pool_copy(pool, dst, len);
		pool->first_reserved = false;
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	if (ret)
		pool_wake(pool);
	return ret;
}

/**
 * vrng_pool_drop() - use nothing that the device gave until now
 * @pool: the pool
 *
 * For a fork, after which the siblings share what was fetched before. That is
 * wiped; what is in flight may have been there before as well, and is dropped
 * when it comes. A short request goes out. Its answer is kept back for
 * vrng_pool_take_first().
 *
 * Context: any. No allocation.
 */
void vrng_pool_drop(struct vrng_pool *pool)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->state == VRNG_POOL_RUNNING)
		vrng_requests_collect(pool);
	pool->counters.dropped_on_fork += pool->buffered;
	pool_wipe_ready(pool);
	pool->epoch++;
	pool->first_reserved = true;
	pool->short_wanted = true;
	pool->holding = false;
	vrng_requests_fill(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	pool_wake(pool);
}

/**
 * vrng_pool_is_worth_a_look() - will vrng_pool_take() have an answer?
 * @pool: the pool
 *
 * Context: any; without the lock: a hint, for a wait queue's condition.
 * Return: true if there are bytes, or an error.
 */
bool vrng_pool_is_worth_a_look(struct vrng_pool *pool)
{
	return READ_ONCE(pool->state) > VRNG_POOL_RUNNING ||
	       (READ_ONCE(pool->buffered) && !READ_ONCE(pool->first_reserved));
}

/**
 * vrng_pool_has_first() - will vrng_pool_take_first() have bytes?
 * @pool: the pool
 *
 * Context: any; without the lock: a hint, for a wait queue's condition.
 * Return: true if it is to be called.
 */
bool vrng_pool_has_first(struct vrng_pool *pool)
{
	return READ_ONCE(pool->first_reserved) && pool_has_first(pool);
}
