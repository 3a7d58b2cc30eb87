// SPDX-License-Identifier: GPL-2.0
/*
 * Suite vrng_trouble: memory that is short, devices that have nothing, and
 * queues that break.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/string.h>

#include "table.h"
#include "vrng_fake.h"

/* Memory that is short now is not reclaimed for it, and may be there later. */
static void growth_is_tried_again(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_new(test);
	unsigned int ms = VRNG_POOL_GROW_MIN, i, allocs;

	KUNIT_EXPECT_TRUE(test, gfpflags_allow_blocking(fake->gfp));
	vrng_pool_start(&fake->pool);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	fake->allocs_left = 0;
	for (i = 0; i < 10; i++) {
		allocs = fake->nr_allocs;
		KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), ms);
		KUNIT_EXPECT_EQ(test, fake->nr_allocs, allocs + 1);
		ms = min_t(unsigned int, 2 * ms, VRNG_POOL_GROW_MAX);
	}
	KUNIT_EXPECT_EQ(test, ms, VRNG_POOL_GROW_MAX);
	/* Nothing is reclaimed, compacted, killed or logged for it. */
	KUNIT_EXPECT_FALSE(test, gfpflags_allow_blocking(fake->gfp));
	KUNIT_EXPECT_TRUE(test, fake->gfp & __GFP_NOWARN);

	/* What there is, is used meanwhile; then it begins with short times. */
	fake->allocs_left = 1;
	KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), VRNG_POOL_GROW_MIN);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 1);
	fake->allocs_left = UINT_MAX;
	KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	allocs = fake->nr_allocs;
	KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, fake->nr_allocs, allocs);
	vrng_pool_destroy(&fake->pool);
}

static void zero_length_backs_off(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	unsigned int ms = VRNG_POOL_BACKOFF_MIN, i;

	for (i = 0; i < 10; i++) {
		vrng_fake_answer(fake, 0);
		KUNIT_EXPECT_EQ(test, fake->nr_defers, i + 1);
		KUNIT_EXPECT_EQ(test, fake->deferred_ms, ms);
		KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
		vrng_pool_backoff_end(&fake->pool);
		KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
		ms = min_t(unsigned int, 2 * ms, VRNG_POOL_BACKOFF_MAX);
	}
	KUNIT_EXPECT_EQ(test, ms, VRNG_POOL_BACKOFF_MAX);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.zero_length, 10);

	vrng_fake_answer(fake, 1);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 1);
	vrng_fake_answer(fake, 0);
	KUNIT_EXPECT_EQ(test, fake->deferred_ms, VRNG_POOL_BACKOFF_MIN);
}

static void bytes_end_a_backoff(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

static void start_ends_a_backoff(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, 0);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_reclaim(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 1);
	KUNIT_EXPECT_TRUE(test, vrng_pool_can_answer(&fake->pool));
	vrng_fake_answer(fake, 0);
	KUNIT_EXPECT_EQ(test, fake->deferred_ms, VRNG_POOL_BACKOFF_MIN);
}

static void zero_lengths_at_once_are_one_backoff(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	unsigned int i;

	for (i = 0; i < VRNG_FAKE_NR; i++)
		vrng_fake_use(fake, 0, 0, 0);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 1);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	vrng_pool_backoff_end(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

static void post_fails_for_a_while(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	fake->post_error = -ENOMEM;
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 1);
	fake->post_error = 0;
	vrng_pool_backoff_end(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

static void full_ring_is_no_failure(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	fake->post_error = -ENOSPC;
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), VRNG_FAKE_SIZE);
	fake->post_error = 0;
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 0);
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
}

static void broken_grow(struct vrng_fake *fake)
{
	fake->pool.nr_wanted++;
	vrng_pool_grow(&fake->pool);
}

static void broken_restart(struct vrng_fake *fake)
{
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_reclaim(&fake->pool);
	fake->nr_wakes = 0;
	vrng_pool_start(&fake->pool);
}

static void broken_take(struct vrng_fake *fake)
{
	vrng_fake_take(fake, 1024);
}

struct broken_row {
	const char *name;
	void (*act)(struct vrng_fake *fake);
	void (*act_on_pool)(struct vrng_pool *pool);
};

static const struct broken_row broken_rows[] = {
	{ "harvest", .act_on_pool = vrng_pool_harvest },
	{ "backoff end", .act_on_pool = vrng_pool_backoff_end },
	{ "drop", .act_on_pool = vrng_pool_drop },
	{ "start", broken_restart },
	{ "grow", broken_grow },
	{ "take", broken_take },
};

KUNIT_ARRAY_PARAM_DESC(broken, broken_rows, name);

/* Whatever finds it: readers get to know, and nobody waits for ever. */
static void broken_queue_wakes(struct kunit *test)
{
	const struct broken_row *row = test->param_value;
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	fake->nr_wakes = 0;
	fake->broken = true;
	if (row->act)
		row->act(fake);
	else
		row->act_on_pool(&fake->pool);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, 0);
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_readable(&fake->pool));
	KUNIT_EXPECT_FALSE(test, vrng_pool_can_answer(&fake->pool));
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), -EIO);
}

/* The ring can break without a kick that says so. */
static void broken_queue_is_asked_for(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	fake->broken = true;
	vrng_pool_backoff_end(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), -EIO);
}

/* A kick may find that the transport is gone, with all posted. */
static void broken_queue_is_seen_after_a_kick(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	fake->kick_breaks = true;
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->pool.state, VRNG_POOL_BROKEN);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), -EIO);
}

static struct kunit_case trouble_cases[] = {
	KUNIT_CASE(growth_is_tried_again),
	KUNIT_CASE(zero_length_backs_off),
	KUNIT_CASE(bytes_end_a_backoff),
	KUNIT_CASE(start_ends_a_backoff),
	KUNIT_CASE(zero_lengths_at_once_are_one_backoff),
	KUNIT_CASE(post_fails_for_a_while),
	KUNIT_CASE(full_ring_is_no_failure),
	KUNIT_CASE_PARAM(broken_queue_wakes, broken_gen_params),
	KUNIT_CASE(broken_queue_is_asked_for),
	KUNIT_CASE(broken_queue_is_seen_after_a_kick),
	{}
};

static struct kunit_suite trouble_suite = {
	.name = "vrng_trouble",
	.init = vrng_fake_init,
	.exit = vrng_fake_exit,
	.test_cases = trouble_cases,
};

kunit_test_suite(trouble_suite);
