// SPDX-License-Identifier: GPL-2.0
/*
 * Suites that fail on purpose, run by "scripts/kunit --selftest" alone: a
 * harness that cannot show a failure cannot show a success.
 */
#include <kunit/test.h>

static bool after_assert;
static bool resource_freed;
static int nr_exits;

static void passes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 2 + 2, 4);
}

static void expectation_fails(struct kunit *test)
{
	KUNIT_EXPECT_EQ_MSG(test, 2 + 2, 5, "meant to fail");
}

static void selftest_free(struct kunit_resource *res)
{
	resource_freed = true;
}

static int selftest_alloc(struct kunit_resource *res, void *context)
{
	return 0;
}

static void assertion_aborts(struct kunit *test)
{
	nr_exits = 0;
	kunit_alloc_resource(test, selftest_alloc, selftest_free, GFP_KERNEL,
			     NULL);
	KUNIT_ASSERT_TRUE_MSG(test, false, "meant to abort");
	after_assert = true;
}

static void abort_was_clean(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, after_assert);
	KUNIT_EXPECT_TRUE(test, resource_freed);
	KUNIT_EXPECT_EQ(test, nr_exits, 1);
}

static void skips(struct kunit *test)
{
	kunit_skip(test, "meant to be skipped");
}

struct selftest_row {
	const char *name;
	int left, right, sum;
};

static const struct selftest_row selftest_rows[] = {
	{ "right", 1, 2, 3 },
	{ "wrong on purpose", 1, 2, 4 },
	{ "right again", 0, 0, 0 },
};

static void selftest_row_name(const struct selftest_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(selftest, selftest_rows, selftest_row_name);

static void one_row_fails(struct kunit *test)
{
	const struct selftest_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, row->left + row->right, row->sum);
}

static void selftest_exit(struct kunit *test)
{
	nr_exits++;
}

static struct kunit_case selftest_cases[] = {
	KUNIT_CASE(passes),
	KUNIT_CASE(expectation_fails),
	KUNIT_CASE(assertion_aborts),
	KUNIT_CASE(abort_was_clean),
	KUNIT_CASE(skips),
	KUNIT_CASE_PARAM(one_row_fails, selftest_gen_params),
	{}
};

static struct kunit_suite selftest_suite = {
	.name = "selftest",
	.exit = selftest_exit,
	.test_cases = selftest_cases,
};

static int selftest_init_fails(struct kunit *test)
{
	return -EIO;
}

static struct kunit_case selftest_init_cases[] = {
	KUNIT_CASE(passes),
	{}
};

static struct kunit_suite selftest_init_suite = {
	.name = "selftest_init",
	.init = selftest_init_fails,
	.test_cases = selftest_init_cases,
};

kunit_test_suites(&selftest_suite, &selftest_init_suite);

MODULE_DESCRIPTION("Suites that show what a failing test looks like");
MODULE_LICENSE("GPL");
