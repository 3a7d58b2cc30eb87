// SPDX-License-Identifier: GPL-2.0
/*
 * The readers' side of a pool.
 *
 * They read 64 bytes at a time, a thousand times from each buffer. So a reader
 * takes a buffer out, as the front, and what it does to that is no business of
 * the interrupt handler's: a read that the front can serve has one lock, which
 * leaves interrupts on.
 *
 * A byte is wiped as it is handed out, and judged before.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "pool.h"
#include "requests.h"

/* Half a cache line: the compiler needs no loop and no string instruction. */
struct vrng_reader_words {
	u64 word[4];
};

/*
 * Reads and wipes, in one pass: readers take a few bytes, and string instructions
 * are slow to get going.
 */
static void vrng_reader_move(u8 *dst, u8 *src, size_t len)
{
	struct vrng_reader_words *to = (void *)dst, *from = (void *)src;

	for (; len >= sizeof(*to); len -= sizeof(*to), to++, from++) {
		*to = *from;
		*from = (struct vrng_reader_words){};
	}
	dst = (u8 *)to;
	src = (u8 *)from;
	for (; len; len--) {
		*dst++ = *src;
		*src++ = 0;
	}
	barrier_data(src);
}

/*
 * Gives an empty front back, and makes the next ready buffer the front, unless
 * that is reserved and this is not for whom it is.
 */
static void vrng_reader_turn(struct vrng_pool *pool, bool first)
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
	if (first || !pool->first_reserved)
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

/* Returns how many bytes of the front can be handed out. */
static unsigned int vrng_reader_judge(struct vrng_pool *pool)
{
	unsigned int len = min_t(unsigned int, pool->left, VRNG_POOL_JUDGE_MAX);

	if (vrng_monitor_check(&pool->monitor, pool->next, len))
		pool->judged = len;
	return pool->judged;
}

static void vrng_reader_hand_out(struct vrng_pool *pool, u8 *dst, size_t len)
{
	vrng_reader_move(dst, pool->next, len);
	pool->next += len;
	WRITE_ONCE(pool->left, pool->left - len);
	pool->counters.bytes += len;
}

static int vrng_reader_copy(struct vrng_pool *pool, u8 *dst, size_t len, bool first)
{
	size_t copied = 0;

	if (!pool->left)
		vrng_reader_turn(pool, first);
	while (copied < len && pool->left) {
		size_t part = first ? pool->left :
				      pool->judged ?: vrng_reader_judge(pool);

		if (!part)
			break;
		part = min(part, len - copied);
		vrng_reader_hand_out(pool, dst + copied, part);
		copied += part;
		pool->judged -= first ? 0 : part;
		if (!pool->left)
			vrng_reader_turn(pool, first);
	}
	return copied;
}

static int vrng_reader_error(const struct vrng_pool *pool)
{
	enum vrng_pool_state state = READ_ONCE(pool->state);

	if (state == VRNG_POOL_GONE)
		return -ENODEV;
	if (state == VRNG_POOL_BROKEN || pool->monitor.health.failed)
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
 * now; %-ENODEV or %-EIO if there will be none: it is gone, broken or unhealthy.
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
		/* That may have been the first to see it. */
		if (!ret)
			ret = vrng_reader_error(pool);
	}
	if (!ret)
		pool->counters.waits += waits;
	spin_unlock(&pool->read_lock);
	/* Who waits is to know as well. */
	if (unlikely(vrng_reader_error(pool)))
		vrng_pool_wake(pool);
	return ret;
}

/**
 * vrng_pool_take_first() - take the first bytes after vrng_pool_drop()
 * @pool: the pool
 * @dst: receives them
 * @len: how many are wanted, at least %VRNG_POOL_FIRST_LEN
 *
 * They are to be mixed, and not judged.
 *
 * Context: process context.
 * Return: how many there were; 0 if there are too few to reseed from, or nobody
 * has to take them.
 */
int vrng_pool_take_first(struct vrng_pool *pool, void *dst, size_t len)
{
	unsigned long flags;
	int ret = 0;
	bool has;

	spin_lock(&pool->read_lock);
	spin_lock_irqsave(&pool->lock, flags);
	has = vrng_pool_has_first(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (has) {
		ret = vrng_reader_copy(pool, dst, len, true);
		WRITE_ONCE(pool->first_reserved, false);
	}
	spin_unlock(&pool->read_lock);
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
 * vrng_pool_is_worth_a_look() - will vrng_pool_take() have an answer?
 * @pool: the pool
 *
 * Context: any; without the locks: a hint, for a wait queue's condition.
 * Return: true if there are bytes, or an error.
 */
bool vrng_pool_is_worth_a_look(const struct vrng_pool *pool)
{
	return READ_ONCE(pool->state) > VRNG_POOL_RUNNING ||
	       READ_ONCE(pool->monitor.health.failed) ||
	       (vrng_pool_buffered(pool) && !READ_ONCE(pool->first_reserved));
}

/**
 * vrng_pool_has_first() - will vrng_pool_take_first() have bytes?
 * @pool: the pool
 *
 * Context: any; without the locks: a hint, for a wait queue's condition.
 * Return: true if it is to be called.
 */
bool vrng_pool_has_first(const struct vrng_pool *pool)
{
	unsigned int i;

	if (!READ_ONCE(pool->first_reserved))
		return false;
	if (vrng_pool_buffered(pool) >= VRNG_POOL_FIRST_LEN)
		return true;
	/* Fewer are enough if each buffer is here with a few: no more come. */
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
 * Return: true if the device works, has something to answer, and its last
 * answer had a byte in it.
 */
bool vrng_pool_can_answer(const struct vrng_pool *pool)
{
	return READ_ONCE(pool->state) == VRNG_POOL_RUNNING &&
	       READ_ONCE(pool->nr_posted) && !READ_ONCE(pool->backoff);
}
