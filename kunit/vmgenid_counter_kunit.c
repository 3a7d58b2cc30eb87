// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_counter: the state behind /dev/sysgenid. */
#include <kunit/test.h>

#include "../vmgenid/counter.h"
#include "table.h"

struct next_row {
	const char *name;
	u32 generation;
	u32 min;
	u32 next;
};

static const struct next_row next_rows[] = {
	{ "the next one", 0, 0, 1 },
	{ "a minimum that is passed", 10, 5, 11 },
	{ "a minimum that is next", 10, 11, 11 },
	{ "a minimum ahead", 10, 1000, 1000 },
	{ "a minimum that is now", 10, 10, 11 },
	{ "the last one", U32_MAX - 1, 0, U32_MAX },
	{ "wraps", U32_MAX, 0, 0 },
	{ "wraps to a minimum", U32_MAX, 7, 7 },
	{ "wraps from a minimum that is now", U32_MAX, U32_MAX, 0 },
};

KUNIT_ARRAY_PARAM_DESC(next, next_rows, name);

static void counter_next(struct kunit *test)
{
	const struct next_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, vmgenid_counter_next(row->generation, row->min),
			row->next);
}

/**
 * struct watched - a counter and its watchers
 * @counter: state under test
 * @a: a watcher
 * @b: another
 * @value: the page's first word; last, so that KASAN sees a write behind it
 */
struct watched {
	struct vmgenid_counter counter;
	struct vmgenid_watcher a, b;
	u32 value;
};

static int watched_init(struct kunit *test)
{
	struct watched *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->value = 99;
	vmgenid_counter_init(&w->counter, &w->value);
	vmgenid_watcher_open(&w->a, &w->counter);
	vmgenid_watcher_open(&w->b, &w->counter);
	test->priv = w;
	return 0;
}

static void expect_outdated(struct kunit *test, bool a, bool b)
{
	struct watched *w = test->priv;

	KUNIT_EXPECT_EQ(test, vmgenid_watcher_is_outdated(&w->a, &w->counter), a);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_is_outdated(&w->b, &w->counter), b);
}

static void counter_begins_with_zero(struct kunit *test)
{
	struct watched *w = test->priv;

	KUNIT_EXPECT_EQ(test, w->value, 0);
	KUNIT_EXPECT_EQ(test, vmgenid_counter_read(&w->counter), 0);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
	expect_outdated(test, false, false);
}

static void watcher_is_outdated_till_it_acknowledges(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_counter_set(&w->counter, 1);
	KUNIT_EXPECT_EQ(test, w->value, 1);
	expect_outdated(test, true, true);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->a, &w->counter, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->a, &w->counter, 2), -EINVAL);
	expect_outdated(test, true, true);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->a, &w->counter, 1), 0);
	expect_outdated(test, false, true);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->a, &w->counter, 1), 0);
	expect_outdated(test, false, true);
}

static void watcher_sees_a_lower_generation(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_counter_set(&w->counter, U32_MAX);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->a, &w->counter, U32_MAX), 0);
	vmgenid_counter_set(&w->counter, 0);
	expect_outdated(test, true, true);
}

/* A trigger may go round, and set the number that was acknowledged last. */
static void watcher_sees_a_generation_that_has_its_number_again(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_watcher_track(&w->a, &w->counter, true);
	vmgenid_counter_set(&w->counter, 5);
	vmgenid_watcher_ack(&w->a, &w->counter, 5);
	vmgenid_counter_set(&w->counter, U32_MAX);
	vmgenid_counter_set(&w->counter, 5);
	expect_outdated(test, true, true);
	KUNIT_EXPECT_FALSE(test, vmgenid_counter_is_settled(&w->counter));
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->a, &w->counter, 5), 1);
	expect_outdated(test, false, true);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
}

static void late_watcher_is_up_to_date(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_counter_set(&w->counter, 5);
	vmgenid_watcher_open(&w->b, &w->counter);
	expect_outdated(test, true, false);
}

static void untracked_are_not_waited_for(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_counter_set(&w->counter, 1);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
}

static void all_tracked_are_waited_for(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_watcher_track(&w->a, &w->counter, true);
	vmgenid_watcher_track(&w->b, &w->counter, true);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
	vmgenid_counter_set(&w->counter, 1);
	KUNIT_EXPECT_FALSE(test, vmgenid_counter_is_settled(&w->counter));
	vmgenid_watcher_ack(&w->a, &w->counter, 1);
	vmgenid_watcher_ack(&w->a, &w->counter, 1);
	KUNIT_EXPECT_FALSE(test, vmgenid_counter_is_settled(&w->counter));
	vmgenid_watcher_ack(&w->b, &w->counter, 1);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
}

static void generations_do_not_add_up(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_watcher_track(&w->a, &w->counter, true);
	vmgenid_counter_set(&w->counter, 1);
	vmgenid_counter_set(&w->counter, 2);
	vmgenid_counter_set(&w->counter, 3);
	vmgenid_watcher_ack(&w->a, &w->counter, 3);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
	KUNIT_EXPECT_EQ(test, w->counter.nr_outdated, 0);
}

static void tracking_can_begin_and_end_outdated(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_counter_set(&w->counter, 1);
	vmgenid_watcher_track(&w->a, &w->counter, true);
	vmgenid_watcher_track(&w->a, &w->counter, true);
	KUNIT_EXPECT_FALSE(test, vmgenid_counter_is_settled(&w->counter));
	KUNIT_EXPECT_EQ(test, w->counter.nr_tracked, 1);
	vmgenid_watcher_track(&w->a, &w->counter, false);
	vmgenid_watcher_track(&w->a, &w->counter, false);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
	KUNIT_EXPECT_EQ(test, w->counter.nr_tracked, 0);
}

static void tracking_ends_up_to_date(struct kunit *test)
{
	struct watched *w = test->priv;

	vmgenid_watcher_track(&w->a, &w->counter, true);
	vmgenid_watcher_track(&w->a, &w->counter, false);
	vmgenid_counter_set(&w->counter, 1);
	KUNIT_EXPECT_TRUE(test, vmgenid_counter_is_settled(&w->counter));
}

/* The caller wakes those that sleep if one of these calls returns that it should. */
static void changes_are_returned_to_the_caller(struct kunit *test)
{
	struct watched *w = test->priv;

	KUNIT_EXPECT_FALSE(test, vmgenid_watcher_track(&w->a, &w->counter, false));
	KUNIT_EXPECT_TRUE(test, vmgenid_watcher_track(&w->a, &w->counter, true));
	KUNIT_EXPECT_FALSE(test, vmgenid_watcher_track(&w->a, &w->counter, true));
	vmgenid_counter_set(&w->counter, 1);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->b, &w->counter, 1), 0);
	KUNIT_EXPECT_EQ(test, vmgenid_watcher_ack(&w->a, &w->counter, 1), 1);
	KUNIT_EXPECT_TRUE(test, vmgenid_watcher_track(&w->a, &w->counter, false));
}

static void next_generation_is_one_to_notice(struct kunit *test)
{
	struct watched *w = test->priv;
	u32 generation;

	KUNIT_EXPECT_FALSE(test, vmgenid_watcher_next(&w->a, &w->counter, &generation));
	vmgenid_counter_set(&w->counter, 7);
	KUNIT_EXPECT_TRUE(test, vmgenid_watcher_next(&w->a, &w->counter, &generation));
	KUNIT_EXPECT_EQ(test, generation, 7);
	vmgenid_watcher_ack(&w->a, &w->counter, 7);
	KUNIT_EXPECT_FALSE(test, vmgenid_watcher_next(&w->a, &w->counter, &generation));
}

static struct kunit_case counter_cases[] = {
	KUNIT_CASE_PARAM(counter_next, next_gen_params),
	KUNIT_CASE(counter_begins_with_zero),
	KUNIT_CASE(watcher_is_outdated_till_it_acknowledges),
	KUNIT_CASE(watcher_sees_a_lower_generation),
	KUNIT_CASE(watcher_sees_a_generation_that_has_its_number_again),
	KUNIT_CASE(late_watcher_is_up_to_date),
	KUNIT_CASE(untracked_are_not_waited_for),
	KUNIT_CASE(all_tracked_are_waited_for),
	KUNIT_CASE(generations_do_not_add_up),
	KUNIT_CASE(tracking_can_begin_and_end_outdated),
	KUNIT_CASE(tracking_ends_up_to_date),
	KUNIT_CASE(changes_are_returned_to_the_caller),
	KUNIT_CASE(next_generation_is_one_to_notice),
	{}
};

static struct kunit_suite counter_suite = {
	.name = "vmgenid_counter",
	.init = watched_init,
	.test_cases = counter_cases,
};

kunit_test_suites(&counter_suite);
