/* SPDX-License-Identifier: GPL-2.0 */
/* Which byte of the device is where, and who may have it: the rules of the target pool. */
#ifndef FUZZ_POOL_MODEL_H
#define FUZZ_POOL_MODEL_H

#include <linux/errno.h>

#include "../virtio-rng-ext/fork.h"
#include "fuzz.h"

#define POOL_BUFS	(1 + VRNG_POOL_BUFS_MAX)

#define POOL_STUCK_BYTE	0x77
/* Of a device that is stuck from the beginning two samples pass, and what is behind them. */
#define POOL_STUCK_MAX	(2 * VRNG_MONITOR_STRIDE + sizeof(u64))

/**
 * struct pool_answer - a buffer that the device has, or has used
 * @buf: the buffer
 * @epoch: when it was posted
 * @first: number of the first byte that was written
 * @real: how many were written
 * @len: how many the device claims
 * @is_stuck: all of them are the same
 */
struct pool_answer {
	struct vrng_buf *buf;
	unsigned int epoch;
	u64 first;
	unsigned int real;
	unsigned int len;
	bool is_stuck;
};

/**
 * struct pool_device - a device, the pool of its buffers, and a model of both
 * @posted: what the device has
 * @used: what it has answered, and the pool has not taken in
 * @ready: what the pool may hand out, in order
 * @taken: how many bytes of @ready[0] it has
 * @epoch: counts forks
 * @is_reserved: the next bytes are a seed
 */
struct pool_device {
	struct vrng_queue queue;
	struct vrng_pool pool;
	struct vrng_fork fork;
	struct chv_krng krng;
	struct fuzz_input *in;
	bool is_attached, is_broken, kick_breaks, is_deferred, is_stuck, is_read;
	bool wants_wipe, wants_seed, has_seeded;
	int post_error;
	unsigned int allocs_left, nr_reseeds;
	int nr_filtered;

	struct pool_answer posted[POOL_BUFS], used[POOL_BUFS], ready[POOL_BUFS];
	unsigned int nr_posted, nr_used, nr_ready, taken;
	u64 nr_bytes, nr_read, nr_seed, nr_dropped, nr_requests, nr_zero, nr_oversized;
	unsigned int epoch;
	bool is_reserved;
	bool had_post_error;	/* and no answer since, which would have tried again */
	bool was_ever_right;	/* the device gave something else than the same byte */
	bool had_trouble;	/* the device gave something that is not random */
};

/* The n-th byte of the device: no zero, and no two words the same. */
static inline u8 pool_byte(const struct pool_answer *answer, unsigned int i)
{
	u64 n = answer->first + i;

	if (i >= answer->real)
		return 0;
	return answer->is_stuck ? POOL_STUCK_BYTE : fuzz_hash(n / 8) >> n % 8 * 8 | 1;
}

static inline struct pool_answer pool_model_remove(struct pool_answer *list, unsigned int *nr,
						   unsigned int at)
{
	struct pool_answer answer = list[at];

	fuzz_check(at < *nr);
	memmove(&list[at], &list[at + 1], (--*nr - at) * sizeof(*list));
	return answer;
}

static inline void pool_model_posted(struct pool_device *dev, struct vrng_buf *buf)
{
	unsigned int i;

	fuzz_check(dev->nr_posted + dev->nr_used < dev->pool.nr_bufs);
	for (i = 0; i < dev->nr_posted; i++)
		fuzz_check(dev->posted[i].buf != buf);
	for (i = 0; i < dev->nr_used; i++)
		fuzz_check(dev->used[i].buf != buf);
	/* A reader gives an empty one back before the model learns what was in it. */
	for (i = 0; i < dev->nr_ready && !dev->is_read; i++)
		fuzz_check(dev->ready[i].buf != buf);
	dev->posted[dev->nr_posted++] = (struct pool_answer){ .buf = buf, .epoch = dev->epoch };
	dev->nr_requests++;
}

static inline void pool_model_answered(struct pool_device *dev, unsigned int at,
				       unsigned int real, unsigned int len)
{
	struct pool_answer answer = pool_model_remove(dev->posted, &dev->nr_posted, at);
	unsigned int i;

	/* Words begin where answers do, so that no two answers share one. */
	answer.first = dev->nr_bytes;
	dev->nr_bytes += (real + 7) / 8 * 8;
	answer.real = real;
	answer.len = len;
	answer.is_stuck = dev->is_stuck;
	for (i = 0; i < real; i++)
		answer.buf->data[i] = pool_byte(&answer, i);
	dev->used[dev->nr_used++] = answer;
}

/* The pool asks what the device has used. */
static inline struct vrng_buf *pool_model_taken_in(struct pool_device *dev, unsigned int *len)
{
	struct pool_answer answer;

	if (!dev->nr_used)
		return NULL;
	answer = pool_model_remove(dev->used, &dev->nr_used, 0);
	*len = answer.len;
	dev->nr_zero += !answer.len;
	if (answer.len > answer.buf->size) {
		dev->nr_oversized++;
		answer.len = answer.buf->size;
	}
	dev->was_ever_right |= answer.len && (!answer.is_stuck || answer.real < answer.len);
	dev->had_trouble |= answer.is_stuck || answer.real < answer.len;
	if (answer.epoch != dev->epoch)
		dev->nr_dropped += answer.len;
	else if (answer.len)
		dev->ready[dev->nr_ready++] = answer;
	return answer.buf;
}

static inline struct vrng_buf *pool_model_detached(struct pool_device *dev)
{
	fuzz_check(dev->pool.state != VRNG_POOL_RUNNING);
	if (dev->nr_used)
		return pool_model_remove(dev->used, &dev->nr_used, 0).buf;
	if (dev->nr_posted)
		return pool_model_remove(dev->posted, &dev->nr_posted, 0).buf;
	return NULL;
}

static inline unsigned int pool_model_left(const struct pool_device *dev)
{
	unsigned int i, left = 0;

	for (i = 0; i < dev->nr_ready; i++)
		left += dev->ready[i].len;
	return left - dev->taken;
}

/* Bytes that go to somebody: the next ones, and none of them again. */
static inline void pool_model_read(struct pool_device *dev, const u8 *buf, size_t len)
{
	size_t i;

	fuzz_check(!dev->is_reserved);
	for (i = 0; i < len; i++) {
		fuzz_check(dev->nr_ready);
		fuzz_check(buf[i] == pool_byte(&dev->ready[0], dev->taken));
		if (++dev->taken < dev->ready[0].len)
			continue;
		dev->taken = 0;
		pool_model_remove(dev->ready, &dev->nr_ready, 0);
	}
	dev->nr_read += len;
	fuzz_check(dev->was_ever_right || dev->nr_read <= POOL_STUCK_MAX + dev->nr_seed);
}

/* Had all buffers a few bytes? Those that are posted are so because they have been emptied. */
static inline bool pool_model_no_more_can_come(const struct pool_device *dev)
{
	unsigned int i, j;

	for (i = 0; i < dev->nr_posted; i++) {
		for (j = 0; j < dev->nr_ready; j++)
			if (dev->ready[j].buf == dev->posted[i].buf)
				break;
		if (j == dev->nr_ready)
			return false;
	}
	return !dev->nr_used;
}

static inline void pool_model_seed(struct pool_device *dev, const u8 *buf, size_t len)
{
	fuzz_check(dev->is_reserved);
	fuzz_check(len >= VRNG_POOL_SEED_LEN ||
		   (len == pool_model_left(dev) && pool_model_no_more_can_come(dev)));
	dev->is_reserved = false;
	dev->has_seeded = true;
	/* It is mixed, and not judged. */
	dev->nr_seed += len;
	pool_model_read(dev, buf, len);
}

/* A reader got no bytes: is there a reason? */
static inline void pool_model_nothing(const struct pool_device *dev, int ret)
{
	const struct vrng_pool *pool = &dev->pool;

	if (ret) {
		fuzz_check(ret == (pool->state == VRNG_POOL_GONE ? -ENODEV : -EIO));
		fuzz_check(pool->state >= VRNG_POOL_BROKEN || pool->monitor.health.failed);
	} else {
		fuzz_check(dev->is_reserved || !pool_model_left(dev));
	}
}

static inline void pool_model_forget(struct pool_device *dev)
{
	dev->nr_ready = 0;
	dev->taken = 0;
}

/* Before the pool hears of it: what it takes in from here on is of before the fork. */
static inline void pool_model_forked(struct pool_device *dev)
{
	dev->nr_dropped += pool_model_left(dev);
	pool_model_forget(dev);
	dev->epoch++;
	dev->is_reserved = true;
	dev->has_seeded = false;
}

static inline void pool_model_reset(struct pool_device *dev)
{
	pool_model_forget(dev);
}

static inline unsigned int pool_model_count(const struct list_head *head)
{
	const struct list_head *node;
	unsigned int nr = 0;

	for (node = head->next; node != head; node = node->next)
		fuzz_check(nr++ < POOL_BUFS && node->next->prev == node);
	return nr;
}

/* Each buffer is in the place that its state names. */
static inline void pool_model_check_places(const struct pool_device *dev)
{
	const struct vrng_pool *pool = &dev->pool;
	unsigned int i, nr[4] = {};
	bool is_short_idle = pool->bufs[0].state == VRNG_BUF_IDLE;

	for (i = 0; i < pool->nr_bufs; i++) {
		fuzz_check(pool->bufs[i].state <= VRNG_BUF_DIRTY);
		nr[pool->bufs[i].state]++;
	}
	fuzz_check(pool_model_count(&pool->idle) + is_short_idle == nr[VRNG_BUF_IDLE]);
	fuzz_check(pool_model_count(&pool->ready) + !!pool->front == nr[VRNG_BUF_READY]);
	fuzz_check(pool_model_count(&pool->dirty) == nr[VRNG_BUF_DIRTY]);
	fuzz_check(pool->nr_posted == nr[VRNG_BUF_POSTED]);
	fuzz_check(dev->nr_posted + dev->nr_used == nr[VRNG_BUF_POSTED]);
	/* What can be asked for is asked for, unless there is a reason. */
	if (pool->state == VRNG_POOL_RUNNING && !pool->backing_off && !dev->had_post_error &&
	    pool->bufs[0].state != VRNG_BUF_POSTED)
		fuzz_check(list_empty_careful(&pool->idle));
	fuzz_check(!nr[VRNG_BUF_DIRTY] || dev->wants_wipe);
}

/* After each operation. */
static inline void pool_model_check(const struct pool_device *dev)
{
	const struct vrng_pool *pool = &dev->pool;

	fuzz_check(!pool->lock.is_held && !pool->read_lock.is_held);
	fuzz_check(!dev->fork.lock.lock.is_held);
	fuzz_check(vrng_pool_buffered(pool) == pool_model_left(dev));
	fuzz_check(pool->judged <= pool->left);
	fuzz_check(pool->seed_reserved == dev->is_reserved);
	fuzz_check(pool->counters.read_bytes == dev->nr_read);
	fuzz_check(pool->counters.requests == dev->nr_requests);
	fuzz_check(pool->counters.zero_length == dev->nr_zero);
	fuzz_check(pool->counters.oversized == dev->nr_oversized);
	fuzz_check(pool->counters.fork_dropped_bytes == dev->nr_dropped);
	/* No false alarm. */
	fuzz_check(dev->had_trouble || !pool->monitor.health.failed);
	/* A seed that is there is taken. */
	fuzz_check(!vrng_pool_has_seed(pool) || dev->wants_seed);
	pool_model_check_places(dev);
}

#endif /* FUZZ_POOL_MODEL_H */
