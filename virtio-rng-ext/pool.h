/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_POOL_H
#define VRNG_POOL_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "rate.h"

#define VRNG_POOL_BUFS_MAX	16	/* besides the short one */
#define VRNG_POOL_SHORT_LEN	64	/* answered at once, even by a limited host */
#define VRNG_POOL_FIRST_LEN	32	/* 256 bits, what a reseed should have */
#define VRNG_POOL_TAKE_MAX	1024	/* copied with interrupts off */
#define VRNG_POOL_BACKOFF_MIN	10	/* ms */
#define VRNG_POOL_BACKOFF_MAX	1000	/* ms */

/**
 * struct vrng_buf - a buffer for the device to fill
 * @node: in the pool's list of idle or of ready buffers; in none while posted
 * @data: its memory, suitable for DMA
 * @size: of @data in bytes
 * @begin: the first byte that nobody has had
 * @end: behind the last of them
 * @epoch: the pool's when the buffer was posted
 */
struct vrng_buf {
	struct list_head node;
	u8 *data;
	unsigned int size;
	unsigned int begin;
	unsigned int end;
	u32 epoch;
};

/**
 * struct vrng_queue - the way to the device
 * @post: make a buffer available; 0 or an error
 * @get: the next buffer that the device has used, and the length that it claims;
 *	NULL if there is none
 * @kick: tell the device; false if the queue is broken
 * @is_broken: is the queue of no use any more?
 * @wake: bytes came, or none will: wake those who wait
 * @defer: call vrng_pool_release() after some ms
 *
 * @wake is called without locks, the others with the pool's.
 */
struct vrng_queue {
	int (*post)(struct vrng_queue *queue, struct vrng_buf *buf);
	struct vrng_buf *(*get)(struct vrng_queue *queue, unsigned int *len);
	bool (*kick)(struct vrng_queue *queue);
	bool (*is_broken)(struct vrng_queue *queue);
	void (*wake)(struct vrng_queue *queue);
	void (*defer)(struct vrng_queue *queue, unsigned int ms);
};

/**
 * struct vrng_pool_counters - what has happened since the device was bound
 * @bytes: handed out
 * @requests: buffers posted
 * @zero_length: of them, answered without a byte
 * @oversized: answered with more bytes than they have room for
 * @waits: how often a reader found nothing and waited
 * @dropped_on_fork: bytes
 */
struct vrng_pool_counters {
	u64 bytes;
	u64 requests;
	u64 zero_length;
	u64 oversized;
	u64 waits;
	u64 dropped_on_fork;
};

/**
 * enum vrng_pool_state - what to expect of a pool
 * @VRNG_POOL_STOPPED: nothing for now: not started yet, or suspended
 * @VRNG_POOL_RUNNING: bytes
 * @VRNG_POOL_BROKEN: nothing any more, the queue is broken
 * @VRNG_POOL_GONE: nothing any more, the device goes away
 */
enum vrng_pool_state {
	VRNG_POOL_STOPPED,
	VRNG_POOL_RUNNING,
	VRNG_POOL_BROKEN,
	VRNG_POOL_GONE,
};

/**
 * struct vrng_pool - the buffers of a device, and the bytes in them
 * @queue: the way to the device
 * @lock: guards all below, and the calls of @queue
 * @state: what to expect
 * @epoch: counts forks; what was posted in an older one is not used
 * @bufs: the short buffer, then the large ones
 * @nr_bufs: how many
 * @nr_posted: how many the device has
 * @idle: large buffers to post
 * @ready: buffers with bytes, in the order in which they came
 * @buffered: bytes in them
 * @short_idle: is the short buffer here, and empty?
 * @short_posted: has the device got it?
 * @short_wanted: is it to be posted, before all others?
 * @first_reserved: the next bytes are for vrng_pool_take_first()
 * @holding: no buffer is posted until vrng_pool_release()
 * @backoff: ms of the last hold; 0 if bytes came since
 * @rate: of the device
 * @counters: statistics
 */
struct vrng_pool {
	struct vrng_queue *queue;
	spinlock_t lock; /* guards all below, and the calls of @queue */
	enum vrng_pool_state state;
	u32 epoch;
	struct vrng_buf bufs[1 + VRNG_POOL_BUFS_MAX];
	unsigned int nr_bufs;
	unsigned int nr_posted;
	struct list_head idle;
	struct list_head ready;
	unsigned int buffered;
	bool short_idle;
	bool short_posted;
	bool short_wanted;
	bool first_reserved;
	bool holding;
	unsigned int backoff;
	struct vrng_rate rate;
	struct vrng_pool_counters counters;
};

int vrng_pool_init(struct vrng_pool *pool, struct vrng_queue *queue);
int vrng_pool_grow(struct vrng_pool *pool, unsigned int size);
void vrng_pool_destroy(struct vrng_pool *pool);
void vrng_pool_start(struct vrng_pool *pool);
void vrng_pool_stop(struct vrng_pool *pool, enum vrng_pool_state state);
void vrng_pool_reclaim(struct vrng_pool *pool);
void vrng_pool_harvest(struct vrng_pool *pool);
void vrng_pool_release(struct vrng_pool *pool);
int vrng_pool_take(struct vrng_pool *pool, void *dst, size_t len, bool waits);
int vrng_pool_take_first(struct vrng_pool *pool, void *dst, size_t len);
void vrng_pool_drop(struct vrng_pool *pool);
bool vrng_pool_is_worth_a_look(struct vrng_pool *pool);
bool vrng_pool_has_first(struct vrng_pool *pool);

#endif /* VRNG_POOL_H */
