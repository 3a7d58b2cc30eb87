// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_rng: which MSR is touched, and when, as the host changes. */
#include <kunit/test.h>

#include "../commonhv/rng.h"
#include "commonhv_fake.h"

#define HEAD2(features_, msr_)						\
	FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 1 },		\
	{ 0x4f000002, 0, (features_) }, { 0x4f000003, 0, (msr_) }, {}

static const struct fake_leaf rng_host_a[] = { HEAD2(3, 0x4f000100) };
static const struct fake_leaf rng_host_b[] = { HEAD2(3, 0x4f000200) };
static const struct fake_leaf rng_host_no_input[] = { HEAD2(1, 0x4f000100) };
static const struct fake_leaf rng_host_no_rng[] = { HEAD2(0, 0x4f000100) };

struct rng_fixture {
	struct commonhv_rng rng;
	struct fake_hv *hv;
	unsigned int nr_moved;
};

static void rng_fixture_moved(struct commonhv_rng *rng)
{
	container_of(rng, struct rng_fixture, rng)->nr_moved++;
}

static int rng_fixture_init(struct kunit *test)
{
	struct rng_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->hv = fake_hv_create(test, rng_host_a);
	f->hv->rng_msr = 0x4f000100;
	f->rng.access = &f->hv->access;
	f->rng.moved = rng_fixture_moved;
	commonhv_rng_init(&f->rng, COMMONHV_RNG_QUALITY_MAX);
	test->priv = f;
	return 0;
}

static void rng_fixture_exit(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	if (f)
		commonhv_rng_destroy(&f->rng);
}

static unsigned int rng_reads(const struct rng_fixture *f, u32 msr)
{
	return fake_hv_count(f->hv, FAKE_RDMSR, msr, msr);
}

static unsigned int rng_writes(const struct rng_fixture *f)
{
	return fake_hv_count(f->hv, FAKE_WRMSR, 0, U32_MAX);
}

static void rng_looks_before_it_reads(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, commonhv_rng_refresh(&f->rng, 16, NULL));
	KUNIT_EXPECT_EQ(test, 16, rng_reads(f, 0x4f000100));
	KUNIT_EXPECT_EQ(test, 4,
			fake_hv_count(f->hv, FAKE_CPUID, 0x4f000000, 0x4fffffff));
	KUNIT_EXPECT_EQ(test, 1, f->nr_moved);
	KUNIT_EXPECT_EQ(test, 128, f->rng.policy.counters.bytes_mixed);
}

static void rng_is_not_read_when_the_bit_is_clear(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 buf[64];

	f->hv->leaves = rng_host_no_rng;
	KUNIT_EXPECT_EQ(test, -ENODEV, commonhv_rng_refresh(&f->rng, 16, NULL));
	KUNIT_EXPECT_EQ(test, -ENODEV, commonhv_rng_draw(&f->rng, buf, 64));
	KUNIT_EXPECT_EQ(test, 0, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX));
	KUNIT_EXPECT_EQ(test, 0, rng_writes(f));
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

static void rng_draws_any_length(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_EXPECT_EQ(test, 1, commonhv_rng_draw(&f->rng, buf, 1));
	KUNIT_EXPECT_EQ(test, 0, buf[1]);
	KUNIT_EXPECT_EQ(test, 13, commonhv_rng_draw(&f->rng, buf, 13));
	KUNIT_EXPECT_EQ(test, 1 + 2, rng_reads(f, 0x4f000100));
	KUNIT_EXPECT_EQ(test, 128, commonhv_rng_draw(&f->rng, buf, 256));
}

/* Read as draft 1, leaf 2 would name an MSR that the architecture uses. */
static void rng_honours_a_forced_draft(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.draft = COMMONHV_DRAFT_1;
	KUNIT_EXPECT_EQ(test, -ENODEV, commonhv_rng_refresh(&f->rng, 16, NULL));
	KUNIT_EXPECT_EQ(test, 0, fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX));
}

static void rng_is_credited_for_an_unready_kernel_only(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	bool ready = rng_is_initialized();

	KUNIT_EXPECT_EQ(test, 1024, f->rng.policy.quality);
	commonhv_rng_refresh(&f->rng, 16, NULL);
	if (!ready)
		kunit_skip(test, "the kernel's RNG is not ready");
	KUNIT_EXPECT_EQ(test, 0, f->rng.credit_bits);
	KUNIT_EXPECT_EQ(test, 0, f->rng.policy.counters.bits_credited);
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

static void rng_believes_a_head_that_it_is_given(struct kunit *test)
{
	struct rng_fixture *f = test->priv;
	struct commonhv_regs list0;
	struct commonhv_head head;

	commonhv_head_decode(&f->hv->access, COMMONHV_DRAFT_AUTO, &head, &list0);
	f->hv->nr_calls = 0;
	KUNIT_EXPECT_EQ(test, 0, commonhv_rng_refresh(&f->rng, 16, &head));
	KUNIT_EXPECT_EQ(test, 16, f->hv->nr_calls);
	KUNIT_EXPECT_EQ(test, 0, f->nr_moved);
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

static void rng_refresh_and_offer(struct rng_fixture *f)
{
	commonhv_rng_refresh(&f->rng, 1, NULL);
	commonhv_rng_offer(&f->rng);
}

static void rng_offers_only_when_told(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, 0, rng_writes(f));

	/* An RNG that is not seeded has nothing to give. */
	if (!rng_is_initialized())
		kunit_skip(test, "the kernel's RNG is not ready");
	f->rng.offer = true;
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, 1, rng_writes(f));
	KUNIT_EXPECT_EQ(test, 1, fake_hv_count(f->hv, FAKE_WRMSR, 0x4f000100,
					       0x4f000100));
	f->hv->leaves = rng_host_no_input;
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, 1, rng_writes(f));
}

/* A clone's next random number is its siblings' too, until it has reseeded. */
static void rng_refresh_gives_nothing_away(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	f->rng.offer = true;
	commonhv_rng_refresh(&f->rng, 16, NULL);
	KUNIT_EXPECT_EQ(test, 0, rng_writes(f));
}

static void rng_offers_after_a_fault_to_another_host_only(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	if (!rng_is_initialized())
		kunit_skip(test, "the kernel's RNG is not ready");
	f->rng.offer = true;
	f->hv->write_faults = true;
	rng_refresh_and_offer(f);
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, 1, rng_writes(f));
	KUNIT_EXPECT_EQ(test, 1, f->rng.policy.counters.faults);

	f->hv->leaves = rng_host_b;
	f->hv->rng_msr = 0x4f000200;
	f->hv->write_faults = false;
	rng_refresh_and_offer(f);
	KUNIT_EXPECT_EQ(test, 2, rng_writes(f));
}

static struct kunit_case rng_cases[] = {
	KUNIT_CASE(rng_looks_before_it_reads),
	KUNIT_CASE(rng_is_not_read_when_the_bit_is_clear),
	KUNIT_CASE(rng_follows_to_another_host),
	KUNIT_CASE(rng_is_judged_anew_on_another_host),
	KUNIT_CASE(rng_draws_any_length),
	KUNIT_CASE(rng_honours_a_forced_draft),
	KUNIT_CASE(rng_is_credited_for_an_unready_kernel_only),
	KUNIT_CASE(rng_leaves_a_host_without),
	KUNIT_CASE(rng_believes_a_head_that_it_is_given),
	KUNIT_CASE(rng_reports_why_there_is_nothing),
	KUNIT_CASE(rng_offers_only_when_told),
	KUNIT_CASE(rng_refresh_gives_nothing_away),
	KUNIT_CASE(rng_offers_after_a_fault_to_another_host_only),
	{}
};

static struct kunit_suite rng_suite = {
	.name = "commonhv_rng",
	.init = rng_fixture_init,
	.exit = rng_fixture_exit,
	.test_cases = rng_cases,
};

kunit_test_suites(&rng_suite);
