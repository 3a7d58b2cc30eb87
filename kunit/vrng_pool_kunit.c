// SPDX-License-Identifier: GPL-2.0
/*
 * Suite vrng_pool: buffers go round, and what the device claims is taken
 * with a grain of salt.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>

#include "table.h"
#include "vrng_fake.h"

static void starts_with_a_short_request(struct kunit *test)
{
	struct vrng_fake *fake = test->priv;

	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 1);
	KUNIT_EXPECT_EQ(test, fake->posted[0]->size, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake->nr_kicks, 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	KUNIT_EXPECT_EQ(test, fake->posted[1]->size, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->nr_kicks, 2);
	/* Nothing to post, nothing to kick for. */
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->nr_kicks, 2);
}

static void grows_while_running(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	fake->pool.nr_wanted++;
	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR + 1);
	vrng_pool_drop(&fake->pool);
	fake->pool.nr_wanted++;
	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR + 2);
	KUNIT_EXPECT_EQ(test, fake->posted[(fake->posted_tail - 1) % VRNG_FAKE_RING]->size,
			VRNG_POOL_SHORT_LEN);
}

/* Until the large buffers are there, and if memory is short. */
static void short_goes_round_alone(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_new(test);

	vrng_pool_start(&fake->pool);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 16), 16);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, VRNG_POOL_SHORT_LEN), 48);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 1);
	fake->pool.nr_wanted = 1;
	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, VRNG_POOL_SHORT_LEN),
			VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 1);
	KUNIT_EXPECT_EQ(test, fake->posted[fake->posted_head % VRNG_FAKE_RING]->size,
			VRNG_FAKE_SIZE);
	vrng_pool_destroy(&fake->pool);
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
	{ "one less", VRNG_FAKE_SIZE - 1, VRNG_FAKE_SIZE - 1, 0, 0 },
	{ "exact", VRNG_FAKE_SIZE, VRNG_FAKE_SIZE, 0, 0 },
	{ "one more", VRNG_FAKE_SIZE + 1, VRNG_FAKE_SIZE, 0, 1 },
	{ "sign bit", 0x80000000, VRNG_FAKE_SIZE, 0, 1 },
	{ "all ones", U32_MAX, VRNG_FAKE_SIZE, 0, 1 },
};

KUNIT_ARRAY_PARAM_DESC(length, length_rows, name);

static void used_length(struct kunit *test)
{
	const struct length_row *row = test->param_value;
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, row->claimed);
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), row->taken);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), row->taken);
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.zero_length, row->zero_length);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.oversized, row->oversized);
}

static void bytes_come_once_and_in_order(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u64 want = VRNG_POOL_SHORT_LEN;
	u8 buf[7];
	unsigned int total = 0;
	int i, n;

	vrng_fake_answer(fake, 100);
	vrng_fake_answer(fake, 50);
	while ((n = vrng_pool_take(&fake->pool, buf, sizeof(buf), false)) > 0) {
		for (i = 0; i < n; i++, want++)
			KUNIT_ASSERT_EQ(test, buf[i], vrng_fake_byte(want));
		total += n;
	}
	KUNIT_EXPECT_EQ(test, total, 150);
}

static void other_order(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_use(fake, 2, 30, 30);
	vrng_fake_use(fake, 0, 10, 10);
	vrng_fake_use(fake, 0, 20, 20);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), 60);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

static void taken_bytes_are_wiped(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 100), 100);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf->data, 100));
	KUNIT_EXPECT_FALSE(test, vrng_fake_is_zero(buf->data + 100, 1));
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), VRNG_FAKE_SIZE - 100);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf->data, VRNG_FAKE_SIZE));
}

/* The device writes more than it says: nobody gets that later. */
static void unclaimed_bytes_are_wiped(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct vrng_buf *taken = fake->posted[fake->posted_head];
	struct vrng_buf *none = fake->posted[fake->posted_head + 1];
	struct vrng_buf *dropped = fake->posted[fake->posted_head + 2];

	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, 10);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), 10);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(taken->data, VRNG_FAKE_SIZE));

	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, 0);
	vrng_pool_harvest(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(none->data, VRNG_FAKE_SIZE));

	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, 10);
	vrng_pool_harvest(&fake->pool);
	vrng_pool_drop(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(dropped->data, VRNG_FAKE_SIZE));
}

/* The device claims bytes that it did not write: no old bytes come out. */
static void claimed_but_not_written(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u8 buf[VRNG_FAKE_SIZE];
	int i;

	for (i = 0; i < VRNG_FAKE_NR; i++)
		vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	while (vrng_fake_take(fake, 1024) > 0)
		;
	vrng_fake_use(fake, 0, 0, VRNG_FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, sizeof(buf), false),
			VRNG_FAKE_SIZE);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf, sizeof(buf)));
}

static void waits_are_counted(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u8 buf[10];

	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, 10, false), 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.read_waits, 0);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, 10, true), 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.read_waits, 1);
	vrng_fake_answer(fake, 20);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, 10, true), 10);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, 10, true), 10);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.read_waits, 1);
	vrng_pool_stop(&fake->pool, VRNG_POOL_GONE);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, 10, true), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.read_waits, 1);
}

/* Judged before any of it is handed out. */
static void stuck_source_is_refused(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	unsigned int i;

	for (i = 0; i < VRNG_FAKE_NR; i++) {
		memset(fake->posted[fake->posted_head % VRNG_FAKE_RING]->data, 0x5a,
		       VRNG_FAKE_SIZE);
		vrng_fake_use(fake, 0, 0, VRNG_FAKE_SIZE);
	}
	vrng_pool_harvest(&fake->pool);
	fake->nr_wakes = 0;
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), 2 * VRNG_FAKE_SIZE);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), -EIO);
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_readable(&fake->pool));
}

static void gone_is_for_good(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	unsigned int posted = vrng_fake_nr_posted(fake), wakes = fake->nr_wakes;

	vrng_pool_stop(&fake->pool, VRNG_POOL_GONE);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, wakes);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), -ENODEV);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_start(&fake->pool);
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	vrng_pool_backoff_end(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), posted - 1);
}

static void suspend_forgets_all(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_reclaim(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf->data, VRNG_FAKE_SIZE));
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 0);
	vrng_pool_start(&fake->pool);
	vrng_fake_answer(fake, 10);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), 10);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.fork_dropped_bytes, 0);
}

/* What is mapped for the device is unmapped: taken back one by one, and once. */
static void reclaim_detaches_all(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	unsigned int i;

	/* With the device: the short one, one that it has used, and the rest. */
	vrng_pool_drop(&fake->pool);
	vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, 1);
	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, 10);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_reclaim(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, fake->used_head, fake->used_tail);
	KUNIT_EXPECT_EQ(test, fake->pool.nr_posted, 0);
	for (i = 0; i < fake->pool.nr_bufs; i++)
		KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(fake->pool.bufs[i].data,
							  fake->pool.bufs[i].size));
	vrng_pool_start(&fake->pool);
	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	for (i = 1; i < fake->pool.nr_bufs; i++)
		KUNIT_EXPECT_TRUE(test, vrng_fake_has(fake, &fake->pool.bufs[i]));
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(starts_with_a_short_request),
	KUNIT_CASE(grows_while_running),
	KUNIT_CASE(short_goes_round_alone),
	KUNIT_CASE_PARAM(used_length, length_gen_params),
	KUNIT_CASE(bytes_come_once_and_in_order),
	KUNIT_CASE(other_order),
	KUNIT_CASE(taken_bytes_are_wiped),
	KUNIT_CASE(unclaimed_bytes_are_wiped),
	KUNIT_CASE(claimed_but_not_written),
	KUNIT_CASE(waits_are_counted),
	KUNIT_CASE(stuck_source_is_refused),
	KUNIT_CASE(gone_is_for_good),
	KUNIT_CASE(suspend_forgets_all),
	KUNIT_CASE(reclaim_detaches_all),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "vrng_pool",
	.init = vrng_fake_init,
	.exit = vrng_fake_exit,
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);

MODULE_DESCRIPTION("KUnit suites of virtio-rng-ext");
MODULE_LICENSE("GPL");
