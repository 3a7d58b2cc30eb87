// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_discovery: presence, drafts 1 and 2, and the RNG MSR. */
#include <kunit/test.h>

#include "../commonhv/decode.h"
#include "../commonhv/violation.h"
#include "commonhv_caps_fake.h"
#include "table.h"

/* A draft 2 host with its RNG in an MSR. */
#define MSR_ROW(name_, msr_, ...)					\
	{								\
		.name = (name_),					\
		.leaves = { FAKE_COMMONHV(0x4f000003),			\
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 3 },	\
			    { 0x4f000003, 0, (msr_) } },		\
		.want = { __VA_ARGS__ },				\
		.cpuids = 4,						\
	}
#define MSR_REFUSED(name_, msr_)					\
	MSR_ROW(name_, msr_, DRAFT2(0x4f000003, 1, V(RNG_MSR_ARCHITECTURAL)))
#define MSR_SYNTHETIC(name_, msr_)					\
	MSR_ROW(name_, msr_, DRAFT2(0x4f000003, 1, V(RNG_MSR_SYNTHETIC)))
#define MSR_TAKEN(name_, msr_)						\
	MSR_ROW(name_, msr_, DRAFT2(0x4f000003, 1, 0), RNG(msr_, true))

static const struct fake_caps_row discovery_rows[] = {
	{
		.name = "draft 2 with an RNG",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 3 }, { 0x4f000002, 0, 3 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 3, 0), RNG(0x4f000100, true) },
		.cpuids = 4,
	}, {
		.name = "draft 2 without RNG input",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 1 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 1, 0), RNG(0x4f000100, false) },
		.cpuids = 4,
	}, {
		.name = "draft 2 without an RNG does not read leaf 3",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 0 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 1, 0) },
		.cpuids = 3,
	}, {
		.name = "draft 2 ignores the input bit without the RNG bit",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 2 } },
		.want = { DRAFT2(0x4f000003, 1, 0) },
		.cpuids = 3,
	}, {
		.name = "draft 2 with MSR 0, which is read and never written",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 3 } },
		.want = { DRAFT2(0x4f000003, 1, 0), RNG(0, false) },
		.cpuids = 4,
	}, {
		.name = "draft 2 with nothing but discovery",
		.leaves = { FAKE_COMMONHV(0x4f000000),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 3 } },
		.want = { DRAFT2(0x4f000000, 0, 0) },
		.cpuids = 1,
	}, {
		.name = "leaves above the highest are not read",
		.leaves = { FAKE_COMMONHV(0x4f000001),
			    { 0x4f000001, 0, 2 }, { 0x4f000002, 0, 3 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000001, 2, 0) },
		.cpuids = 2,
	}, {
		.name = "leaves of a later draft are ignored",
		.leaves = { FAKE_COMMONHV(0x4fffffff),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 1 },
			    { 0x4f000003, 0, 0x4f000100 },
			    { 0x4f000004, 0, 3 }, { 0x4f000006, 0, -1, -1, -1, -1 } },
		.want = { DRAFT2(0x4fffffff, 1, 0), .draft = COMMONHV_DRAFT_3,
			  RNG(0x4f000100, false) },
		.cpuids = 5,
	}, {
		.name = "draft 1 with an RNG",
		.leaves = { FAKE_COMMONHV(0x4f000002),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM },
			    { 0x4f000002, 0, 0x4f000100 } },
		.want = { DRAFT1(0x4f000002, 0x4f000100, 0) },
		.cpuids = 3,
	}, {
		.name = "draft 1 without an RNG",
		.leaves = { FAKE_COMMONHV(0x4f000002),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM } },
		.want = { DRAFT1(0x4f000002, 0, 0) },
		.cpuids = 3,
	}, {
		.name = "draft 1 with an empty list",
		.leaves = { FAKE_COMMONHV(0x4f000002),
			    { 0x4f000002, 0, 0x4f000100 } },
		.want = { DRAFT1(0x4f000002, 0x4f000100, 0) },
		.cpuids = 3,
	}, {
		.name = "draft 1, the first location out of range",
		.leaves = { FAKE_COMMONHV(0x4f000002),
			    { 0x4f000001, 0, 0x80000000, FAKE_KVM },
			    { 0x4f000002, 0, 0x4f000100 } },
		.want = { DRAFT1(0x4f000002, 0x4f000100, 0) },
		.cpuids = 3,
	}, {
		.name = "draft 1 must set the hypervisor bit",
		.hidden = true,
		.leaves = { FAKE_COMMONHV(0x4f000002),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM },
			    { 0x4f000002, 0, 0x4f000100 } },
		.want = { DRAFT1(0x4f000002, 0x4f000100, V(HYPERVISOR_BIT)) },
		.cpuids = 3,
	}, {
		.name = "draft 2 may hide the hypervisor bit",
		.hidden = true,
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 1 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 1, 0), RNG(0x4f000100, false) },
		.cpuids = 4,
	}, {
		.name = "draft 2, empty list: the features decide",
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000002, 0, 1 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 0, 0), RNG(0x4f000100, false) },
		.cpuids = 4,
	}, {
		.name = "nothing there",
		.want = { NO_COMMONHV },
		.cpuids = 1,
	}, {
		.name = "one wrong letter in the signature",
		.leaves = { { 0x4f000000, 0, 0x4f000003, 0x6d6d6f43, 0x56486e6f,
			      0x66746e48 } },
		.want = { NO_COMMONHV },
		.cpuids = 1,
	}, {
		.name = "the signature's first letters are wrong",
		.leaves = { { 0x4f000000, 0, 0x4f000003, 0x6d6d6f42, 0x56486e6f,
			      0x66746e49 } },
		.want = { NO_COMMONHV },
		.cpuids = 1,
	}, {
		.name = "the signature's middle letters are wrong",
		.leaves = { { 0x4f000000, 0, 0x4f000003, 0x6d6d6f43, 0x56486e6e,
			      0x66746e49 } },
		.want = { NO_COMMONHV },
		.cpuids = 1,
	}, {
		.name = "draft 1, empty list, leaf 3 there: the features decide",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000002, 0, 0x4f000100 } },
		.want = { DRAFT1(0x4f000003, 0x4f000100, 0) },
		.cpuids = 3,
	}, {
		.name = "draft 1 without an RNG, leaf 3 there: no conflict",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM } },
		.want = { DRAFT1(0x4f000003, 0, 0) },
		.cpuids = 3,
	}, {
		.name = "max leaf below the range",
		.leaves = { FAKE_COMMONHV(0x4effffff) },
		.want = { NO_COMMONHV, .violations = V(MAX_LEAF) },
		.cpuids = 1,
	}, {
		.name = "max leaf above the range",
		.leaves = { FAKE_COMMONHV(0x50000000) },
		.want = { NO_COMMONHV, .violations = V(MAX_LEAF) },
		.cpuids = 1,
	}, {
		.name = "max leaf 2^32-1",
		.leaves = { FAKE_COMMONHV(0xffffffff) },
		.want = { NO_COMMONHV, .violations = V(MAX_LEAF) },
		.cpuids = 1,
	}, {
		.name = "RNG bit without leaf 3",
		.leaves = { FAKE_COMMONHV(0x4f000002),
			    { 0x4f000001, 0, 2 }, { 0x4f000002, 0, 1 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000002, 2, V(RNG_LEAF_MISSING)) },
		.cpuids = 3,
	}, {
		.name = "garbage in the header's reserved registers",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 3, 0xffffffff, 1, 2 },
			    { 0x4f000002, 0, 1 }, { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 3, V(HEADER_RESERVED)),
			  RNG(0x4f000100, false) },
		.cpuids = 4,
	}, {
		.name = "reserved feature bits",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 3 }, { 0x4f000002, 0, 0xfffffffd },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 3, V(FEATURES_RESERVED)),
			  RNG(0x4f000100, false) },
		.cpuids = 4,
	}, {
		.name = "reserved feature registers",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 3 }, { 0x4f000002, 0, 1, 0, 7 },
			    { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 3, V(FEATURES_RESERVED)),
			  RNG(0x4f000100, false) },
		.cpuids = 4,
	}, {
		.name = "a list of draft 1, features of draft 2: no MSR 1",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM },
			    { 0x4f000002, 0, 1 }, { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT1(0x4f000003, 0, V(DRAFT_CONFLICT) |
				 V(RNG_MSR_ARCHITECTURAL)) },
		.cpuids = 3,
	}, {
		.name = "the same with draft=2",
		.forced = COMMONHV_DRAFT_2,
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM },
			    { 0x4f000002, 0, 1 }, { 0x4f000003, 0, 0x4f000100 } },
		.want = { DRAFT2(0x4f000003, 0x40000000, V(HEADER_RESERVED)),
			  RNG(0x4f000100, false) },
		.cpuids = 4,
	}, {
		.name = "a draft 2 hypervisor with draft=1",
		.forced = COMMONHV_DRAFT_1,
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 2 }, { 0x4f000002, 0, 3 } },
		.want = { DRAFT1(0x4f000003, 0, V(RNG_MSR_ARCHITECTURAL)) },
		.cpuids = 3,
	}, {
		.name = "RNG MSR in the x2APIC",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 3 },
			    { 0x4f000003, 0, 0x808 } },
		.want = { DRAFT2(0x4f000003, 1, V(RNG_MSR_ARCHITECTURAL)) },
		.cpuids = 4,
	}, {
		.name = "RNG MSR is the system call target",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 3 },
			    { 0x4f000003, 0, 0xc0000082 } },
		.want = { DRAFT2(0x4f000003, 1, V(RNG_MSR_ARCHITECTURAL)) },
		.cpuids = 4,
	},
	MSR_TAKEN("the last RNG MSR there can be", 0xfffffffe),
	MSR_REFUSED("RNG MSR 2^32-1", 0xffffffff),
	MSR_REFUSED("RNG MSR 1", 1),
	MSR_REFUSED("the last MSR of Intel's range", 0x1fff),
	MSR_TAKEN("the MSR behind Intel's range", 0x2000),
	MSR_TAKEN("the MSR before AMD's range", 0xbfffffff),
	MSR_REFUSED("the first MSR of AMD's range", 0xc0000000),
	MSR_REFUSED("the last MSR of AMD's range", 0xc001ffff),
	MSR_TAKEN("the MSR behind AMD's range", 0xc0020000),
	MSR_TAKEN("the MSR before Hyper-V's range", 0x3fffffff),
	MSR_SYNTHETIC("the first MSR of Hyper-V's range", 0x40000000),
	MSR_SYNTHETIC("the last MSR of Hyper-V's range", 0x400002ff),
	MSR_TAKEN("the MSR behind Hyper-V's range", 0x40000300),
	MSR_TAKEN("the MSR before KVM's range", 0x4b564cff),
	MSR_SYNTHETIC("the first MSR of KVM's range", 0x4b564d00),
	MSR_SYNTHETIC("the last MSR of KVM's range", 0x4b564dff),
	MSR_TAKEN("the MSR behind KVM's range", 0x4b564e00),
	{
		.name = "draft 1 with Hyper-V's page of hypercalls for an RNG",
		.leaves = { FAKE_COMMONHV(0x4f000002),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM },
			    { 0x4f000002, 0, 0x40000001 } },
		.want = { DRAFT1(0x4f000002, 0, V(RNG_MSR_SYNTHETIC)) },
		.cpuids = 3,
	},
};

KUNIT_ARRAY_PARAM_DESC(discovery, discovery_rows, name);

static void discovery_formats_violations(struct kunit *test)
{
	char buf[COMMONHV_VIOLATIONS_LEN];

	commonhv_violations_format(0, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "none");
	commonhv_violations_format(V(MAX_LEAF) | V(LIST_CAPPED), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "max_leaf list_capped");
	/* All of them fit. */
	commonhv_violations_format(-1UL, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, strrchr(buf, ' '), " generation_msr");
}

/* The names are ABI. */
static void discovery_names_violations(struct kunit *test)
{
	static const char * const names[] = {
		[COMMONHV_VIOLATION_MAX_LEAF] = "max_leaf",
		[COMMONHV_VIOLATION_HYPERVISOR_BIT] = "hypervisor_bit",
		[COMMONHV_VIOLATION_DRAFT_CONFLICT] = "draft_conflict",
		[COMMONHV_VIOLATION_HEADER_RESERVED] = "header_reserved",
		[COMMONHV_VIOLATION_LIST_LITERAL] = "list_literal",
		[COMMONHV_VIOLATION_LIST_TRUNCATED] = "list_truncated",
		[COMMONHV_VIOLATION_LIST_CAPPED] = "list_capped",
		[COMMONHV_VIOLATION_FEATURES_RESERVED] = "features_reserved",
		[COMMONHV_VIOLATION_RNG_LEAF_MISSING] = "rng_leaf_missing",
		[COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL] = "rng_msr_architectural",
		[COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC] = "rng_msr_synthetic",
		[COMMONHV_VIOLATION_VERSION] = "version",
		[COMMONHV_VIOLATION_VERSION_RESERVED] = "version_reserved",
		[COMMONHV_VIOLATION_GENERATION_LEAF_MISSING] = "generation_leaf_missing",
		[COMMONHV_VIOLATION_GENERATION_MSR] = "generation_msr",
	};
	char buf[COMMONHV_VIOLATIONS_LEN];
	int i;

	KUNIT_ASSERT_EQ(test, ARRAY_SIZE(names), (size_t)COMMONHV_NR_VIOLATIONS);
	for (i = 0; i < COMMONHV_NR_VIOLATIONS; i++) {
		commonhv_violations_format(BIT(i), buf, sizeof(buf));
		KUNIT_EXPECT_STREQ(test, (const char *)buf, names[i]);
	}
}

static struct kunit_case discovery_cases[] = {
	KUNIT_CASE_PARAM(fake_caps_test, discovery_gen_params),
	KUNIT_CASE(discovery_formats_violations),
	KUNIT_CASE(discovery_names_violations),
	{}
};

static struct kunit_suite discovery_suite = {
	.name = "commonhv_discovery",
	.test_cases = discovery_cases,
};

kunit_test_suites(&discovery_suite);

MODULE_DESCRIPTION("Suites for commonhv");
MODULE_LICENSE("GPL");
