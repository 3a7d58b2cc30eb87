// SPDX-License-Identifier: GPL-2.0
/* A virtio entropy device for tests: has what is posted, and claims what it likes. */
#include <kunit/test.h>
#include <linux/string.h>

#include "virtio_rng_fake.h"

static struct fake *to_fake(struct vrng_queue *queue)
{
	return container_of(queue, struct fake, queue);
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

static bool fake_kick(struct vrng_queue *queue)
{
	to_fake(queue)->nr_kicks++;
	return !to_fake(queue)->broken;
}

static bool fake_is_broken(struct vrng_queue *queue)
{
	return to_fake(queue)->broken;
}

static void fake_wake(struct vrng_queue *queue)
{
	to_fake(queue)->nr_wakes++;
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

/* Uses the n-th posted buffer: writes real bytes, claims @len. */
void fake_use(struct fake *fake, unsigned int n, unsigned int real,
	      unsigned int len)
{
	unsigned int at = fake->posted_head + n, i;
	struct vrng_buf *buf = fake->posted[at % FAKE_RING];

	for (i = 0; i < real; i++)
		buf->data[i] = fake->next_byte++ ?: fake->next_byte++;
	for (; at != fake->posted_head; at--)
		fake->posted[at % FAKE_RING] = fake->posted[(at - 1) % FAKE_RING];
	fake->posted_head++;
	fake->used[fake->used_tail++ % FAKE_RING] = (struct fake_used){ buf, len };
}

void fake_answer(struct fake *fake, unsigned int len)
{
	fake_use(fake, 0, min_t(unsigned int, len, FAKE_SIZE), len);
	vrng_pool_harvest(&fake->pool);
}

int fake_take(struct fake *fake, size_t len)
{
	u8 buf[1024];

	return vrng_pool_take(&fake->pool, buf, len, false);
}

/* A suite's init: a pool that is stopped, in test->priv. */
int fake_init(struct kunit *test)
{
	struct fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	int err, i;

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->queue = (struct vrng_queue){
		.post = fake_post,
		.get = fake_get,
		.kick = fake_kick,
		.is_broken = fake_is_broken,
		.wake = fake_wake,
		.defer = fake_defer,
	};
	fake->next_byte = 1;
	test->priv = fake;
	err = vrng_pool_init(&fake->pool, &fake->queue);
	for (i = 0; !err && i < FAKE_NR; i++)
		err = vrng_pool_grow(&fake->pool, FAKE_SIZE);
	return err;
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
