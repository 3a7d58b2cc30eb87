// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_generation: which looks find a fork, and what they cost. */
#include <kunit/test.h>

#include "../commonhv/generation.h"
#include "commonhv_fake.h"
#include "krng_fake.h"

#define GENERATION_MSR	0x4f000001
#define FIRST		0x0123456789abcdefULL

#define HOST3(bits_)							\
	FAKE_COMMONHV(0x4f000005), { 0x4f000001, 0, 0 },		\
	{ 0x4f000004, 0, 3, (bits_), (bits_) & 2 ? GENERATION_MSR : 0 }, {}

static const struct fake_leaf generation_host_leaf[] = { HOST3(1) };
static const struct fake_leaf generation_host_msr[] = { HOST3(2) };
static const struct fake_leaf generation_host_both[] = { HOST3(3) };
static const struct fake_leaf generation_host_neither[] = { HOST3(0) };
static const struct fake_leaf generation_host_other_msr[] = {
	FAKE_COMMONHV(0x4f000005), { 0x4f000004, 0, 3, 2, GENERATION_MSR + 1 }, {}
};

struct generation_fixture {
	struct commonhv_generation generation;
	struct fake_hv *hv;
	struct fake_krng krng;
};

static int generation_init(struct kunit *test)
{
	struct generation_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	fake_krng_init(&f->krng);
	f->hv = fake_hv_create(test, generation_host_both);
	f->hv->generation = FIRST;
	f->hv->generation_msr = GENERATION_MSR;
	f->generation.access = &f->hv->access;
	f->generation.krng = &f->krng.krng;
	test->priv = f;
	return 0;
}

/* What a round learns from the leaves. */
static void generation_update(struct generation_fixture *f)
{
	struct commonhv_leaves leaves;

	commonhv_caps_decode(f->generation.access, f->generation.draft, &leaves);
	commonhv_generation_update(&f->generation, &leaves.caps);
}

/* On the host that the test has chosen. */
static struct generation_fixture *generation_begin(struct kunit *test,
						   const struct fake_leaf *host)
{
	struct generation_fixture *f = test->priv;

	f->hv->leaves = host;
	commonhv_generation_init(&f->generation);
	generation_update(f);
	fake_hv_forget(f->hv);
	fake_krng_forget(&f->krng);
	return f;
}

static void generation_expect_mixed(struct kunit *test, u64 value)
{
	struct generation_fixture *f = test->priv;

	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "m");
	KUNIT_EXPECT_EQ(test, f->krng.calls[0].len, sizeof(value));
	KUNIT_EXPECT_EQ(test, f->krng.calls[0].words[0], value);
}

static void generation_first_is_mixed_and_no_fork(struct kunit *test)
{
	struct generation_fixture *f = test->priv;

	commonhv_generation_init(&f->generation);
	generation_update(f);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.source, COMMONHV_GENERATION_CPUID);
	KUNIT_EXPECT_EQ(test, f->generation.value, FIRST);
	generation_expect_mixed(test, FIRST);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.changes, 0);
}

/* Both ways to ask are one instruction. */
static void generation_look_is_one_cpuid(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_both);

	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->hv->nr_calls, 1);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_CPUID, 0x4f000005, 0x4f000005), 1);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_has_changed(&f->generation));
	KUNIT_EXPECT_EQ(test, f->hv->nr_calls, 2);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "");
}

static void generation_look_is_one_rdmsr(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_msr);

	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_has_changed(&f->generation));
	KUNIT_EXPECT_EQ(test, f->hv->nr_calls, 2);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_RDMSR, GENERATION_MSR,
					    GENERATION_MSR), 2);
}

/* No exit without a reason: the timer may ask as often as it likes. */
static void generation_that_is_not_there_costs_nothing(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_neither);

	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_has_changed(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->hv->nr_calls, 0);
	KUNIT_EXPECT_EQ(test, f->generation.changes, 0);
}

static void generation_each_bit_counts(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_both);
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		f->hv->generation ^= BIT_ULL(bit);
		fake_krng_forget(&f->krng);
		KUNIT_EXPECT_TRUE(test, commonhv_generation_has_changed(&f->generation));
		/* To ask this is not to deal with it. */
		KUNIT_EXPECT_TRUE(test, commonhv_generation_has_changed(&f->generation));
		KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "");
		KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
		generation_expect_mixed(test, f->hv->generation);
		KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	}
	KUNIT_EXPECT_EQ(test, f->generation.changes, 64);
}

static void generation_that_comes_back_is_a_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_msr);

	f->hv->generation--;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	f->hv->generation++;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.changes, 2);
}

static void generation_that_goes_is_a_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_both);

	/* Restored on a host without CommonHV: CPUID returns some other data. */
	f->hv->leaves = NULL;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_has_changed(&f->generation));
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.value, 0);
	/* That data is not mixed. */
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "");
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
}

static void generation_that_comes_is_a_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, NULL);

	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	f->hv->leaves = generation_host_leaf;
	generation_update(f);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_has_changed(&f->generation));
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_TRUE(test, commonhv_generation_is_present(&f->generation));
	generation_expect_mixed(test, FIRST);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
}

/* Restored where the leaf cannot change, so that only the MSR is offered. */
static void generation_moves_to_the_msr(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_leaf);

	f->hv->leaves = generation_host_msr;
	f->hv->generation++;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.source, COMMONHV_GENERATION_MSR);
	KUNIT_EXPECT_EQ(test, f->generation.value, f->hv->generation);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
}

static void generation_msr_that_faults_is_a_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_msr);

	f->hv->generation_msr = 0;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "");
	/* The host still announces it: a look after each round tries again. */
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->hv->nr_calls, 0);
	generation_update(f);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	f->hv->generation_msr = GENERATION_MSR;
	generation_update(f);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	generation_expect_mixed(test, FIRST);
}

/* By the time of the look it is back: the machine was somewhere else in between. */
static void generation_fault_for_a_moment_is_a_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_msr);

	f->hv->generation_msr = 0;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_has_changed(&f->generation));
	f->hv->generation_msr = GENERATION_MSR;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	generation_expect_mixed(test, FIRST);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_has_changed(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.changes, 1);
}

/* The leaves count, also where the instruction still has the old answer. */
static void generation_that_is_withdrawn_is_a_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_msr);

	f->hv->leaves = generation_host_neither;
	generation_update(f);
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_has_changed(&f->generation));
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_present(&f->generation));
	fake_hv_forget(f->hv);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	/* Its MSR is not read any more. */
	KUNIT_EXPECT_EQ(test, f->hv->nr_calls, 0);
}

static void generation_that_only_moves_is_no_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_leaf);

	f->hv->leaves = generation_host_msr;
	generation_update(f);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.source, COMMONHV_GENERATION_MSR);
	KUNIT_EXPECT_EQ(test, f->generation.changes, 0);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "");
	generation_update(f);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_stale(&f->generation));
	f->hv->leaves = generation_host_other_msr;
	generation_update(f);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_is_stale(&f->generation));
}

/* A round read the leaves, and a look was first to deal with what they say. */
static void generation_leaves_of_before_are_no_fork(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_neither);
	struct commonhv_leaves old;

	commonhv_caps_decode(f->generation.access, f->generation.draft, &old);
	f->hv->leaves = generation_host_leaf;
	generation_update(f);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	commonhv_generation_update(&f->generation, &old.caps);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_TRUE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_EQ(test, f->generation.changes, 1);
}

static void generation_zero_is_none(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_both);

	f->hv->generation = 0;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "");
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
}

/* Loaded on a host without CommonHV, when the leaves of the one before have been read. */
static void generation_host_goes(struct fake_hv *hv, u32 leaf)
{
	if (leaf == COMMONHV_CPUID_VERSION)
		hv->leaves = NULL;
}

static void generation_of_a_host_that_goes_is_not_trusted(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_both);

	f->hv->generation++;
	f->hv->at_answer = generation_host_goes;
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "");
}

static void generation_moves(struct fake_hv *hv, u32 leaf)
{
	if (leaf == COMMONHV_CPUID_GENERATION)
		hv->generation++;
}

static void generation_that_never_stays_is_bounded(struct kunit *test)
{
	struct generation_fixture *f = generation_begin(test, generation_host_both);

	f->hv->at_answer = generation_moves;
	KUNIT_EXPECT_FALSE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_CPUID, 0x4f000005, 0x4f000005),
			2 + 2 * COMMONHV_GENERATION_TRIES_MAX);
	KUNIT_EXPECT_TRUE(test, commonhv_generation_look(&f->generation));
}

/* A guest of draft 2 does not know of it. */
static void generation_is_draft_3s(struct kunit *test)
{
	struct generation_fixture *f = test->priv;

	f->generation.draft = COMMONHV_DRAFT_2;
	commonhv_generation_init(&f->generation);
	generation_update(f);
	KUNIT_EXPECT_FALSE(test, commonhv_generation_is_present(&f->generation));
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_CPUID, 0x4f000004, 0x4f000005), 0);
}

static struct kunit_case generation_cases[] = {
	KUNIT_CASE(generation_first_is_mixed_and_no_fork),
	KUNIT_CASE(generation_look_is_one_cpuid),
	KUNIT_CASE(generation_look_is_one_rdmsr),
	KUNIT_CASE(generation_that_is_not_there_costs_nothing),
	KUNIT_CASE(generation_each_bit_counts),
	KUNIT_CASE(generation_that_comes_back_is_a_fork),
	KUNIT_CASE(generation_that_goes_is_a_fork),
	KUNIT_CASE(generation_that_comes_is_a_fork),
	KUNIT_CASE(generation_moves_to_the_msr),
	KUNIT_CASE(generation_msr_that_faults_is_a_fork),
	KUNIT_CASE(generation_fault_for_a_moment_is_a_fork),
	KUNIT_CASE(generation_that_is_withdrawn_is_a_fork),
	KUNIT_CASE(generation_that_only_moves_is_no_fork),
	KUNIT_CASE(generation_leaves_of_before_are_no_fork),
	KUNIT_CASE(generation_zero_is_none),
	KUNIT_CASE(generation_of_a_host_that_goes_is_not_trusted),
	KUNIT_CASE(generation_that_never_stays_is_bounded),
	KUNIT_CASE(generation_is_draft_3s),
	{}
};

static struct kunit_suite generation_suite = {
	.name = "commonhv_generation",
	.init = generation_init,
	.test_cases = generation_cases,
};

kunit_test_suites(&generation_suite);
