// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_rng: which MSR is read, and when, as the host changes. */
#include <kunit/test.h>

#include "commonhv_rng_fake.h"

static void rng_looks_before_it_reads(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, rng_refresh(f, 16));
	rng_expect_story(test, "hRm");
	KUNIT_EXPECT_EQ(test, 16, rng_reads(f, 0x4f000100));
	KUNIT_EXPECT_EQ(test, 5, fake_hv_count(f->hv, FAKE_CPUID, 0, U32_MAX));
	/* All that came, in one piece, as it came. */
	KUNIT_EXPECT_EQ(test, 1, f->krng.nr_calls);
	rng_expect_values(test, 0, FAKE_KRNG_MIX, 16, 0);
	KUNIT_EXPECT_EQ(test, 128, f->rng.policy.counters.bytes_mixed);
	KUNIT_EXPECT_TRUE(test, f->look.head.rng);
	KUNIT_EXPECT_EQ(test, 0x4f000100, f->look.head.rng_msr);
	KUNIT_EXPECT_EQ(test, 1, f->look.list0.eax);
	/* The caller has the look. */
	KUNIT_EXPECT_EQ(test, 0, f->nr_moved);
}

static void rng_can_look_and_not_read(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->hv->rng = FAKE_RNG_ZEROS;
	rng_refresh(f, 16);
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_EQ(test, 0, rng_refresh(f, 0));
	rng_expect_story(test, "h");
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_EXHAUSTED, f->rng.policy.state);
}

static void rng_is_not_read_when_the_bit_is_clear(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->hv->leaves = rng_host_no_rng;
	KUNIT_EXPECT_EQ(test, -ENODEV, rng_refresh(f, 16));
	KUNIT_EXPECT_EQ(test, -ENODEV, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, 0, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX));
	KUNIT_EXPECT_EQ(test, 0, rng_writes(f));
	KUNIT_EXPECT_EQ(test, 0, f->krng.nr_calls);
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_ABSENT, f->rng.policy.state);
	KUNIT_EXPECT_EQ(test, 0, f->nr_moved);
}

static void rng_follows_to_another_host(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	KUNIT_EXPECT_EQ(test, 64, commonhv_rng_draw(&f->rng, buf, 64));
	f->hv->leaves = rng_host_b;
	f->hv->rng_msr = 0x4f000200;
	KUNIT_EXPECT_EQ(test, 64, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, 8, rng_reads(f, 0x4f000100));
	KUNIT_EXPECT_EQ(test, 8, rng_reads(f, 0x4f000200));
	KUNIT_EXPECT_EQ(test, 2, f->nr_moved);
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_OK, f->rng.policy.state);
}

/* What another host's RNG did is not held against this one's. */
static void rng_is_judged_anew_on_another_host(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->hv->rng = FAKE_RNG_STUCK;
	KUNIT_EXPECT_EQ(test, -EIO, commonhv_rng_draw(&f->rng, buf, 64));
	f->hv->leaves = rng_host_b;
	f->hv->rng_msr = 0x4f000200;
	f->hv->rng = FAKE_RNG_GOOD;
	KUNIT_EXPECT_EQ(test, 64, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_OK, f->rng.policy.state);
}

/* The same MSR, and it is another one all the same. */
static void rng_forgets_when_anything_changes(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->rng.offer = true;
	f->hv->write_faults = true;
	f->hv->rng = FAKE_RNG_STUCK;
	KUNIT_EXPECT_EQ(test, -EIO, commonhv_rng_draw(&f->rng, buf, 64));
	commonhv_rng_offer(&f->rng);
	KUNIT_EXPECT_TRUE(test, f->rng.input_is_refused);
	f->hv->leaves = rng_host_a2;
	f->hv->rng = FAKE_RNG_GOOD;
	KUNIT_EXPECT_EQ(test, 64, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, 2, f->nr_moved);
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_OK, f->rng.policy.state);
	KUNIT_EXPECT_FALSE(test, f->rng.input_is_refused);
}

static void rng_forgets_when_told(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->rng.offer = true;
	f->hv->write_faults = true;
	f->hv->rng = FAKE_RNG_STUCK;
	KUNIT_EXPECT_EQ(test, -EIO, commonhv_rng_draw(&f->rng, buf, 64));
	commonhv_rng_offer(&f->rng);
	f->hv->rng = FAKE_RNG_GOOD;
	KUNIT_EXPECT_EQ(test, -EIO, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_TRUE(test, f->rng.input_is_refused);
	commonhv_rng_restart(&f->rng);
	KUNIT_EXPECT_EQ(test, 64, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_OK, f->rng.policy.state);
	KUNIT_EXPECT_FALSE(test, f->rng.input_is_refused);
	/* It is no news that it is there. */
	KUNIT_EXPECT_EQ(test, 1, f->nr_moved);
	KUNIT_EXPECT_TRUE(test, commonhv_rng_is_present(&f->rng));
}

static void rng_draws_any_length(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u64 values[COMMONHV_RNG_BATCH_MAX];

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_EXPECT_EQ(test, 1, commonhv_rng_draw(&f->rng, buf, 1));
	KUNIT_EXPECT_EQ(test, 0, buf[1]);
	KUNIT_EXPECT_EQ(test, 13, commonhv_rng_draw(&f->rng, buf, 13));
	KUNIT_EXPECT_EQ(test, 1 + 2, rng_reads(f, 0x4f000100));
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_EQ(test, 128, commonhv_rng_draw(&f->rng, buf, 256));
	rng_expect_story(test, "hR");
	KUNIT_EXPECT_EQ(test, 16, fake_hv_values(f->hv, FAKE_RDMSR, values, 16));
	KUNIT_EXPECT_EQ(test, 0, memcmp(values, buf, 128));
	/* What is handed out is nobody else's. */
	KUNIT_EXPECT_EQ(test, 0, f->krng.nr_calls);
}

static void rng_draws_what_is_good(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u64 buf[8], values[8];

	f->hv->rng = FAKE_RNG_POOL;
	f->hv->rng_n = 5;
	KUNIT_EXPECT_EQ(test, 40, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, 8, fake_hv_values(f->hv, FAKE_RDMSR, values, 8));
	KUNIT_EXPECT_EQ(test, 0, memcmp(values, buf, 40));
}

/* Read as draft 1, leaf 2 would name an MSR that the architecture uses. */
static void rng_honours_a_forced_draft(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.draft = COMMONHV_DRAFT_1;
	KUNIT_EXPECT_EQ(test, -ENODEV, rng_refresh(f, 16));
	KUNIT_EXPECT_EQ(test, 0, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX));
}

static void rng_leaves_a_host_without(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	KUNIT_EXPECT_EQ(test, 64, commonhv_rng_draw(&f->rng, buf, 64));
	f->hv->leaves = NULL;
	KUNIT_EXPECT_EQ(test, -ENODEV, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, 8, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX));
	KUNIT_EXPECT_FALSE(test, commonhv_rng_is_present(&f->rng));
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_ABSENT, f->rng.policy.state);
	f->hv->leaves = rng_host_a;
	KUNIT_EXPECT_EQ(test, 64, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_TRUE(test, commonhv_rng_is_present(&f->rng));
	KUNIT_EXPECT_EQ(test, 3, f->nr_moved);
}

static void rng_reports_why_there_is_nothing(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->hv->rng = FAKE_RNG_ZEROS;
	KUNIT_EXPECT_EQ(test, -ENODATA, commonhv_rng_draw(&f->rng, buf, 64));
	f->hv->rng = FAKE_RNG_FAULT;
	KUNIT_EXPECT_EQ(test, -EIO, commonhv_rng_draw(&f->rng, buf, 64));
	f->hv->rng = FAKE_RNG_STUCK;
	f->hv->rng_n = 0;
	KUNIT_EXPECT_EQ(test, -EIO, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, COMMONHV_RNG_UNHEALTHY, f->rng.policy.state);
}

static struct kunit_case rng_cases[] = {
	KUNIT_CASE(rng_looks_before_it_reads),
	KUNIT_CASE(rng_can_look_and_not_read),
	KUNIT_CASE(rng_is_not_read_when_the_bit_is_clear),
	KUNIT_CASE(rng_follows_to_another_host),
	KUNIT_CASE(rng_is_judged_anew_on_another_host),
	KUNIT_CASE(rng_forgets_when_anything_changes),
	KUNIT_CASE(rng_forgets_when_told),
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
