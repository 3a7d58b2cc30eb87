// SPDX-License-Identifier: GPL-2.0
/*
 * Suite virtio_rng_pool: buffers go round, and what the device claims is taken
 * with a grain of salt.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>

#include "virtio_rng_fake.h"

static void starts_with_a_short_request(struct kunit *test)
{
	struct fake *fake = test->priv;

	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), 0);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 1);
	KUNIT_EXPECT_EQ(test, fake->posted[0]->size, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake->nr_kicks, 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
	KUNIT_EXPECT_EQ(test, fake->posted[1]->size, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->nr_kicks, 2);
}

static void grows_while_running(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool, FAKE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR + 1);
	vrng_pool_drop(&fake->pool);
	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool, FAKE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR + 2);
	KUNIT_EXPECT_EQ(test, fake->posted[(fake->posted_tail - 1) % FAKE_RING]->size,
			VRNG_POOL_SHORT_LEN);
}

/* Until the large buffers are there, and if memory is short for longer. */
static void short_goes_round_alone(struct kunit *test)
{
	struct fake *fake = test->priv;

	vrng_pool_destroy(&fake->pool);
	KUNIT_ASSERT_EQ(test, vrng_pool_init(&fake->pool, &fake->queue), 0);
	vrng_pool_start(&fake->pool);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 16), 16);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, fake_take(fake, VRNG_POOL_SHORT_LEN), 48);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 1);
	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool, FAKE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake_take(fake, VRNG_POOL_SHORT_LEN),
			VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 1);
	KUNIT_EXPECT_EQ(test, fake->posted[fake->posted_head % FAKE_RING]->size,
			FAKE_SIZE);
}

struct length_row {
	const char *name;
	unsigned int claimed;
	int taken;
	unsigned int zero_length, oversized;
};

static const struct length_row length_rows[] = {
	{ "none", 0, 0, 1, 0 },
	{ "one", 1, 1, 0, 0 },
	{ "one less", FAKE_SIZE - 1, FAKE_SIZE - 1, 0, 0 },
	{ "exact", FAKE_SIZE, FAKE_SIZE, 0, 0 },
	{ "one more", FAKE_SIZE + 1, FAKE_SIZE, 0, 1 },
	{ "sign bit", 0x80000000, FAKE_SIZE, 0, 1 },
	{ "all ones", U32_MAX, FAKE_SIZE, 0, 1 },
};

static void length_row_name(const struct length_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(length, length_rows, length_row_name);

static void used_length(struct kunit *test)
{
	const struct length_row *row = test->param_value;
	struct fake *fake = fake_started(test);

	fake_answer(fake, row->claimed);
	KUNIT_EXPECT_EQ(test, fake->pool.buffered, row->taken);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), row->taken);
	KUNIT_EXPECT_EQ(test, fake->pool.buffered, 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.zero_length, row->zero_length);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.oversized, row->oversized);
}

static void bytes_come_once_and_in_order(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	u8 want = VRNG_POOL_SHORT_LEN + 1, buf[7];
	unsigned int total = 0;
	int i, n;

	fake_answer(fake, 100);
	fake_answer(fake, 50);
	while ((n = vrng_pool_take(&fake->pool, buf, sizeof(buf), false)) > 0) {
		for (i = 0; i < n; i++, want++)
			KUNIT_ASSERT_EQ(test, buf[i], want);
		total += n;
	}
	KUNIT_EXPECT_EQ(test, total, 150);
}

static void other_order(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	fake_use(fake, 2, 30, 30);
	fake_use(fake, 0, 10, 10);
	fake_use(fake, 0, 20, 20);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), 60);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
}

static void taken_bytes_are_wiped(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 100), 100);
	KUNIT_EXPECT_TRUE(test, fake_is_zero(buf->data, 100));
	KUNIT_EXPECT_FALSE(test, fake_is_zero(buf->data + 100, 1));
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), FAKE_SIZE - 100);
	KUNIT_EXPECT_TRUE(test, fake_is_zero(buf->data, FAKE_SIZE));
}

/* The device claims what it did not write: nobody's old bytes come out. */
static void claimed_but_not_written(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	u8 buf[FAKE_SIZE];
	int i;

	for (i = 0; i < FAKE_NR; i++)
		fake_answer(fake, FAKE_SIZE);
	while (fake_take(fake, 1024) > 0)
		;
	fake_use(fake, 0, 0, FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, sizeof(buf), false),
			FAKE_SIZE);
	KUNIT_EXPECT_TRUE(test, fake_is_zero(buf, sizeof(buf)));
}

static void zero_length_backs_off(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	unsigned int ms = VRNG_POOL_BACKOFF_MIN, i;

	for (i = 0; i < 10; i++) {
		fake_answer(fake, 0);
		KUNIT_EXPECT_EQ(test, fake->nr_defers, i + 1);
		KUNIT_EXPECT_EQ(test, fake->deferred_ms, ms);
		KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR - 1);
		vrng_pool_release(&fake->pool);
		KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
		ms = min_t(unsigned int, 2 * ms, VRNG_POOL_BACKOFF_MAX);
	}
	KUNIT_EXPECT_EQ(test, ms, VRNG_POOL_BACKOFF_MAX);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.zero_length, 10);

	fake_answer(fake, 1);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), 1);
	fake_answer(fake, 0);
	KUNIT_EXPECT_EQ(test, fake->deferred_ms, VRNG_POOL_BACKOFF_MIN);
}

static void zero_lengths_at_once_are_one_hold(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	unsigned int i;

	for (i = 0; i < FAKE_NR; i++)
		fake_use(fake, 0, 0, 0);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 1);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	vrng_pool_release(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
}

static void post_fails_for_a_while(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	fake->post_error = -ENOMEM;
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR - 1);
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 1);
	fake->post_error = 0;
	vrng_pool_release(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
}

static void full_ring_is_no_failure(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	fake->post_error = -ENOSPC;
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), FAKE_SIZE);
	fake->post_error = 0;
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 0);
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR - 1);
}

static void broken_queue_wakes(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	unsigned int wakes = fake->nr_wakes;

	fake->broken = true;
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, wakes);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), -EIO);
}

static void gone_is_for_good(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	unsigned int posted = fake_nr_posted(fake), wakes = fake->nr_wakes;

	vrng_pool_stop(&fake->pool, VRNG_POOL_GONE);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, wakes);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), -ENODEV);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_start(&fake->pool);
	fake_answer(fake, FAKE_SIZE);
	vrng_pool_release(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), posted - 1);
}

static void suspend_forgets_all(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	fake_answer(fake, FAKE_SIZE);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	fake->posted_head = fake->posted_tail;
	vrng_pool_reclaim(&fake->pool);
	KUNIT_EXPECT_TRUE(test, fake_is_zero(buf->data, FAKE_SIZE));
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), 0);
	vrng_pool_start(&fake->pool);
	fake_answer(fake, 10);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), 10);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork, 0);
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(starts_with_a_short_request),
	KUNIT_CASE(grows_while_running),
	KUNIT_CASE(short_goes_round_alone),
	KUNIT_CASE_PARAM(used_length, length_gen_params),
	KUNIT_CASE(bytes_come_once_and_in_order),
	KUNIT_CASE(other_order),
	KUNIT_CASE(taken_bytes_are_wiped),
	KUNIT_CASE(claimed_but_not_written),
	KUNIT_CASE(zero_length_backs_off),
	KUNIT_CASE(zero_lengths_at_once_are_one_hold),
	KUNIT_CASE(post_fails_for_a_while),
	KUNIT_CASE(full_ring_is_no_failure),
	KUNIT_CASE(broken_queue_wakes),
	KUNIT_CASE(gone_is_for_good),
	KUNIT_CASE(suspend_forgets_all),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "virtio_rng_pool",
	.init = fake_init,
	.exit = fake_exit,
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);

MODULE_DESCRIPTION("KUnit suites of virtio-rng-ext");
MODULE_LICENSE("GPL");
