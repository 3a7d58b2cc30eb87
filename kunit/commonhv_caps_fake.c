// SPDX-License-Identifier: GPL-2.0
/* Tables of hosts, and of what is decoded from their leaves. */
#include <kunit/test.h>

#include "commonhv_caps_fake.h"

static void fake_caps_expect(struct kunit *test,
			     const struct commonhv_caps *want,
			     const struct commonhv_caps *got)
{
	KUNIT_EXPECT_EQ(test, got->present, want->present);
	KUNIT_EXPECT_EQ(test, got->draft, want->draft);
	KUNIT_EXPECT_EQ(test, got->rng, want->rng);
	KUNIT_EXPECT_EQ(test, got->rng_input, want->rng_input);
	KUNIT_EXPECT_EQ(test, got->rng_msr, want->rng_msr);
	KUNIT_EXPECT_EQ(test, got->generation_in_leaf, want->generation_in_leaf);
	KUNIT_EXPECT_EQ(test, got->generation_in_msr, want->generation_in_msr);
	KUNIT_EXPECT_EQ(test, got->generation_msr, want->generation_msr);
	KUNIT_EXPECT_EQ(test, got->max_leaf, want->max_leaf);
	KUNIT_EXPECT_EQ(test, got->nr_listed, want->nr_listed);
	KUNIT_EXPECT_EQ(test, got->violations, want->violations);
}

/**
 * fake_caps_test() - decode the leaves of a row
 * @test: with a &struct fake_caps_row as parameter
 */
void fake_caps_test(struct kunit *test)
{
	const struct fake_caps_row *row = test->param_value;
	bool none = !row->leaves[0].leaf;
	struct fake_hv *hv = fake_hv_create(test, none ? NULL : row->leaves);
	struct commonhv_leaves leaves;

	hv->hidden = row->hidden;
	/* What was there before must not matter. */
	memset(&leaves, 0xa5, sizeof(leaves));
	commonhv_caps_decode(&hv->access, row->forced, &leaves);

	fake_caps_expect(test, &row->want, &leaves.caps);
	KUNIT_EXPECT_EQ(test, leaves.caps.hypervisor_bit, !row->hidden);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_CPUID, 0x4f000000, 0x4fffffff),
			row->cpuids);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_RDMSR, 0, U32_MAX), 0);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_WRMSR, 0, U32_MAX), 0);
}
