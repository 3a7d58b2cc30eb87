// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_health: which sequences of words are trusted, and how far. */
#include <kunit/test.h>

#include "../common/health.h"
#include "table.h"

/*
 * Words by letter: a to z are that many different values, 0 is zero, and '*'
 * is a new value each time.
 */
struct health_row {
	const char *name;
	const char *words;
	unsigned int good, zeros, repeats;
	int fails_at;		/* number of the word, from 1; 0: never */
};

static const struct health_row health_rows[] = {
	{ "nothing", "", 0, 0, 0, 0 },
	{ "all different", "********************", 20, 0, 0, 0 },
	{ "one repeat", "abb", 2, 0, 1, 0 },
	{ "a run of three", "abbb", 2, 0, 2, 4 },
	{ "stuck from the start", "aaa", 1, 0, 2, 3 },
	{ "stuck later", "****aaa", 5, 0, 2, 7 },
	{ "two runs of two", "aabb", 2, 0, 2, 0 },
	{ "zeros only", "0000000000", 0, 10, 0, 0 },
	{ "a zero between does not end a run", "a0a0a", 1, 2, 2, 5 },
	{ "two values in turn", "abababab", 2, 0, 6, 0 },
	{ "two values in turn, for longer", "ababababab", 2, 0, 8, 9 },
	{ "three values in turn", "abcabcabca", 3, 0, 7, 10 },
	{ "a cycle of 16", "abcdefghijklmnopabcdefg", 16, 0, 7, 23 },
	{ "the oldest of 16 is remembered", "abcdefghijklmnopqb", 17, 0, 1, 0 },
	{ "the last of 16 is remembered", "abcdefghijklmnopqp", 17, 0, 1, 0 },
	{ "a cycle of 17 is not seen", "abcdefghijklmnopqabcdefghijklmnopq", 34, 0, 0, 0 },
	{ "pool, then zeros", "****0000", 4, 4, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(health, health_rows, name);

static u64 health_word(char letter, u64 *fresh)
{
	if (letter == '0')
		return 0;
	if (letter == '*')
		return ++*fresh << 32;
	return letter;
}

static void health_judges(struct kunit *test)
{
	const struct health_row *row = test->param_value;
	struct chv_health *health = kunit_kzalloc(test, sizeof(*health), GFP_KERNEL);
	unsigned int nr[3] = {};
	int i, fails_at = 0;
	u64 fresh = 0;

	KUNIT_ASSERT_NOT_NULL(test, health);
	memset(health, 0xa5, sizeof(*health));
	chv_health_reset(health);
	for (i = 0; row->words[i]; i++) {
		nr[chv_health_check(health, health_word(row->words[i], &fresh))]++;
		if (health->failed && !fails_at)
			fails_at = i + 1;
	}

	KUNIT_EXPECT_EQ(test, nr[CHV_HEALTH_GOOD], row->good);
	KUNIT_EXPECT_EQ(test, nr[CHV_HEALTH_ZERO], row->zeros);
	KUNIT_EXPECT_EQ(test, nr[CHV_HEALTH_REPEAT], row->repeats);
	KUNIT_EXPECT_EQ(test, fails_at, row->fails_at);
}

/* Six chance recurrences a window are allowed, for as many windows as there are. */
static void health_window_starts_over(struct kunit *test)
{
	struct chv_health *health = kunit_kzalloc(test, sizeof(*health), GFP_KERNEL);
	u64 i;

	KUNIT_ASSERT_NOT_NULL(test, health);
	for (i = 0; i < 10 * CHV_HEALTH_WINDOW; i++) {
		bool repeat = i % CHV_HEALTH_WINDOW % 80 == 79;

		chv_health_check(health, repeat ? i : i + 1);
	}
	KUNIT_EXPECT_FALSE(test, health->failed);
}

/* Six recurrences, and a seventh in the window's last word or the next's first. */
static void health_window_ends(struct kunit *test)
{
	static const struct {
		unsigned int seventh;
		bool fails;
	} rows[] = { { CHV_HEALTH_WINDOW - 1, true }, { CHV_HEALTH_WINDOW, false } };
	struct chv_health *health = kunit_kzalloc(test, sizeof(*health), GFP_KERNEL);
	unsigned int i, row;

	KUNIT_ASSERT_NOT_NULL(test, health);
	for (row = 0; row < ARRAY_SIZE(rows); row++) {
		chv_health_reset(health);
		for (i = 0; i <= rows[row].seventh; i++) {
			bool repeat = (i && i <= 60 && i % 10 == 0) ||
				      i == rows[row].seventh;

			chv_health_check(health, repeat ? i : i + 1);
		}
		KUNIT_EXPECT_EQ(test, health->failed, rows[row].fails);
	}
}

static void health_failure_stays(struct kunit *test)
{
	struct chv_health *health = kunit_kzalloc(test, sizeof(*health), GFP_KERNEL);
	u64 i;

	KUNIT_ASSERT_NOT_NULL(test, health);
	for (i = 0; i < CHV_HEALTH_RUN_CUTOFF; i++)
		chv_health_check(health, 1);
	for (i = 0; i < 2 * CHV_HEALTH_WINDOW; i++)
		chv_health_check(health, i + 2);
	KUNIT_EXPECT_TRUE(test, health->failed);
	chv_health_reset(health);
	KUNIT_EXPECT_FALSE(test, health->failed);
}

static struct kunit_case health_cases[] = {
	KUNIT_CASE_PARAM(health_judges, health_gen_params),
	KUNIT_CASE(health_window_starts_over),
	KUNIT_CASE(health_window_ends),
	KUNIT_CASE(health_failure_stays),
	{}
};

static struct kunit_suite health_suite = {
	.name = "commonhv_health",
	.test_cases = health_cases,
};

kunit_test_suites(&health_suite);
