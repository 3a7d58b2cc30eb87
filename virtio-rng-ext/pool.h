/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_POOL_H
#define VRNG_POOL_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "monitor.h"
#include "rate.h"

#define VRNG_POOL_BUFS_MAX	16	/* besides the short one */
#define VRNG_POOL_SHORT_LEN	64	/* answered at once, even by a limited host */
#define VRNG_POOL_SEED_LEN	32	/* 256 bits, what a reseed should have */
#define VRNG_POOL_TAKE_MAX	1024	/* handed out in one go */
#define VRNG_POOL_JUDGE_MAX	8192	/* judged in one go: some microseconds */
#define VRNG_POOL_BACKOFF_MIN	10	/* ms */
#define VRNG_POOL_BACKOFF_MAX	1000	/* ms */
#define VRNG_POOL_GROW_MIN	1000	/* ms */
#define VRNG_POOL_GROW_MAX	60000	/* ms */

/**
 * enum vrng_buf_state - where a buffer is
 * @VRNG_BUF_IDLE: here, and all zeros; a large one is in &vrng_pool.idle
 * @VRNG_BUF_POSTED: the device has it
 * @VRNG_BUF_READY: has bytes: in &vrng_pool.ready, or the &vrng_pool.front
 * @VRNG_BUF_DIRTY: to be wiped: in &vrng_pool.dirty, or on its way from there
 */
enum vrng_buf_state {
	VRNG_BUF_IDLE,
	VRNG_BUF_POSTED,
	VRNG_BUF_READY,
	VRNG_BUF_DIRTY,
};

/**
 * struct vrng_buf - a buffer for the device to fill
 * @node: in the list that @state names
 * @data: its memory, suitable for DMA
 * @size: of @data in bytes
 * @len: how many of them the device has written, as far as it says
 * @epoch: the pool's when the buffer was posted
 * @state: where it is
 */
struct vrng_buf {
	struct list_head node;
	u8 *data;
	unsigned int size;
	unsigned int len;
	u32 epoch;
	enum vrng_buf_state state;
};

/**
 * struct vrng_queue - what a pool needs of its device
 * @alloc: zeroed memory, for kfree_sensitive(), or %NULL
 * @post: make a buffer available; 0 or an error
 * @get: the next buffer that the device has used, and the length that it claims;
 *	NULL if there is none
 * @detach: take back a buffer that was posted, from a device that has been reset;
 *	NULL if there is none left
 * @kick: tell the device
 * @is_broken: is the queue of no use any more?
 * @defer: call vrng_pool_backoff_end() after some ms
 * @work: from process context, call vrng_pool_wipe() if @wipe, and
 *	vrng_pool_take_seed() if @seed
 *
 * @alloc is called in process context without locks, @work in any context
 * without the pool's locks, the others with &vrng_pool.lock.
 */
struct vrng_queue {
	void *(*alloc)(struct vrng_queue *queue, size_t size, gfp_t gfp);
	int (*post)(struct vrng_queue *queue, struct vrng_buf *buf);
	struct vrng_buf *(*get)(struct vrng_queue *queue, unsigned int *len);
	struct vrng_buf *(*detach)(struct vrng_queue *queue);
	void (*kick)(struct vrng_queue *queue);
	bool (*is_broken)(struct vrng_queue *queue);
	void (*defer)(struct vrng_queue *queue, unsigned int ms);
	void (*work)(struct vrng_queue *queue, bool wipe, bool seed);
};

/**
 * struct vrng_pool_counters - what has happened since the device was bound
 * @read_bytes: bytes handed out, the seeds among them
 * @read_waits: how often a reader found nothing and waited
 * @requests: buffers posted
 * @zero_length: answers without a byte
 * @oversized: answers that claim more bytes than there is room for
 * @fork_dropped_bytes: bytes that nobody got because of a fork
 *
 * &vrng_pool.read_lock guards @read_bytes and @read_waits, &vrng_pool.lock the
 * others. All are of one type: sysfs.c has a table of them.
 */
struct vrng_pool_counters {
	u64 read_bytes;
	u64 read_waits;
	u64 requests;
	u64 zero_length;
	u64 oversized;
	u64 fork_dropped_bytes;
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
 * @queue: what it needs of the device
 * @waiters: tasks that wait for bytes
 * @fork_node: in &vrng_fork.pools
 * @nr_wanted: how many large buffers it is to have
 * @buf_size: bytes in each of them
 * @grow_ms: until the next attempt to allocate what is missing
 *
 * @read_lock: guards what readers use, up to @monitor. Process context; taken
 *	before @lock.
 * @front: the buffer that bytes are taken from, or %NULL
 * @next: the first byte in it that nobody has had
 * @left: how many bytes there are from there on
 * @judged: how many of these @monitor has seen
 * @monitor: health of what is handed out
 *
 * @lock: guards all below, and the calls of @queue. With interrupts off: no
 *	buffer but the short one is copied, compared or wiped with it.
 * @state: what to expect
 * @epoch: counts forks; what was posted in an older one is not used
 * @bufs: the short buffer, then the large ones
 * @nr_bufs: how many
 * @nr_posted: how many the device has
 * @idle: large buffers to post
 * @ready: buffers with bytes, in the order in which they came
 * @dirty: buffers to wipe
 * @ready_bytes: in @ready
 * @short_wanted: is the short buffer to be posted, before all others?
 * @seed_reserved: the next bytes are for vrng_pool_take_seed()
 * @backing_off: no buffer is posted until vrng_pool_backoff_end()
 * @backoff_ms: length of the last back-off; 0 if bytes came since
 * @rate: of the device
 *
 * @counters: statistics
 */
struct vrng_pool {
	struct vrng_queue *queue;
	wait_queue_head_t waiters;
	struct list_head fork_node;
	unsigned int nr_wanted;
	unsigned int buf_size;
	unsigned int grow_ms;

	spinlock_t read_lock; /* guards front to monitor */
	struct vrng_buf *front;
	u8 *next;
	unsigned int left;
	unsigned int judged;
	struct vrng_monitor monitor;

	spinlock_t lock; /* guards state to rate, and the calls of queue */
	enum vrng_pool_state state;
	u32 epoch;
	struct vrng_buf bufs[1 + VRNG_POOL_BUFS_MAX];
	unsigned int nr_bufs;
	unsigned int nr_posted;
	struct list_head idle;
	struct list_head ready;
	struct list_head dirty;
	unsigned int ready_bytes;
	bool short_wanted;
	bool seed_reserved;
	bool backing_off;
	unsigned int backoff_ms;
	struct vrng_rate rate;

	struct vrng_pool_counters counters;
};

/* pool.c: its life */
int vrng_pool_init(struct vrng_pool *pool, struct vrng_queue *queue,
		   unsigned int nr, unsigned int size, const siphash_key_t *key);
unsigned int vrng_pool_grow(struct vrng_pool *pool);
void vrng_pool_destroy(struct vrng_pool *pool);
void vrng_pool_start(struct vrng_pool *pool);
void vrng_pool_stop(struct vrng_pool *pool, enum vrng_pool_state state);
void vrng_pool_reclaim(struct vrng_pool *pool);
void vrng_pool_harvest(struct vrng_pool *pool);
void vrng_pool_backoff_end(struct vrng_pool *pool);
void vrng_pool_drop(struct vrng_pool *pool);
bool vrng_pool_is_dirty(const struct vrng_pool *pool);
void vrng_pool_wipe(struct vrng_pool *pool);
void vrng_pool_wake(struct vrng_pool *pool);

/* reader.c: its bytes */
int vrng_pool_take(struct vrng_pool *pool, void *dst, size_t len, bool waits);
int vrng_pool_take_seed(struct vrng_pool *pool, void *dst, size_t len, long timeout);
unsigned int vrng_pool_buffered(const struct vrng_pool *pool);
bool vrng_pool_is_readable(const struct vrng_pool *pool);
bool vrng_pool_has_seed(const struct vrng_pool *pool);
bool vrng_pool_can_answer(const struct vrng_pool *pool);

#endif /* VRNG_POOL_H */
