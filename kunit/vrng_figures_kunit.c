// SPDX-License-Identifier: GPL-2.0
/* Suite vrng_figures: the rate of hosts that are very fast, or clocks that are odd. */
#include <kunit/test.h>

#include <linux/limits.h>
#include <linux/time64.h>

#include "../virtio-rng-ext/rate.h"

/* The clock of another processor, or of another host, may be behind. */
static void rate_stands_still_when_time_goes_back(struct kunit *test)
{
	struct vrng_rate rate = {};

	vrng_rate_begin(&rate, 100 * NSEC_PER_SEC);
	vrng_rate_account(&rate, 10, 98 * NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 0);
	vrng_rate_account(&rate, 990, 100 * NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 500);
}

/* 20 GB in a window: more bytes than nanoseconds in a second can multiply. */
static void rate_of_a_very_fast_host(struct kunit *test)
{
	struct vrng_rate rate = {};
	int i;

	vrng_rate_begin(&rate, 0);
	for (i = 1; i <= 5; i++)
		vrng_rate_account(&rate, 4000000000u, i * (NSEC_PER_SEC / 5));
	KUNIT_EXPECT_EQ(test, vrng_rate_get(&rate), 20000000000ULL);
}

static struct kunit_case figures_cases[] = {
	KUNIT_CASE(rate_stands_still_when_time_goes_back),
	KUNIT_CASE(rate_of_a_very_fast_host),
	{}
};

static struct kunit_suite figures_suite = {
	.name = "vrng_figures",
	.test_cases = figures_cases,
};

kunit_test_suites(&figures_suite);
