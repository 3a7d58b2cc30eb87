// SPDX-License-Identifier: GPL-2.0
/* A virtio entropy device for tests: has what is posted, and claims what it likes. */
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vrng_fake.h"

static const siphash_key_t vrng_fake_key = {{ 0x0123456789abcdefULL, 42 }};

static struct vrng_fake *vrng_fake_of(struct vrng_queue *queue)
{
	return container_of(queue, struct vrng_fake, queue);
}

static void *vrng_fake_alloc(struct vrng_queue *queue, size_t size, gfp_t gfp)
{
	struct vrng_fake *fake = vrng_fake_of(queue);

	fake->nr_allocs++;
	fake->gfp = gfp;
	if (!fake->allocs_left)
		return NULL;
	fake->allocs_left--;
	return kzalloc(size, GFP_KERNEL);
}

static int vrng_fake_post(struct vrng_queue *queue, struct vrng_buf *buf)
{
	struct vrng_fake *fake = vrng_fake_of(queue);

	if (fake->post_error)
		return fake->post_error;
	fake->posted[fake->posted_tail++ % VRNG_FAKE_RING] = buf;
	return 0;
}

static struct vrng_buf *vrng_fake_get(struct vrng_queue *queue, unsigned int *len)
{
	struct vrng_fake *fake = vrng_fake_of(queue);
	struct vrng_fake_used *used = &fake->used[fake->used_head % VRNG_FAKE_RING];

	if (fake->used_head == fake->used_tail)
		return NULL;
	fake->used_head++;
	*len = used->len;
	return used->buf;
}

static struct vrng_buf *vrng_fake_detach(struct vrng_queue *queue)
{
	struct vrng_fake *fake = vrng_fake_of(queue);

	/* What was used and not taken in is also still there. */
	if (fake->used_head != fake->used_tail)
		return fake->used[fake->used_head++ % VRNG_FAKE_RING].buf;
	if (fake->posted_head != fake->posted_tail)
		return fake->posted[fake->posted_head++ % VRNG_FAKE_RING];
	return NULL;
}

static void vrng_fake_kick(struct vrng_queue *queue)
{
	struct vrng_fake *fake = vrng_fake_of(queue);

	fake->nr_kicks++;
	fake->broken |= fake->kick_breaks;
}

static bool vrng_fake_is_broken(struct vrng_queue *queue)
{
	return vrng_fake_of(queue)->broken;
}

static void vrng_fake_work(struct vrng_queue *queue, bool wipe, bool seed)
{
	struct vrng_fake *fake = vrng_fake_of(queue);

	fake->nr_wipes += wipe;
	fake->nr_seeds += seed;
	if (fake->on_work)
		fake->on_work(fake);
}

/* In the place of a thread that waits. */
static int vrng_fake_woken(struct wait_queue_entry *entry, unsigned int mode,
			   int flags, void *key)
{
	container_of(entry, struct vrng_fake, waiter)->nr_wakes++;
	return 1;
}

static void vrng_fake_defer(struct vrng_queue *queue, unsigned int ms)
{
	vrng_fake_of(queue)->nr_defers++;
	vrng_fake_of(queue)->deferred_ms = ms;
}

unsigned int vrng_fake_nr_posted(const struct vrng_fake *fake)
{
	return fake->posted_tail - fake->posted_head;
}

/* The n-th byte that a device gives: like a random one, and never zero. */
u8 vrng_fake_byte(u64 n)
{
	return siphash_1u64(n / 8, &vrng_fake_key) >> n % 8 * 8 | 1;
}

/* Uses the n-th posted buffer: writes real bytes, claims @len. */
void vrng_fake_use(struct vrng_fake *fake, unsigned int n, unsigned int real,
		   unsigned int len)
{
	unsigned int at = fake->posted_head + n, i;
	struct vrng_buf *buf = fake->posted[at % VRNG_FAKE_RING];

	for (i = 0; i < real; i++)
		buf->data[i] = vrng_fake_byte(fake->nr_bytes++);
	for (; at != fake->posted_head; at--)
		fake->posted[at % VRNG_FAKE_RING] = fake->posted[(at - 1) % VRNG_FAKE_RING];
	fake->posted_head++;
	fake->used[fake->used_tail++ % VRNG_FAKE_RING] = (struct vrng_fake_used){ buf, len };
}

void vrng_fake_answer(struct vrng_fake *fake, unsigned int len)
{
	vrng_fake_use(fake, 0, min_t(unsigned int, len, VRNG_FAKE_SIZE), len);
	vrng_pool_harvest(&fake->pool);
	/* As the work item does. */
	vrng_pool_wipe(&fake->pool);
}

int vrng_fake_take(struct vrng_fake *fake, size_t len)
{
	u8 buf[1024];

	return vrng_pool_take(&fake->pool, buf, len, false);
}

/* A pool that is stopped; vrng_fake_exit() destroys only that of the suite's init. */
struct vrng_fake *vrng_fake_new(struct kunit *test)
{
	struct vrng_fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->queue = (struct vrng_queue){
		.alloc = vrng_fake_alloc,
		.post = vrng_fake_post,
		.get = vrng_fake_get,
		.detach = vrng_fake_detach,
		.kick = vrng_fake_kick,
		.is_broken = vrng_fake_is_broken,
		.defer = vrng_fake_defer,
		.work = vrng_fake_work,
	};
	fake->allocs_left = UINT_MAX;
	KUNIT_ASSERT_EQ(test, vrng_pool_init(&fake->pool, &fake->queue, VRNG_FAKE_NR,
					     VRNG_FAKE_SIZE, &vrng_fake_key), 0);
	init_waitqueue_func_entry(&fake->waiter, vrng_fake_woken);
	add_wait_queue(&fake->pool.waiters, &fake->waiter);
	return fake;
}

/* A suite's init: a pool that is stopped, with all of its buffers, in test->priv. */
int vrng_fake_init(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_new(test);

	test->priv = fake;
	return vrng_pool_grow(&fake->pool);
}

void vrng_fake_exit(struct kunit *test)
{
	struct vrng_fake *fake = test->priv;

	if (fake)
		vrng_pool_destroy(&fake->pool);
}

/* Started, and the short request answered and taken. */
struct vrng_fake *vrng_fake_started(struct kunit *test)
{
	struct vrng_fake *fake = test->priv;

	vrng_pool_start(&fake->pool);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_ASSERT_EQ(test, vrng_fake_take(fake, 1024), VRNG_POOL_SHORT_LEN);
	return fake;
}

bool vrng_fake_has(const struct vrng_fake *fake, const struct vrng_buf *buf)
{
	unsigned int i;

	for (i = fake->posted_head; i != fake->posted_tail; i++)
		if (fake->posted[i % VRNG_FAKE_RING] == buf)
			return true;
	return false;
}

/* Is what the device has, of before the last fork? */
bool vrng_fake_is_stale(const struct vrng_fake *fake)
{
	return fake->posted[fake->posted_head % VRNG_FAKE_RING]->epoch !=
	       fake->pool.epoch;
}

bool vrng_fake_is_zero(const u8 *data, size_t len)
{
	return !memchr_inv(data, 0, len);
}
