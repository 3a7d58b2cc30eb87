/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_FAKE_H
#define VRNG_FAKE_H

#include "../virtio-rng-ext/pool.h"

#define VRNG_FAKE_NR		3	/* large buffers */
#define VRNG_FAKE_SIZE	256
#define VRNG_FAKE_RING	32	/* more than buffers: nothing is ever full */

struct kunit;

struct vrng_fake_used {
	struct vrng_buf *buf;
	unsigned int len;
};

/* What the device has, in order, and what it has used. Free-running indices. */
struct vrng_fake {
	struct vrng_queue queue;
	struct vrng_buf *posted[VRNG_FAKE_RING];
	unsigned int posted_head, posted_tail;
	struct vrng_fake_used used[VRNG_FAKE_RING];
	unsigned int used_head, used_tail;
	unsigned int nr_kicks, nr_wakes, nr_wipes, nr_seeds;
	unsigned int nr_defers, deferred_ms;
	unsigned int nr_allocs, allocs_left;	/* until memory is short */
	gfp_t gfp;				/* of the last one */
	void (*on_work)(struct vrng_fake *fake); /* may sleep if set for a work item */
	bool broken, kick_breaks;
	int post_error;
	u64 nr_bytes;				/* written so far */
	struct wait_queue_entry waiter;
	struct vrng_pool pool;
};

struct vrng_fake *vrng_fake_new(struct kunit *test);
int vrng_fake_init(struct kunit *test);
void vrng_fake_exit(struct kunit *test);
struct vrng_fake *vrng_fake_started(struct kunit *test);
void vrng_fake_use(struct vrng_fake *fake, unsigned int n, unsigned int real,
		   unsigned int len);
void vrng_fake_answer(struct vrng_fake *fake, unsigned int len);
u8 vrng_fake_byte(u64 n);
int vrng_fake_take(struct vrng_fake *fake, size_t len);
unsigned int vrng_fake_nr_posted(const struct vrng_fake *fake);
bool vrng_fake_has(const struct vrng_fake *fake, const struct vrng_buf *buf);
bool vrng_fake_is_stale(const struct vrng_fake *fake);
bool vrng_fake_is_zero(const u8 *data, size_t len);

#endif /* VRNG_FAKE_H */
