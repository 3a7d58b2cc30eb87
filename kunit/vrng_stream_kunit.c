// SPDX-License-Identifier: GPL-2.0
/*
 * What is measured of the device's stream: its rate, and its health.
 */
#include <kunit/test.h>
#include <linux/time64.h>

#include "table.h"
#include "../virtio-rng-ext/monitor.h"
#include "../virtio-rng-ext/rate.h"

static void rate_of_a_limited_host(struct kunit *test)
{
	struct vrng_rate rate = {};
	u64 now = 5 * NSEC_PER_SEC;
	int i;

	KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 0);
	vrng_rate_begin(&rate, now);
	for (i = 0; i < 10; i++) {
		now += NSEC_PER_SEC;
		vrng_rate_account(&rate, 1024, now);
		KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 1024);
	}
}

static void rate_leaves_idle_time_out(struct kunit *test)
{
	struct vrng_rate rate = {};
	u64 now = 0;
	int i;

	for (i = 0; i < 100; i++) {
		now += 60ULL * NSEC_PER_SEC;
		vrng_rate_begin(&rate, now);
		now += NSEC_PER_MSEC;
		vrng_rate_account(&rate, 1000, now);
	}
	KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 1000000);
}

static void rate_follows(struct kunit *test)
{
	struct vrng_rate rate = {};
	u64 now = 0;
	int i;

	vrng_rate_begin(&rate, now);
	for (i = 0; i < 8; i++)
		vrng_rate_account(&rate, 4000, now += NSEC_PER_SEC);
	for (i = 0; i < 8; i++)
		vrng_rate_account(&rate, 10, now += NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 10);
}

static void rate_spans_bursts(struct kunit *test)
{
	struct vrng_rate rate = {};
	u64 now = 0;
	int i;

	vrng_rate_begin(&rate, now);
	for (i = 0; i < 4; i++) {
		vrng_rate_account(&rate, 3000, now += NSEC_PER_SEC);
		vrng_rate_account(&rate, 1000, now += NSEC_PER_SEC);
		KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 2000);
	}
}

static void rate_without_time(struct kunit *test)
{
	struct vrng_rate rate = {};

	vrng_rate_begin(&rate, 1000);
	vrng_rate_account(&rate, U32_MAX, 1000);
	vrng_rate_account(&rate, U32_MAX, 10);
	KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 0);
}

static struct kunit_case rate_cases[] = {
	KUNIT_CASE(rate_of_a_limited_host),
	KUNIT_CASE(rate_leaves_idle_time_out),
	KUNIT_CASE(rate_follows),
	KUNIT_CASE(rate_spans_bursts),
	KUNIT_CASE(rate_without_time),
	{}
};

static struct kunit_suite rate_suite = {
	.name = "vrng_rate",
	.test_cases = rate_cases,
};

static const siphash_key_t monitor_key = {{ 0x0123456789abcdefULL, 42 }};

static struct vrng_monitor *new_monitor(struct kunit *test)
{
	struct vrng_monitor *monitor = kunit_kzalloc(test, sizeof(*monitor),
						     GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, monitor);
	vrng_monitor_init(monitor, &monitor_key);
	return monitor;
}

/* Bytes like random ones: hashes of a counter. */
static void fill(u8 *buf, size_t len, u64 *counter)
{
	while (len) {
		u64 word = siphash_1u64((*counter)++, &monitor_key);
		size_t n = min(len, sizeof(word));

		memcpy(buf, &word, n);
		buf += n;
		len -= n;
	}
}

struct piece_row {
	const char *name;
	size_t len;
};

static const struct piece_row piece_rows[] = {
	{ "one", 1 }, { "seven", 7 }, { "a word", 8 }, { "nine", 9 },
	{ "one less", 63 }, { "a stride", 64 }, { "one more", 65 },
	{ "many", 200 },
};

KUNIT_ARRAY_PARAM_DESC(piece, piece_rows, name);

static void honest_source_passes(struct kunit *test)
{
	const struct piece_row *row = test->param_value;
	struct vrng_monitor *monitor = new_monitor(test);
	u64 counter = 0;
	u8 buf[256];
	int i;

	for (i = 0; i < 5000; i++) {
		fill(buf, row->len, &counter);
		KUNIT_ASSERT_TRUE(test, vrng_monitor_check(monitor, buf, row->len));
	}
}

/* The third word that is the same is the last: 2 strides pass, and 7 bytes. */
static void stuck_source_fails(struct kunit *test)
{
	const struct piece_row *row = test->param_value;
	struct vrng_monitor *monitor = new_monitor(test);
	size_t passed = 0;
	u8 buf[256];

	memset(buf, 0x5a, sizeof(buf));
	while (passed < 4 * VRNG_MONITOR_STRIDE && vrng_monitor_check(monitor, buf, row->len))
		passed += row->len;
	KUNIT_EXPECT_LE(test, passed, 2 * VRNG_MONITOR_STRIDE + 7);
	KUNIT_EXPECT_GT(test, passed + row->len, 2 * VRNG_MONITOR_STRIDE + 7);
}

static void zeros_fail(struct kunit *test)
{
	struct vrng_monitor *monitor = new_monitor(test);
	u8 buf[3 * VRNG_MONITOR_STRIDE] = {};

	KUNIT_EXPECT_FALSE(test, vrng_monitor_check(monitor, buf, sizeof(buf)));
}

/* The device gives the same buffer over and over. */
static void short_circle_fails(struct kunit *test)
{
	struct vrng_monitor *monitor = new_monitor(test);
	u8 buf[2 * VRNG_MONITOR_STRIDE];
	u64 counter = 0;
	int i;

	fill(buf, sizeof(buf), &counter);
	for (i = 0; i < 100 && vrng_monitor_check(monitor, buf, sizeof(buf)); i++)
		;
	KUNIT_EXPECT_LT(test, i, 10);
}

static void failure_stays(struct kunit *test)
{
	struct vrng_monitor *monitor = new_monitor(test);
	u8 buf[3 * VRNG_MONITOR_STRIDE] = {};
	u64 counter = 0;

	vrng_monitor_check(monitor, buf, sizeof(buf));
	fill(buf, sizeof(buf), &counter);
	KUNIT_EXPECT_FALSE(test, vrng_monitor_check(monitor, buf, sizeof(buf)));
}

/* A word that was handed out may be a key. */
static void words_are_not_kept(struct kunit *test)
{
	struct vrng_monitor *monitor = new_monitor(test);
	u8 buf[VRNG_MONITOR_STRIDE];
	const u8 *at = (const u8 *)monitor;
	u64 counter = 0;
	size_t i;

	fill(buf, sizeof(buf), &counter);
	vrng_monitor_check(monitor, buf, 5);
	vrng_monitor_check(monitor, buf + 5, sizeof(buf) - 5);
	for (i = 0; i + 8 <= sizeof(*monitor); i++)
		KUNIT_EXPECT_NE(test, memcmp(at + i, buf, 8), 0);
}

static struct kunit_case monitor_cases[] = {
	KUNIT_CASE_PARAM(honest_source_passes, piece_gen_params),
	KUNIT_CASE_PARAM(stuck_source_fails, piece_gen_params),
	KUNIT_CASE(zeros_fail),
	KUNIT_CASE(short_circle_fails),
	KUNIT_CASE(failure_stays),
	KUNIT_CASE(words_are_not_kept),
	{}
};

static struct kunit_suite monitor_suite = {
	.name = "vrng_monitor",
	.test_cases = monitor_cases,
};

kunit_test_suites(&rate_suite, &monitor_suite);
