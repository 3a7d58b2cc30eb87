// SPDX-License-Identifier: GPL-2.0
/* A virtio entropy device for tests: has what is posted, and claims what it likes. */
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "virtio_rng_fake.h"

static const siphash_key_t fake_key = {{ 0x0123456789abcdefULL, 42 }};

static struct fake *to_fake(struct vrng_queue *queue)
{
	return container_of(queue, struct fake, queue);
}

static void *fake_alloc(struct vrng_queue *queue, size_t size, gfp_t gfp)
{
	struct fake *fake = to_fake(queue);

	fake->nr_allocs++;
	fake->gfp = gfp;
	if (!fake->allocs_left)
		return NULL;
	fake->allocs_left--;
	return kzalloc(size, GFP_KERNEL);
}

static int fake_post(struct vrng_queue *queue, struct vrng_buf *buf)
{
	struct fake *fake = to_fake(queue);

	if (fake->post_error)
		return fake->post_error;
	fake->posted[fake->posted_tail++ % FAKE_RING] = buf;
	return 0;
}

static struct vrng_buf *fake_get(struct vrng_queue *queue, unsigned int *len)
{
	struct fake *fake = to_fake(queue);
	struct fake_used *used = &fake->used[fake->used_head % FAKE_RING];

	if (fake->used_head == fake->used_tail)
		return NULL;
	fake->used_head++;
	*len = used->len;
	return used->buf;
}

static struct vrng_buf *fake_detach(struct vrng_queue *queue)
{
	struct fake *fake = to_fake(queue);

	/* What was used and not taken in is also still there. */
	if (fake->used_head != fake->used_tail)
		return fake->used[fake->used_head++ % FAKE_RING].buf;
	if (fake->posted_head != fake->posted_tail)
		return fake->posted[fake->posted_head++ % FAKE_RING];
	return NULL;
}

static bool fake_kick(struct vrng_queue *queue)
{
	to_fake(queue)->nr_kicks++;
	return !to_fake(queue)->broken;
}

static bool fake_is_broken(struct vrng_queue *queue)
{
	return to_fake(queue)->broken;
}

static void fake_work(struct vrng_queue *queue)
{
	struct fake *fake = to_fake(queue);

	fake->nr_works++;
	if (fake->on_work)
		fake->on_work(fake);
}

/* In the place of a thread that waits. */
static int fake_woken(struct wait_queue_entry *entry, unsigned int mode,
		      int flags, void *key)
{
	container_of(entry, struct fake, waiter)->nr_wakes++;
	return 1;
}

static void fake_defer(struct vrng_queue *queue, unsigned int ms)
{
	to_fake(queue)->nr_defers++;
	to_fake(queue)->deferred_ms = ms;
}

unsigned int fake_nr_posted(const struct fake *fake)
{
	return fake->posted_tail - fake->posted_head;
}

/* The n-th byte that a device gives: like a random one, and never zero. */
u8 fake_byte(u64 n)
{
	return siphash_1u64(n / 8, &fake_key) >> n % 8 * 8 | 1;
}

/* Uses the n-th posted buffer: writes real bytes, claims @len. */
void fake_use(struct fake *fake, unsigned int n, unsigned int real,
	      unsigned int len)
{
	unsigned int at = fake->posted_head + n, i;
	struct vrng_buf *buf = fake->posted[at % FAKE_RING];

	for (i = 0; i < real; i++)
		buf->data[i] = fake_byte(fake->nr_bytes++);
	for (; at != fake->posted_head; at--)
		fake->posted[at % FAKE_RING] = fake->posted[(at - 1) % FAKE_RING];
	fake->posted_head++;
	fake->used[fake->used_tail++ % FAKE_RING] = (struct fake_used){ buf, len };
}

void fake_answer(struct fake *fake, unsigned int len)
{
	fake_use(fake, 0, min_t(unsigned int, len, FAKE_SIZE), len);
	vrng_pool_harvest(&fake->pool);
	/* As the work item does. */
	vrng_pool_wipe(&fake->pool);
}

int fake_take(struct fake *fake, size_t len)
{
	u8 buf[1024];

	return vrng_pool_take(&fake->pool, buf, len, false);
}

/* A pool that is stopped; fake_exit() destroys only that of the suite's init. */
struct fake *fake_new(struct kunit *test)
{
	struct fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->queue = (struct vrng_queue){
		.alloc = fake_alloc,
		.post = fake_post,
		.get = fake_get,
		.detach = fake_detach,
		.kick = fake_kick,
		.is_broken = fake_is_broken,
		.defer = fake_defer,
		.work = fake_work,
	};
	fake->allocs_left = UINT_MAX;
	KUNIT_ASSERT_EQ(test, vrng_pool_init(&fake->pool, &fake->queue, FAKE_NR,
					     FAKE_SIZE, &fake_key), 0);
	init_waitqueue_func_entry(&fake->waiter, fake_woken);
	add_wait_queue(&fake->pool.waiters, &fake->waiter);
	return fake;
}

/* A suite's init: a pool that is stopped, with all of its buffers, in test->priv. */
int fake_init(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	test->priv = fake;
	return vrng_pool_grow(&fake->pool);
}

void fake_exit(struct kunit *test)
{
	struct fake *fake = test->priv;

	if (fake)
		vrng_pool_destroy(&fake->pool);
}

/* Started, and the short request answered and taken. */
struct fake *fake_started(struct kunit *test)
{
	struct fake *fake = test->priv;

	vrng_pool_start(&fake->pool);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_ASSERT_EQ(test, fake_take(fake, 1024), VRNG_POOL_SHORT_LEN);
	return fake;
}

bool fake_has(const struct fake *fake, const struct vrng_buf *buf)
{
	unsigned int i;

	for (i = fake->posted_head; i != fake->posted_tail; i++)
		if (fake->posted[i % FAKE_RING] == buf)
			return true;
	return false;
}

/* Is what the device has, of before the last fork? */
bool fake_is_stale(const struct fake *fake)
{
	return fake->posted[fake->posted_head % FAKE_RING]->epoch !=
	       fake->pool.epoch;
}

bool fake_is_zero(const u8 *data, size_t len)
{
	return !memchr_inv(data, 0, len);
}
