// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_rng_effects: what is mixed, credited and offered. */
#include <kunit/test.h>

#include "commonhv_rng_fake.h"

/* Zeros and repeats do no harm; a value that never came is not mixed. */
static void rng_mixes_whatever_came(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->hv->rng = FAKE_RNG_ZEROS;
	KUNIT_EXPECT_EQ(test, 0, rng_refresh(f, 16));
	rng_expect_values(test, 0, FAKE_KRNG_MIX, 16, 0);
	f->hv->rng = FAKE_RNG_FAULT;
	f->hv->nr_values = 0;
	f->hv->rng_n = 3;
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_EQ(test, 0, rng_refresh(f, 16));
	rng_expect_values(test, 1, FAKE_KRNG_MIX, 3, 0);
	KUNIT_EXPECT_EQ(test, 0, rng_refresh(f, 16));
	KUNIT_EXPECT_EQ(test, 2, f->krng.nr_calls);
	KUNIT_EXPECT_EQ(test, 19 * 8, f->rng.policy.counters.bytes_mixed);
}

/* The right bytes and bits, once, after they were mixed, and nothing is kept. */
static void rng_credits_an_unready_kernel(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	KUNIT_EXPECT_TRUE(test, commonhv_rng_wants_credit(&f->rng));
	rng_refresh(f, 16);
	KUNIT_EXPECT_STREQ(test, "m", (const char *)f->krng.steps);
	KUNIT_EXPECT_EQ(test, 0, f->rng.policy.counters.bits_credited);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, "mc", (const char *)f->krng.steps);
	rng_expect_values(test, 1, FAKE_KRNG_CREDIT, 16, 1024);
	KUNIT_EXPECT_EQ(test, 1024, f->rng.policy.counters.bits_credited);
	KUNIT_EXPECT_NULL(test, memchr_inv(&f->rng.credit, 0, sizeof(f->rng.credit)));
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_EQ(test, 2, f->krng.nr_calls);
	KUNIT_EXPECT_EQ(test, 1024, f->rng.policy.counters.bits_credited);
	/* The next batch is credited again. */
	fake_hv_forget(f->hv);
	rng_refresh(f, 8);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, "mcmc", (const char *)f->krng.steps);
	rng_expect_values(test, 3, FAKE_KRNG_CREDIT, 8, 512);
	KUNIT_EXPECT_EQ(test, 1536, f->rng.policy.counters.bits_credited);
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
	KUNIT_EXPECT_STREQ(test, "mc", (const char *)f->krng.steps);
	rng_expect_values(test, 1, FAKE_KRNG_CREDIT, 3, 96);
	f->hv->rng = FAKE_RNG_STUCK;
	f->hv->rng_n = 0;
	rng_refresh(f, 16);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, "mcm", (const char *)f->krng.steps);
}

static void rng_credits_nothing_by_default(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	f->rng.policy.quality = 0;
	KUNIT_EXPECT_FALSE(test, commonhv_rng_wants_credit(&f->rng));
	rng_refresh(f, 16);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, "m", (const char *)f->krng.steps);
}

static void rng_credits_no_ready_kernel(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	KUNIT_EXPECT_FALSE(test, commonhv_rng_wants_credit(&f->rng));
	rng_refresh(f, 16);
	KUNIT_EXPECT_EQ(test, 0, f->rng.credit_bits);
	/* Nor one that became ready in between. */
	f->krng.ready = false;
	rng_refresh(f, 16);
	f->krng.ready = true;
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, "mm", (const char *)f->krng.steps);
	KUNIT_EXPECT_EQ(test, 0, f->rng.policy.counters.bits_credited);
	f->krng.ready = false;
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, "mm", (const char *)f->krng.steps);
}

static void rng_credits_the_first_of_two_batches(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = false;
	rng_refresh(f, 8);
	rng_refresh(f, 16);
	commonhv_rng_credit(&f->rng);
	commonhv_rng_credit(&f->rng);
	KUNIT_EXPECT_STREQ(test, "mmc", (const char *)f->krng.steps);
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
	KUNIT_EXPECT_STREQ(test, "mm", (const char *)f->krng.steps);
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

static void rng_offers_only_when_told(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u64 value;

	rng_refresh_and_offer(f);
	rng_expect_story(test, "");

	/* Drawn for this, and written at once after a look. */
	f->rng.offer = true;
	rng_refresh_and_offer(f);
	rng_expect_story(test, "dhW");
	KUNIT_EXPECT_EQ(test, 1, fake_hv_values(f->hv, FAKE_WRMSR, &value, 1));
	KUNIT_EXPECT_EQ(test, 1, value);
	KUNIT_EXPECT_EQ(test, 1, fake_hv_count(f->hv, FAKE_WRMSR, 0x4f000100,
					       0x4f000100));
	rng_refresh_and_offer(f);
	rng_expect_story(test, "dhW");
	KUNIT_EXPECT_EQ(test, 1, fake_hv_values(f->hv, FAKE_WRMSR, &value, 1));
	KUNIT_EXPECT_EQ(test, 2, value);

	f->hv->leaves = rng_host_no_input;
	rng_refresh_and_offer(f);
	rng_expect_story(test, "");
}

/* An RNG that is not seeded has nothing to give. */
static void rng_offers_nothing_unready(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer = true;
	f->krng.ready = false;
	rng_refresh_and_offer(f);
	rng_expect_story(test, "");
}

/* The index is now another host's: whose MSR it is there nobody knows. */
static void rng_offers_nothing_to_a_host_that_changed(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer = true;
	rng_refresh(f, 1);
	fake_hv_forget(f->hv);
	f->hv->leaves = rng_host_a2;
	commonhv_rng_offer(&f->rng);
	rng_expect_story(test, "dh");
	KUNIT_EXPECT_EQ(test, 1, f->nr_moved);
	f->hv->leaves = NULL;
	commonhv_rng_offer(&f->rng);
	KUNIT_EXPECT_EQ(test, 0, rng_writes(f));
	KUNIT_EXPECT_EQ(test, 2, f->nr_moved);
}

/* A clone's next random number is its siblings' too, until it has reseeded. */
static void rng_refresh_gives_nothing_away(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer = true;
	rng_refresh(f, 16);
	KUNIT_EXPECT_EQ(test, 0, rng_writes(f));
	KUNIT_EXPECT_EQ(test, 0, f->krng.nr_drawn);
}

static void rng_offers_after_a_fault_to_another_host_only(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer = true;
	f->hv->write_faults = true;
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, 1, rng_writes(f));
	rng_refresh_and_offer(f);
	rng_expect_story(test, "");
	KUNIT_EXPECT_EQ(test, 1, f->rng.policy.counters.faults);

	f->hv->leaves = rng_host_b;
	f->hv->rng_msr = 0x4f000200;
	f->hv->write_faults = false;
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, 1, rng_writes(f));
	KUNIT_EXPECT_EQ(test, 1, fake_hv_count(f->hv, FAKE_WRMSR, 0x4f000200,
					       0x4f000200));
}

static void rng_reseeds(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, commonhv_rng_reseed(&f->rng));
	KUNIT_EXPECT_STREQ(test, "r", (const char *)f->krng.steps);
	f->krng.reseed_error = -ENODATA;
	KUNIT_EXPECT_EQ(test, -ENODATA, commonhv_rng_reseed(&f->rng));
}

/* Nor are the values kept, which somebody may have as a key by then. */
static void rng_keeps_nothing_for_a_ready_kernel(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->krng.ready = true;
	commonhv_rng_refresh(&f->rng, 16, &f->look);
	KUNIT_EXPECT_EQ(test, 0, f->rng.credit_bits);
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
	KUNIT_CASE(rng_offers_only_when_told),
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
