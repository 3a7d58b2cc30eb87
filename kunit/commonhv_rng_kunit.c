// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_rng: the MSR that is read, and when, as the host changes. */
#include <kunit/test.h>

#include "commonhv_rng_fake.h"

static void rng_reads_leaves_before_the_msr(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, rng_refresh(f, 16), 0);
	rng_expect_story(test, "hRm");
	KUNIT_EXPECT_EQ(test, rng_reads(f, 0x4f000100), 16);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_CPUID, 0, U32_MAX), 5);
	/* All that came, in one piece, as it came. */
	KUNIT_EXPECT_EQ(test, f->krng.nr_calls, 1);
	rng_expect_values(test, 0, FAKE_KRNG_MIX, 16, 0);
	KUNIT_EXPECT_EQ(test, f->rng.policy.counters.bytes_mixed, 128);
	KUNIT_EXPECT_TRUE(test, f->leaves.caps.rng);
	KUNIT_EXPECT_EQ(test, f->leaves.caps.rng_msr, 0x4f000100);
	KUNIT_EXPECT_EQ(test, f->leaves.list0.eax, 1);
	/* The caller has the leaves. */
	KUNIT_EXPECT_EQ(test, f->nr_moved, 0);
}

static void rng_can_read_leaves_alone(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->hv->rng = FAKE_RNG_ZEROS;
	rng_refresh(f, 16);
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_EQ(test, rng_refresh(f, 0), 0);
	rng_expect_story(test, "h");
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_EXHAUSTED);
}

static void rng_is_not_read_when_the_bit_is_clear(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->hv->leaves = rng_host_no_rng;
	KUNIT_EXPECT_EQ(test, rng_refresh(f, 16), -ENODEV);
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX), 0);
	KUNIT_EXPECT_EQ(test, rng_writes(f), 0);
	KUNIT_EXPECT_EQ(test, f->krng.nr_calls, 0);
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_ABSENT);
	KUNIT_EXPECT_EQ(test, f->nr_moved, 0);
}

static void rng_follows_to_another_host(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 64);
	f->hv->leaves = rng_host_b;
	f->hv->rng_msr = 0x4f000200;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 64);
	KUNIT_EXPECT_EQ(test, rng_reads(f, 0x4f000100), 8);
	KUNIT_EXPECT_EQ(test, rng_reads(f, 0x4f000200), 8);
	KUNIT_EXPECT_EQ(test, f->nr_moved, 2);
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_OK);
}

/* Failures of another host's RNG do not count here. */
static void rng_is_judged_afresh_on_another_host(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->hv->rng = FAKE_RNG_STUCK;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -EIO);
	f->hv->leaves = rng_host_b;
	f->hv->rng_msr = 0x4f000200;
	f->hv->rng = FAKE_RNG_GOOD;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 64);
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_OK);
}

/* The same index, and another MSR. */
static void rng_forgets_when_anything_changes(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->rng.offer_entropy = true;
	f->hv->write_faults = true;
	f->hv->rng = FAKE_RNG_STUCK;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -EIO);
	commonhv_rng_offer(&f->rng);
	KUNIT_EXPECT_TRUE(test, f->rng.input_is_refused);
	f->hv->leaves = rng_host_a2;
	f->hv->rng = FAKE_RNG_GOOD;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 64);
	KUNIT_EXPECT_EQ(test, f->nr_moved, 2);
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_OK);
	KUNIT_EXPECT_FALSE(test, f->rng.input_is_refused);
}

static void rng_forgets_at_a_restart(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->rng.offer_entropy = true;
	f->hv->write_faults = true;
	f->hv->rng = FAKE_RNG_STUCK;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -EIO);
	commonhv_rng_offer(&f->rng);
	f->hv->rng = FAKE_RNG_GOOD;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -EIO);
	KUNIT_EXPECT_TRUE(test, f->rng.input_is_refused);
	commonhv_rng_restart(&f->rng);
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 64);
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_OK);
	KUNIT_EXPECT_FALSE(test, f->rng.input_is_refused);
	/* A restart does not kick. */
	KUNIT_EXPECT_EQ(test, f->nr_moved, 1);
	KUNIT_EXPECT_TRUE(test, commonhv_rng_is_present(&f->rng));
}

static void rng_draws_any_length(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u64 values[COMMONHV_RNG_BATCH_MAX];

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 1), 1);
	KUNIT_EXPECT_EQ(test, buf[1], 0);
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 13), 13);
	KUNIT_EXPECT_EQ(test, rng_reads(f, 0x4f000100), 1 + 2);
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 256), 128);
	rng_expect_story(test, "hR");
	KUNIT_EXPECT_EQ(test, fake_hv_values(f->hv, FAKE_RDMSR, values, 16), 16);
	KUNIT_EXPECT_EQ(test, memcmp(values, buf, 128), 0);
	/* Values that are handed out are not mixed. */
	KUNIT_EXPECT_EQ(test, f->krng.nr_calls, 0);
}

static void rng_draws_what_is_good(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u64 buf[8], values[8];

	f->hv->rng = FAKE_RNG_POOL;
	f->hv->rng_n = 5;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 40);
	KUNIT_EXPECT_EQ(test, fake_hv_values(f->hv, FAKE_RDMSR, values, 8), 8);
	KUNIT_EXPECT_EQ(test, memcmp(values, buf, 40), 0);
}

/* Read as draft 1, leaf 2 would name an MSR that the architecture uses. */
static void rng_honours_a_forced_draft(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.draft = COMMONHV_DRAFT_1;
	KUNIT_EXPECT_EQ(test, rng_refresh(f, 16), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX), 0);
}

static void rng_leaves_a_host_without(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 64);
	f->hv->leaves = NULL;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX), 8);
	KUNIT_EXPECT_FALSE(test, commonhv_rng_is_present(&f->rng));
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_ABSENT);
	f->hv->leaves = rng_host_a;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), 64);
	KUNIT_EXPECT_TRUE(test, commonhv_rng_is_present(&f->rng));
	KUNIT_EXPECT_EQ(test, f->nr_moved, 3);
}

static void rng_reports_why_there_is_nothing(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->hv->rng = FAKE_RNG_ZEROS;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -ENODATA);
	f->hv->rng = FAKE_RNG_FAULT;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -EIO);
	f->hv->rng = FAKE_RNG_STUCK;
	f->hv->rng_n = 0;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->rng, buf, 64), -EIO);
	KUNIT_EXPECT_EQ(test, f->rng.policy.state, COMMONHV_RNG_UNHEALTHY);
}

static struct kunit_case rng_cases[] = {
	KUNIT_CASE(rng_reads_leaves_before_the_msr),
	KUNIT_CASE(rng_can_read_leaves_alone),
	KUNIT_CASE(rng_is_not_read_when_the_bit_is_clear),
	KUNIT_CASE(rng_follows_to_another_host),
	KUNIT_CASE(rng_is_judged_afresh_on_another_host),
	KUNIT_CASE(rng_forgets_when_anything_changes),
	KUNIT_CASE(rng_forgets_at_a_restart),
	KUNIT_CASE(rng_draws_any_length),
	KUNIT_CASE(rng_draws_what_is_good),
	KUNIT_CASE(rng_honours_a_forced_draft),
	KUNIT_CASE(rng_leaves_a_host_without),
	KUNIT_CASE(rng_reports_why_there_is_nothing),
	{}
};

static struct kunit_suite rng_suite = {
	.name = "commonhv_rng",
	.init = rng_fixture_init,
	.exit = rng_fixture_exit,
	.test_cases = rng_cases,
};

kunit_test_suites(&rng_suite);
