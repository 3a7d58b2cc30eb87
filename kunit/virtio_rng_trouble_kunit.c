// SPDX-License-Identifier: GPL-2.0
/*
 * Suite virtio_rng_trouble: memory that is short, devices that have nothing, and
 * queues that break.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/string.h>

#include "virtio_rng_fake.h"

/* Not now is no reason to press for it, nor to do without for good. */
static void growth_is_tried_again(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	unsigned int ms = VRNG_POOL_GROW_MIN, i, allocs;

	KUNIT_EXPECT_TRUE(test, gfpflags_allow_blocking(fake->gfp));
	vrng_pool_start(&fake->pool);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	fake->allocs_left = 0;
	for (i = 0; i < 10; i++) {
		allocs = fake->nr_allocs;
		KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), ms);
		KUNIT_EXPECT_EQ(test, fake->nr_allocs, allocs + 1);
		ms = min_t(unsigned int, 2 * ms, VRNG_POOL_GROW_MAX);
	}
	KUNIT_EXPECT_EQ(test, ms, VRNG_POOL_GROW_MAX);
	/* Nothing is reclaimed, compacted or killed for it, and nobody told. */
	KUNIT_EXPECT_FALSE(test, gfpflags_allow_blocking(fake->gfp));
	KUNIT_EXPECT_TRUE(test, fake->gfp & __GFP_NOWARN);

	/* What there is, is used meanwhile; then it begins with short times. */
	fake->allocs_left = 1;
	KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), VRNG_POOL_GROW_MIN);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 1);
	fake->allocs_left = UINT_MAX;
	KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
	allocs = fake->nr_allocs;
	KUNIT_EXPECT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, fake->nr_allocs, allocs);
	vrng_pool_destroy(&fake->pool);
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

static void bytes_end_a_hold(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	fake_answer(fake, 0);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR - 1);
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR - 1);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
}

static void start_ends_a_hold(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	fake_answer(fake, 0);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_reclaim(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 1);
	KUNIT_EXPECT_TRUE(test, vrng_pool_can_answer(&fake->pool));
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
	vrng_pool_wipe(&fake->pool);
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

static void broken_grow(struct fake *fake)
{
	fake->pool.nr_wanted++;
	vrng_pool_grow(&fake->pool);
}

static void broken_restart(struct fake *fake)
{
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_reclaim(&fake->pool);
	fake->nr_wakes = 0;
	vrng_pool_start(&fake->pool);
}

static void broken_take(struct fake *fake)
{
	fake_take(fake, 1024);
}

struct broken_row {
	const char *name;
	void (*act)(struct fake *fake);
	void (*act_on_pool)(struct vrng_pool *pool);
};

static const struct broken_row broken_rows[] = {
	{ "harvest", .act_on_pool = vrng_pool_harvest },
	{ "release", .act_on_pool = vrng_pool_release },
	{ "drop", .act_on_pool = vrng_pool_drop },
	{ "start", broken_restart },
	{ "grow", broken_grow },
	{ "take", broken_take },
};

static void broken_row_name(const struct broken_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(broken, broken_rows, broken_row_name);

/* Whatever finds it: readers get to know, and nobody waits for ever. */
static void broken_queue_wakes(struct kunit *test)
{
	const struct broken_row *row = test->param_value;
	struct fake *fake = fake_started(test);

	fake_answer(fake, FAKE_SIZE);
	fake->nr_wakes = 0;
	fake->broken = true;
	if (row->act)
		row->act(fake);
	else
		row->act_on_pool(&fake->pool);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, 0);
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_worth_a_look(&fake->pool));
	KUNIT_EXPECT_FALSE(test, vrng_pool_can_answer(&fake->pool));
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), -EIO);
}

/* The ring can break without a kick that says so. */
static void broken_queue_is_asked_for(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	fake->broken = true;
	vrng_pool_release(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), -EIO);
}

static struct kunit_case trouble_cases[] = {
	KUNIT_CASE(growth_is_tried_again),
	KUNIT_CASE(zero_length_backs_off),
	KUNIT_CASE(bytes_end_a_hold),
	KUNIT_CASE(start_ends_a_hold),
	KUNIT_CASE(zero_lengths_at_once_are_one_hold),
	KUNIT_CASE(post_fails_for_a_while),
	KUNIT_CASE(full_ring_is_no_failure),
	KUNIT_CASE_PARAM(broken_queue_wakes, broken_gen_params),
	KUNIT_CASE(broken_queue_is_asked_for),
	{}
};

static struct kunit_suite trouble_suite = {
	.name = "virtio_rng_trouble",
	.init = fake_init,
	.exit = fake_exit,
	.test_cases = trouble_cases,
};

kunit_test_suite(trouble_suite);
