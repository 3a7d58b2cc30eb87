// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_policy: the worth of values, and which are handed out. */
#include <kunit/test.h>

#include "../commonhv/rng_policy.h"
#include "commonhv_fake.h"
#include "table.h"

#define POLICY_MSR	0x4f000100

struct policy_row {
	const char *name;
	unsigned int quality;
	enum fake_rng rng;
	unsigned int rng_n;
	unsigned int nr;
	enum commonhv_rng_state state;
	struct commonhv_rng_counters want;
	size_t bits;		/* to credit */
	size_t copied;		/* bytes for /dev/hwrng */
};

#define COUNTERS(reads_, zeros_, repeats_, faults_)			\
	.reads = (reads_), .zeros = (zeros_), .repeats = (repeats_),	\
	.faults = (faults_)

static const struct policy_row policy_rows[] = {
	{ "good, no credit by default", 0, FAKE_RNG_GOOD, 0, 16,
	  COMMONHV_RNG_OK, { COUNTERS(16, 0, 0, 0) }, 0, 128 },
	{ "good, full credit", 1024, FAKE_RNG_GOOD, 0, 16,
	  COMMONHV_RNG_OK, { COUNTERS(16, 0, 0, 0) }, 1024, 128 },
	{ "good, half credit", 512, FAKE_RNG_GOOD, 0, 8,
	  COMMONHV_RNG_OK, { COUNTERS(8, 0, 0, 0) }, 256, 64 },
	{ "good, the least credit rounds down", 1, FAKE_RNG_GOOD, 0, 8,
	  COMMONHV_RNG_OK, { COUNTERS(8, 0, 0, 0) }, 0, 64 },
	{ "no more than a batch", 1024, FAKE_RNG_GOOD, 0, 1000,
	  COMMONHV_RNG_OK, { COUNTERS(16, 0, 0, 0) }, 1024, 128 },
	{ "nothing asked", 1024, FAKE_RNG_GOOD, 0, 0,
	  COMMONHV_RNG_OK, { COUNTERS(0, 0, 0, 0) }, 0, 0 },
	{ "zeros are worth nothing", 1024, FAKE_RNG_ZEROS, 0, 16,
	  COMMONHV_RNG_EXHAUSTED, { COUNTERS(16, 16, 0, 0) }, 0, 0 },
	{ "a pool of 4 is worth 4", 1024, FAKE_RNG_POOL, 4, 16,
	  COMMONHV_RNG_EXHAUSTED, { COUNTERS(16, 12, 0, 0) }, 256, 32 },
	{ "stuck", 1024, FAKE_RNG_STUCK, 0, 16,
	  COMMONHV_RNG_UNHEALTHY, { COUNTERS(16, 0, 15, 0) }, 0, 0 },
	{ "stuck at the end: no credit for the batch", 1024, FAKE_RNG_STUCK, 13, 16,
	  COMMONHV_RNG_UNHEALTHY, { COUNTERS(16, 0, 2, 0) }, 0, 0 },
	{ "two values in turn", 1024, FAKE_RNG_ALTERNATE, 0, 16,
	  COMMONHV_RNG_UNHEALTHY, { COUNTERS(16, 0, 14, 0) }, 0, 0 },
	{ "faults at once", 1024, FAKE_RNG_FAULT, 0, 16,
	  COMMONHV_RNG_FAULTED, { COUNTERS(1, 0, 0, 1) }, 0, 0 },
	{ "faults after 3: they are used", 1024, FAKE_RNG_FAULT, 3, 16,
	  COMMONHV_RNG_FAULTED, { COUNTERS(4, 0, 0, 1) }, 192, 24 },
};

KUNIT_ARRAY_PARAM_DESC(policy, policy_rows, name);

static struct commonhv_rng_policy *policy_create(struct kunit *test,
						 unsigned int quality)
{
	struct commonhv_rng_policy *policy;

	policy = kunit_kzalloc(test, sizeof(*policy), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, policy);
	policy->quality = quality;
	commonhv_rng_policy_restart(policy, true);
	return policy;
}

static void policy_weighs(struct kunit *test)
{
	const struct policy_row *row = test->param_value;
	struct commonhv_rng_policy *policy = policy_create(test, row->quality);
	const struct commonhv_rng_counters *got = &policy->counters;
	const struct commonhv_rng_counters *want = &row->want;
	struct fake_hv *hv = fake_hv_create(test, NULL);
	struct commonhv_rng_batch batch;
	u64 words[16];
	u8 buf[128];

	hv->rng = row->rng;
	hv->rng_n = row->rng_n;
	hv->rng_msr = POLICY_MSR;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, row->nr, &batch);

	KUNIT_EXPECT_EQ(test, policy->state, row->state);
	KUNIT_EXPECT_EQ(test, got->reads, want->reads);
	KUNIT_EXPECT_EQ(test, got->zeros, want->zeros);
	KUNIT_EXPECT_EQ(test, got->repeats, want->repeats);
	KUNIT_EXPECT_EQ(test, got->faults, want->faults);
	/* The counters are about what really happened. */
	KUNIT_EXPECT_EQ(test, got->reads, hv->nr_calls);
	KUNIT_EXPECT_EQ(test, batch.nr,
			fake_hv_values(hv, FAKE_RDMSR, words, 16) - got->faults);
	KUNIT_EXPECT_EQ(test, memcmp(words, batch.words, batch.nr * sizeof(u64)), 0);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_worth(policy, &batch), row->bits);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_copy(policy, &batch, buf, sizeof(buf)),
			row->copied);
}

static void policy_trusts_no_host_of_a_confidential_guest(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_quality(1024, true), 0);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_quality(1024, false), 1024);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_quality(1025, false), 1024);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_quality(0, false), 0);
	KUNIT_EXPECT_FALSE(test, commonhv_rng_policy_offers(true, true));
	KUNIT_EXPECT_TRUE(test, commonhv_rng_policy_offers(true, false));
	KUNIT_EXPECT_FALSE(test, commonhv_rng_policy_offers(false, false));
}

static void policy_credits_recurring_words_once(struct kunit *test)
{
	struct commonhv_rng_policy *policy = policy_create(test, 1024);
	struct fake_hv *hv = fake_hv_create(test, NULL);
	struct commonhv_rng_batch batch;

	/* The same five words again: a source that started over, or a clone's. */
	hv->rng_msr = POLICY_MSR;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 5, &batch);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_worth(policy, &batch), 5 * 64);
	hv->nr_values = 0;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 5, &batch);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_worth(policy, &batch), 0);
	KUNIT_EXPECT_EQ(test, policy->counters.repeats, 5);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_OK);
}

static void policy_recovers(struct kunit *test)
{
	struct commonhv_rng_policy *policy = policy_create(test, 1024);
	struct fake_hv *hv = fake_hv_create(test, NULL);
	struct commonhv_rng_batch batch;

	/* From exhaustion and faults at the next good batch ... */
	hv->rng_msr = POLICY_MSR;
	hv->rng = FAKE_RNG_ZEROS;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_EXHAUSTED);
	/* ... which one that asks for nothing is not ... */
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 0, &batch);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_EXHAUSTED);
	hv->rng = FAKE_RNG_GOOD;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_OK);

	/* ... from bad health only when it is another RNG. */
	hv->rng = FAKE_RNG_STUCK;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	hv->rng = FAKE_RNG_ZEROS;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_UNHEALTHY);
	hv->rng = FAKE_RNG_GOOD;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_UNHEALTHY);
	commonhv_rng_policy_restart(policy, true);
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_OK);
	/* The counters are the module's, not the RNG's. */
	KUNIT_EXPECT_EQ(test, policy->counters.reads, 6 * 8);
}

/* A zero, then good words: there was nothing, and now there is. */
static void policy_judges_by_the_last_word(struct kunit *test)
{
	struct commonhv_rng_policy *policy = policy_create(test, 0);
	struct fake_hv *hv = fake_hv_create(test, NULL);
	struct commonhv_rng_batch batch;

	hv->rng_msr = POLICY_MSR;
	hv->rng = FAKE_RNG_POOL;
	hv->rng_n = 100;
	hv->nr_values = UINT_MAX;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	KUNIT_EXPECT_EQ(test, policy->counters.zeros, 1);
	KUNIT_EXPECT_EQ(test, policy->state, COMMONHV_RNG_OK);
}

/* These are the ABI. */
static void policy_names_states(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, commonhv_rng_state_name(COMMONHV_RNG_ABSENT),
			   "absent");
	KUNIT_EXPECT_STREQ(test, commonhv_rng_state_name(COMMONHV_RNG_OK), "ok");
	KUNIT_EXPECT_STREQ(test, commonhv_rng_state_name(COMMONHV_RNG_EXHAUSTED),
			   "exhausted");
	KUNIT_EXPECT_STREQ(test, commonhv_rng_state_name(COMMONHV_RNG_FAULTED),
			   "faulted");
	KUNIT_EXPECT_STREQ(test, commonhv_rng_state_name(COMMONHV_RNG_UNHEALTHY),
			   "unhealthy");
}

static void policy_copies_no_more_than_fits(struct kunit *test)
{
	struct commonhv_rng_policy *policy = policy_create(test, 0);
	struct fake_hv *hv = fake_hv_create(test, NULL);
	struct commonhv_rng_batch batch;
	u8 *buf = kunit_kzalloc(test, 13, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	hv->rng_msr = POLICY_MSR;
	commonhv_rng_policy_read(policy, &hv->access, POLICY_MSR, 8, &batch);
	KUNIT_EXPECT_EQ(test, commonhv_rng_policy_copy(policy, &batch, buf, 13), 13);
	KUNIT_EXPECT_EQ(test, memcmp(buf, batch.words, 13), 0);
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(policy_weighs, policy_gen_params),
	KUNIT_CASE(policy_trusts_no_host_of_a_confidential_guest),
	KUNIT_CASE(policy_credits_recurring_words_once),
	KUNIT_CASE(policy_recovers),
	KUNIT_CASE(policy_judges_by_the_last_word),
	KUNIT_CASE(policy_names_states),
	KUNIT_CASE(policy_copies_no_more_than_fits),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "commonhv_policy",
	.test_cases = policy_cases,
};

kunit_test_suites(&policy_suite);
