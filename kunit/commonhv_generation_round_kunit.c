// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_generation_round: rounds find the generation, and looks its changes. */
#include <kunit/test.h>

#include "../commonhv/round.h"
#include "commonhv_fake.h"
#include "krng_fake.h"

#define HOST3(bits_, msr_)						\
	{ FAKE_COMMONHV(0x4f000005), { 0x4f000004, 0, 3, (bits_), (msr_) }, {} }

static const struct fake_leaf generation_round_host[] = HOST3(1, 0);

struct generation_round_fixture {
	struct commonhv_round round;
	struct fake_hv *hv;
	struct fake_krng krng;
};

static void generation_round_no_kick(struct commonhv_round *round)
{
}

static int generation_round_init(struct kunit *test)
{
	struct generation_round_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct commonhv_round *round;

	KUNIT_ASSERT_NOT_NULL(test, f);
	fake_krng_init(&f->krng);
	f->hv = fake_hv_create(test, generation_round_host);
	f->hv->generation = 0x0123456789abcdefULL;
	round = &f->round;
	round->discovery.access = &f->hv->access;
	round->rng.access = &f->hv->access;
	round->rng.krng = &f->krng.krng;
	round->generation.access = &f->hv->access;
	round->generation.krng = &f->krng.krng;
	round->kick = generation_round_no_kick;
	commonhv_round_init(round, 0);
	test->priv = f;
	return 0;
}

/* What the first round finds is no fork. */
static void generation_round_first_is_no_fork(struct kunit *test)
{
	struct generation_round_fixture *f = test->priv;
	struct commonhv_round *round = &f->round;

	commonhv_round_run(round, true);
	KUNIT_EXPECT_FALSE(test, round->fork.look(&round->fork));
	f->hv->generation++;
	KUNIT_EXPECT_TRUE(test, round->fork.look(&round->fork));
	KUNIT_EXPECT_FALSE(test, round->fork.look(&round->fork));
	KUNIT_EXPECT_EQ(test, round->generation.changes, 1);
}

/* Restored on a host that has one, with or without an event that says so. */
static void generation_round_finds_one_that_comes(struct kunit *test, bool event)
{
	struct generation_round_fixture *f = test->priv;
	struct commonhv_round *round = &f->round;

	f->hv->leaves = NULL;
	commonhv_round_run(round, true);
	KUNIT_EXPECT_FALSE(test, round->fork.look(&round->fork));
	f->hv->leaves = generation_round_host;
	commonhv_round_run(round, event);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_is_stale(&round->generation));
	KUNIT_EXPECT_TRUE(test, round->fork.look(&round->fork));
	KUNIT_EXPECT_FALSE(test, round->fork.look(&round->fork));
	commonhv_round_run(round, event);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_stale(&round->generation));
}

static void generation_round_finds_one_without_an_event(struct kunit *test)
{
	generation_round_finds_one_that_comes(test, false);
}

static void generation_round_finds_one_at_an_event(struct kunit *test)
{
	generation_round_finds_one_that_comes(test, true);
}

/* Announced, and not there: the leaves stay the same, and the number comes later. */
static void generation_round_tries_again(struct kunit *test)
{
	struct generation_round_fixture *f = test->priv;
	struct commonhv_round *round = &f->round;

	f->hv->generation = 0;
	commonhv_round_run(round, true);
	KUNIT_EXPECT_FALSE(test, round->fork.look(&round->fork));
	f->hv->generation = 1;
	KUNIT_EXPECT_FALSE(test, round->fork.look(&round->fork));
	commonhv_round_run(round, false);
	KUNIT_EXPECT_TRUE(test, round->fork.look(&round->fork));
	KUNIT_EXPECT_EQ(test, round->generation.changes, 1);
}

/* Nothing else in the leaves changes. */
static void generation_round_shows_where_it_is(struct kunit *test)
{
	static const struct fake_leaf neither[] = HOST3(0, 0), leaf[] = HOST3(1, 0),
				      msr[] = HOST3(2, 7 << 24), other[] = HOST3(2, 8 << 24);
	struct generation_round_fixture *f = test->priv;
	const struct commonhv_caps *caps = &f->round.discovery.info.caps;

	f->hv->leaves = neither;
	commonhv_round_run(&f->round, true);
	KUNIT_EXPECT_FALSE(test, caps->generation_in_leaf);
	f->hv->leaves = leaf;
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_TRUE(test, caps->generation_in_leaf);
	f->hv->leaves = neither;
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_FALSE(test, caps->generation_in_leaf);
	f->hv->leaves = msr;
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_TRUE(test, caps->generation_in_msr);
	KUNIT_EXPECT_EQ(test, caps->generation_msr, 7 << 24);
	f->hv->leaves = other;
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_EQ(test, caps->generation_msr, 8 << 24);
}

static struct kunit_case generation_round_cases[] = {
	KUNIT_CASE(generation_round_first_is_no_fork),
	KUNIT_CASE(generation_round_finds_one_without_an_event),
	KUNIT_CASE(generation_round_finds_one_at_an_event),
	KUNIT_CASE(generation_round_tries_again),
	KUNIT_CASE(generation_round_shows_where_it_is),
	{}
};

static struct kunit_suite generation_round_suite = {
	.name = "commonhv_generation_round",
	.init = generation_round_init,
	.test_cases = generation_round_cases,
};

kunit_test_suites(&generation_round_suite);
