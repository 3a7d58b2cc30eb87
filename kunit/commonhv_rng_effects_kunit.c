// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_rng_effects: what is mixed, credited and offered. */
#include <kunit/test.h>

#include "commonhv_rng_fake.h"

/* Zeros and repeats do no harm; a value that was not read is not mixed. */
static void rng_mixes_whatever_came(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->hv->rng = FAKE_RNG_ZEROS;
	KUNIT_EXPECT_EQ(test, rng_refresh(f, 16), 0);
	rng_expect_values(test, 0, FAKE_KRNG_MIX, 16, 0);
	f->hv->rng = FAKE_RNG_FAULT;
	f->hv->nr_values = 0;
	f->hv->rng_n = 3;
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_EQ(test, rng_refresh(f, 16), 0);
	rng_expect_values(test, 1, FAKE_KRNG_MIX, 3, 0);
	KUNIT_EXPECT_EQ(test, rng_refresh(f, 16), 0);
	KUNIT_EXPECT_EQ(test, f->krng.nr_calls, 2);
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.bytes_mixed, 19 * 8);
}

/* The right bytes and bits, once, after they were mixed, and nothing is kept. */
static void rng_credits_an_unready_kernel(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	KUNIT_EXPECT_TRUE(test, commonhv_rng_wants_credit(&f->rng));
	rng_refresh(f, 16);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "m");
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.bits_credited, 0);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mc");
	rng_expect_values(test, 1, FAKE_KRNG_CREDIT, 16, 1024);
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.bits_credited, 1024);
	KUNIT_EXPECT_NULL(test, memchr_inv(&f->rng.credit, 0, sizeof(f->rng.credit)));
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_EQ(test, f->krng.nr_calls, 2);
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.bits_credited, 1024);
	/* The next batch is credited again. */
	fake_hv_forget(f->hv);
	rng_refresh(f, 8);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mcmc");
	rng_expect_values(test, 3, FAKE_KRNG_CREDIT, 8, 512);
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.bits_credited, 1536);
}

static void rng_credits_what_was_good(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	f->rng.policy.quality = 512;
	f->hv->rng = FAKE_RNG_FAULT;
	f->hv->rng_n = 3;
	rng_refresh(f, 16);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mc");
	rng_expect_values(test, 1, FAKE_KRNG_CREDIT, 3, 96);
	f->hv->rng = FAKE_RNG_STUCK;
	f->hv->rng_n = 0;
	rng_refresh(f, 16);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mcm");
}

static void rng_credits_nothing_by_default(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	f->rng.policy.quality = 0;
	KUNIT_EXPECT_FALSE(test, commonhv_rng_wants_credit(&f->rng));
	rng_refresh(f, 16);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "m");
}

static void rng_credits_no_ready_kernel(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	KUNIT_EXPECT_FALSE(test, commonhv_rng_wants_credit(&f->rng));
	rng_refresh(f, 16);
	KUNIT_EXPECT_EQ(test, f->rng.credit_bits, 0);
	/* Nor one that became ready in between. */
	f->krng.ready = false;
	rng_refresh(f, 16);
	f->krng.ready = true;
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mm");
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.bits_credited, 0);
	f->krng.ready = false;
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mm");
}

static void rng_credits_the_first_of_two_batches(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	rng_refresh(f, 8);
	rng_refresh(f, 16);
	commonhv_rng_credit(&f->rng);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mmc");
	rng_expect_values(test, 2, FAKE_KRNG_CREDIT, 8, 512);
}

/* Each clone has what was read before. */
static void rng_credits_nothing_from_before_a_fork(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	rng_refresh(f, 16);
	commonhv_rng_restart(&f->rng);
	commonhv_rng_credit(&f->rng);
	rng_refresh(f, 16);
	f->hv->leaves = rng_host_a2;
	rng_refresh(f, 0);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mm");
	KUNIT_EXPECT_NULL(test, memchr_inv(&f->rng.credit, 0, sizeof(f->rng.credit)));
}

/* As after a refresh and a reseed that succeeded. */
static void rng_refresh_and_offer(struct rng_fixture *f)
{
	rng_refresh(f, 1);
	fake_krng_forget(&f->krng);
	fake_hv_forget(f->hv);
	commonhv_rng_offer(&f->rng);
}

static void rng_offers_only_by_parameter(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u64 value;

	rng_refresh_and_offer(f);
	rng_expect_story(test, "");

	/* Drawn for this, and written directly after the leaves are read. */
	f->rng.offer_entropy = true;
	rng_refresh_and_offer(f);
	rng_expect_story(test, "dhW");
	KUNIT_EXPECT_EQ(test, fake_hv_values(f->hv, FAKE_WRMSR, &value, 1), 1);
	KUNIT_EXPECT_EQ(test, value, 1);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_WRMSR, 0x4f000100, 0x4f000100),
			1);
	rng_refresh_and_offer(f);
	rng_expect_story(test, "dhW");
	KUNIT_EXPECT_EQ(test, fake_hv_values(f->hv, FAKE_WRMSR, &value, 1), 1);
	KUNIT_EXPECT_EQ(test, value, 2);

	f->hv->leaves = rng_host_no_input;
	rng_refresh_and_offer(f);
	rng_expect_story(test, "");
}

/* The state of an RNG that is not seeded could be guessed from its output. */
static void rng_offers_nothing_unready(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer_entropy = true;
	f->krng.ready = false;
	rng_refresh_and_offer(f);
	rng_expect_story(test, "");
}

/* On the other host that index may be any MSR. */
static void rng_offers_nothing_to_a_host_that_changed(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer_entropy = true;
	rng_refresh(f, 1);
	fake_hv_forget(f->hv);
	f->hv->leaves = rng_host_a2;
	commonhv_rng_offer(&f->rng);
	rng_expect_story(test, "dh");
	KUNIT_EXPECT_EQ(test, f->nr_moved, 1);
	f->hv->leaves = NULL;
	commonhv_rng_offer(&f->rng);
	KUNIT_EXPECT_EQ(test, rng_writes(f), 0);
	KUNIT_EXPECT_EQ(test, f->nr_moved, 2);
}

/* Until it reseeds, a clone draws the same random number as its siblings. */
static void rng_refresh_gives_nothing_away(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer_entropy = true;
	rng_refresh(f, 16);
	KUNIT_EXPECT_EQ(test, rng_writes(f), 0);
	KUNIT_EXPECT_EQ(test, f->krng.nr_drawn, 0);
}

static void rng_offers_after_a_fault_to_another_host_only(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer_entropy = true;
	f->hv->write_faults = true;
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, rng_writes(f), 1);
	rng_refresh_and_offer(f);
	rng_expect_story(test, "");
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.faults, 1);

	f->hv->leaves = rng_host_b;
	f->hv->rng_msr = 0x4f000200;
	f->hv->write_faults = false;
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, rng_writes(f), 1);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_WRMSR, 0x4f000200, 0x4f000200),
			1);
}

static void rng_reseeds(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, commonhv_rng_reseed(&f->rng), 0);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "r");
	f->krng.reseed_error = -ENODATA;
	KUNIT_EXPECT_EQ(test, commonhv_rng_reseed(&f->rng), -ENODATA);
}

/* Nor are the values kept, as a key may have been made from them. */
static void rng_keeps_nothing_for_a_ready_kernel(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = true;
	commonhv_rng_refresh(&f->rng, 16, &f->leaves);
	KUNIT_EXPECT_EQ(test, f->rng.credit_bits, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(&f->rng.credit, 0, sizeof(f->rng.credit)));
}

static struct kunit_case rng_effects_cases[] = {
	KUNIT_CASE(rng_mixes_whatever_came),
	KUNIT_CASE(rng_credits_an_unready_kernel),
	KUNIT_CASE(rng_credits_what_was_good),
	KUNIT_CASE(rng_credits_nothing_by_default),
	KUNIT_CASE(rng_credits_no_ready_kernel),
	KUNIT_CASE(rng_credits_the_first_of_two_batches),
	KUNIT_CASE(rng_credits_nothing_from_before_a_fork),
	KUNIT_CASE(rng_offers_only_by_parameter),
	KUNIT_CASE(rng_offers_nothing_unready),
	KUNIT_CASE(rng_offers_nothing_to_a_host_that_changed),
	KUNIT_CASE(rng_refresh_gives_nothing_away),
	KUNIT_CASE(rng_offers_after_a_fault_to_another_host_only),
	KUNIT_CASE(rng_reseeds),
	KUNIT_CASE(rng_keeps_nothing_for_a_ready_kernel),
	{}
};

static struct kunit_suite rng_effects_suite = {
	.name = "commonhv_rng_effects",
	.init = rng_fixture_init,
	.exit = rng_fixture_exit,
	.test_cases = rng_effects_cases,
};

kunit_test_suites(&rng_effects_suite);
