/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VIRTIO_RNG_FAKE_H
#define VIRTIO_RNG_FAKE_H

#include "../virtio-rng-ext/pool.h"

#define FAKE_NR		3	/* large buffers */
#define FAKE_SIZE	256
#define FAKE_RING	32	/* more than buffers: nothing is ever full */

struct kunit;

struct fake_used {
	struct vrng_buf *buf;
	unsigned int len;
};

/* What the device has, in order, and what it has used. Free-running indices. */
struct fake {
	struct vrng_queue queue;
	struct vrng_buf *posted[FAKE_RING];
	unsigned int posted_head, posted_tail;
	struct fake_used used[FAKE_RING];
	unsigned int used_head, used_tail;
	unsigned int nr_kicks, nr_wakes, nr_works, nr_defers, deferred_ms;
	unsigned int nr_allocs, allocs_left;	/* until memory is short */
	gfp_t gfp;				/* of the last one */
	void (*on_work)(struct fake *fake);	/* may sleep, if it is set for a work item */
	bool broken;
	int post_error;
	u64 nr_bytes;				/* written so far */
	struct wait_queue_entry waiter;
	struct vrng_pool pool;
};

struct fake *fake_new(struct kunit *test);
int fake_init(struct kunit *test);
void fake_exit(struct kunit *test);
struct fake *fake_started(struct kunit *test);
void fake_use(struct fake *fake, unsigned int n, unsigned int real,
	      unsigned int len);
void fake_answer(struct fake *fake, unsigned int len);
u8 fake_byte(u64 n);
int fake_take(struct fake *fake, size_t len);
unsigned int fake_nr_posted(const struct fake *fake);
bool fake_has(const struct fake *fake, const struct vrng_buf *buf);
bool fake_is_stale(const struct fake *fake);
bool fake_is_zero(const u8 *data, size_t len);

#endif /* VIRTIO_RNG_FAKE_H */
