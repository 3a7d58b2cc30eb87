// SPDX-License-Identifier: GPL-2.0
/*
 * The readers' side of a pool.
 *
 * hw_random reads 64 bytes at a time, a thousand times from a large buffer. So a
 * reader takes a buffer out of the lists and makes it the front, which the
 * interrupt handler never touches. A read from the front takes one lock, with
 * interrupts on.
 *
 * The health tests see a byte before a reader gets it, and it is wiped as it is
 * handed out.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "pool.h"
#include "requests.h"

/* Half a cache line: the compiler needs no loop and no string instruction. */
struct vrng_reader_words {
	u64 word[4];
};

/* Hands out and wipes in one pass: string instructions are slow to get going. */
static void vrng_reader_hand_out(struct vrng_pool *pool, u8 *dst, size_t len)
{
	struct vrng_reader_words *to = (void *)dst, *from = (void *)pool->next;
	size_t rest = len;
	u8 *src;

	for (; rest >= sizeof(*to); rest -= sizeof(*to), to++, from++) {
		*to = *from;
		*from = (struct vrng_reader_words){};
	}
	for (dst = (u8 *)to, src = (u8 *)from; rest; rest--) {
		*dst++ = *src;
		*src++ = 0;
	}
	barrier_data(src);
	pool->next += len;
	WRITE_ONCE(pool->left, pool->left - len);
	pool->counters.read_bytes += len;
}

/*
 * Gives an empty front back, and makes the next ready buffer the front; but while
 * a seed is reserved, for the seed alone.
 */
static void vrng_reader_turn(struct vrng_pool *pool, bool seed)
{
	struct vrng_buf *buf = pool->front;
	unsigned long flags;

	lockdep_assert_held(&pool->read_lock);
	/* What was handed out is wiped; the device may have written more. */
	if (buf)
		memzero_explicit(buf->data + buf->len, buf->size - buf->len);
	spin_lock_irqsave(&pool->lock, flags);
	if (buf) {
		vrng_requests_idle(pool, buf);
		vrng_requests_fill(pool);
		buf = NULL;
	}
	if (seed || !pool->seed_reserved)
		buf = list_first_entry_or_null(&pool->ready, struct vrng_buf, node);
	pool->front = buf;
	if (buf) {
		list_del_init(&buf->node);
		pool->next = buf->data;
		vrng_monitor_begin(&pool->monitor);
		WRITE_ONCE(pool->left, buf->len);
		WRITE_ONCE(pool->ready_bytes, pool->ready_bytes - buf->len);
	}
	spin_unlock_irqrestore(&pool->lock, flags);
}

/* A seed is mixed, which no byte can spoil: it is not judged. */
static int vrng_reader_copy(struct vrng_pool *pool, u8 *dst, size_t len, bool seed)
{
	unsigned int part, judge;
	size_t copied = 0;

	if (!pool->left)
		vrng_reader_turn(pool, seed);
	while (copied < len && pool->left) {
		judge = min_t(unsigned int, pool->left, VRNG_POOL_JUDGE_MAX);
		if (!seed && !pool->judged &&
		    vrng_monitor_check(&pool->monitor, pool->next, judge))
			pool->judged = judge;
		part = min_t(size_t, seed ? pool->left : pool->judged, len - copied);
		if (!part)
			break;
		vrng_reader_hand_out(pool, dst + copied, part);
		copied += part;
		if (!seed)
			pool->judged -= part;
		if (!pool->left)
			vrng_reader_turn(pool, seed);
	}
	return copied;
}

static int vrng_reader_error(const struct vrng_pool *pool)
{
	enum vrng_pool_state state = READ_ONCE(pool->state);

	if (state == VRNG_POOL_GONE)
		return -ENODEV;
	if (state == VRNG_POOL_BROKEN || READ_ONCE(pool->monitor.health.failed))
		return -EIO;
	return 0;
}

/**
 * vrng_pool_take() - hand out bytes that are there
 * @pool: the pool
 * @dst: receives them
 * @len: how many are wanted
 * @waits: will the caller wait if there are none? For the statistics.
 *
 * Context: process context.
 * Return: how many there were, at most %VRNG_POOL_TAKE_MAX; 0 if there are none
 * now; %-ENODEV if the device is gone, %-EIO if it is broken or unhealthy.
 */
int vrng_pool_take(struct vrng_pool *pool, void *dst, size_t len, bool waits)
{
	int ret;

	len = min_t(size_t, len, VRNG_POOL_TAKE_MAX);
	spin_lock(&pool->read_lock);
	if (likely(len < pool->judged && READ_ONCE(pool->state) <= VRNG_POOL_RUNNING)) {
		vrng_reader_hand_out(pool, dst, len);
		pool->judged -= len;
		spin_unlock(&pool->read_lock);
		return len;
	}
	ret = vrng_reader_error(pool);
	if (!ret) {
		ret = vrng_reader_copy(pool, dst, len, false);
		/* This read may be the one that finds the device unhealthy. */
		if (!ret)
			ret = vrng_reader_error(pool);
	}
	if (!ret)
		pool->counters.read_waits += waits;
	spin_unlock(&pool->read_lock);
	/* Readers that wait get the error too. */
	if (unlikely(vrng_reader_error(pool)))
		vrng_pool_wake(pool);
	return ret;
}

/**
 * vrng_pool_take_seed() - take the first bytes after vrng_pool_drop()
 * @pool: the pool
 * @dst: receives them; to be mixed, as they are not judged
 * @len: how many are wanted, at least %VRNG_POOL_SEED_LEN
 * @timeout: how long to wait for them in jiffies; none if it is not positive.
 *	The wait ends early if the device cannot answer.
 *
 * Context: process context, sleeps if @timeout is positive.
 * Return: how many there were; 0 if there are too few for a reseed, or the seed
 * of the last vrng_pool_drop() has been taken.
 */
int vrng_pool_take_seed(struct vrng_pool *pool, void *dst, size_t len, long timeout)
{
	unsigned long flags;
	int ret = 0;
	bool has;

	if (timeout > 0)
		wait_event_timeout(pool->waiters, vrng_pool_has_seed(pool) ||
				   !vrng_pool_can_answer(pool), timeout);
	spin_lock(&pool->read_lock);
	spin_lock_irqsave(&pool->lock, flags);
	has = vrng_pool_has_seed(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (has) {
		/* First: a buffer that is emptied now is not asked for the seed's sake. */
		WRITE_ONCE(pool->seed_reserved, false);
		ret = vrng_reader_copy(pool, dst, len, true);
	}
	spin_unlock(&pool->read_lock);
	/* The rest is for the readers. */
	if (ret)
		vrng_pool_wake(pool);
	return ret;
}

/**
 * vrng_pool_buffered() - how many bytes are here
 * @pool: the pool
 *
 * Context: any; without the locks: a hint.
 * Return: bytes that nobody has had.
 */
unsigned int vrng_pool_buffered(const struct vrng_pool *pool)
{
	return READ_ONCE(pool->left) + READ_ONCE(pool->ready_bytes);
}

/**
 * vrng_pool_is_readable() - will vrng_pool_take() return bytes or an error?
 * @pool: the pool
 *
 * Context: any; without the locks: a hint, for a wait queue's condition.
 * Return: true if it will; false if a reader has to wait.
 */
bool vrng_pool_is_readable(const struct vrng_pool *pool)
{
	return vrng_reader_error(pool) ||
	       (vrng_pool_buffered(pool) && !READ_ONCE(pool->seed_reserved));
}

/**
 * vrng_pool_has_seed() - will vrng_pool_take_seed() return bytes at once?
 * @pool: the pool
 *
 * Context: any; without the locks: a hint, for a wait queue's condition.
 * Return: true if a seed is reserved, and there are enough bytes, or all that
 * can come.
 */
bool vrng_pool_has_seed(const struct vrng_pool *pool)
{
	unsigned int i;

	if (!READ_ONCE(pool->seed_reserved))
		return false;
	if (vrng_pool_buffered(pool) >= VRNG_POOL_SEED_LEN)
		return true;
	/* With a few bytes in each buffer, none is left for more to come in. */
	for (i = 0; i < READ_ONCE(pool->nr_bufs); i++)
		if (READ_ONCE(pool->bufs[i].state) != VRNG_BUF_READY)
			return false;
	return true;
}

/**
 * vrng_pool_can_answer() - is it worth waiting for bytes?
 * @pool: the pool
 *
 * Context: any; without the locks: a hint, for a wait queue's condition.
 * Return: true if the device works, has a request to answer, and had a byte in
 * its last answer.
 */
bool vrng_pool_can_answer(const struct vrng_pool *pool)
{
	return READ_ONCE(pool->state) == VRNG_POOL_RUNNING &&
	       READ_ONCE(pool->nr_posted) && !READ_ONCE(pool->backoff_ms);
}
