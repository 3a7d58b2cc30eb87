// SPDX-License-Identifier: GPL-2.0
/* The RNG between a fake host and a fake kernel, for several suites. */
#include <kunit/test.h>

#include "commonhv_rng_fake.h"

#define LEAVES2(nr_, features_, msr_)					\
	FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, (nr_) },		\
	{ 0x4f000002, 0, (features_) }, { 0x4f000003, 0, (msr_) }, {}

const struct fake_leaf rng_host_a[] = { LEAVES2(1, 3, 0x4f000100) };
const struct fake_leaf rng_host_b[] = { LEAVES2(1, 3, 0x4f000200) };
/* Another host with the same MSR. */
const struct fake_leaf rng_host_a2[] = { LEAVES2(2, 3, 0x4f000100) };
const struct fake_leaf rng_host_no_input[] = { LEAVES2(1, 1, 0x4f000100) };
const struct fake_leaf rng_host_no_rng[] = { LEAVES2(1, 0, 0x4f000100) };

static void rng_fixture_moved(struct commonhv_rng *rng)
{
	container_of(rng, struct rng_fixture, rng)->nr_moved++;
}

/* Records the effects on the kernel RNG among the accesses to the host. */
static void rng_fixture_step(struct fake_krng *krng, enum fake_krng_op op)
{
	struct rng_fixture *f = container_of(krng, struct rng_fixture, krng);
	struct kunit *test = krng->data;

	fake_hv_note(f->hv, op);
	/* These may wait. */
	if (op == FAKE_KRNG_CREDIT || op == FAKE_KRNG_RESEED)
		KUNIT_EXPECT_FALSE(test, mutex_is_locked(&f->rng.lock));
}

int rng_fixture_init(struct kunit *test)
{
	struct rng_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->hv = fake_hv_create(test, rng_host_a);
	f->hv->rng_msr = 0x4f000100;
	fake_krng_init(&f->krng);
	f->krng.on_step = rng_fixture_step;
	f->krng.data = test;
	f->rng.access = &f->hv->access;
	f->rng.krng = &f->krng.krng;
	f->rng.moved = rng_fixture_moved;
	commonhv_rng_init(&f->rng, COMMONHV_RNG_QUALITY_MAX);
	test->priv = f;
	return 0;
}

void rng_fixture_exit(struct kunit *test)
{
	struct rng_fixture *f = test->priv;

	if (f)
		commonhv_rng_destroy(&f->rng);
}

void rng_expect_story(struct kunit *test, const char *want)
{
	struct rng_fixture *f = test->priv;
	char story[FAKE_STORY_LEN];

	fake_hv_story(f->hv, story);
	KUNIT_EXPECT_STREQ(test, (const char *)story, want);
}

int rng_refresh(struct rng_fixture *f, unsigned int nr)
{
	return commonhv_rng_refresh(&f->rng, nr, &f->leaves);
}

/* Call @i of the kernel RNG is @op with the first @nr values that were read. */
void rng_expect_values(struct kunit *test, unsigned int i, enum fake_krng_op op,
		       unsigned int nr, size_t bits)
{
	struct rng_fixture *f = test->priv;
	const struct fake_krng_call *call = &f->krng.calls[i];
	u64 values[COMMONHV_RNG_BATCH_MAX] = {};

	KUNIT_ASSERT_LT(test, i, f->krng.nr_calls);
	KUNIT_ASSERT_LE(test, nr, fake_hv_values(f->hv, FAKE_RDMSR, values,
						 ARRAY_SIZE(values)));
	KUNIT_EXPECT_EQ(test, call->op, op);
	KUNIT_EXPECT_EQ(test, call->len, nr * sizeof(u64));
	KUNIT_EXPECT_EQ(test, call->bits, bits);
	KUNIT_EXPECT_EQ(test, memcmp(values, call->words, nr * sizeof(u64)), 0);
}

unsigned int rng_reads(const struct rng_fixture *f, u32 msr)
{
	return fake_hv_count(f->hv, FAKE_RDMSR, msr, msr);
}

unsigned int rng_writes(const struct rng_fixture *f)
{
	return fake_hv_count(f->hv, FAKE_WRMSR, 0, U32_MAX);
}
