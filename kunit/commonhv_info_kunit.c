// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_info: what a look costs, and what a second one finds changed. */
#include <kunit/test.h>

#include "../commonhv/info.h"
#include "../commonhv/violation.h"
#include "commonhv_fake.h"
#include "table.h"

#define TUPLE(subleaf_, location_) \
	{ 0x4f000001, (subleaf_), (location_), FAKE_KVM }
#define HEAD2(nr_, features_, msr_) \
	FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, (nr_) }, \
	{ 0x4f000002, 0, (features_) }, { 0x4f000003, 0, (msr_) }

/* A host, then the host that the machine was restored on. */
struct info_row {
	const char *name;
	struct fake_leaf before[FAKE_MAX_LEAVES];
	struct fake_leaf after[FAKE_MAX_LEAVES];
	bool same_head, same_interfaces;
};

static const struct info_row info_rows[] = {
	{
		.name = "the same host",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.same_head = true, .same_interfaces = true,
	}, {
		.name = "another MSR",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { HEAD2(1, 3, 0x4f000101), TUPLE(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "no more input",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { HEAD2(1, 1, 0x4f000100), TUPLE(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "no RNG any more",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { HEAD2(1, 0, 0x4f000100), TUPLE(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "an RNG in MSR 0, then none",
		.before = { HEAD2(1, 1, 0), TUPLE(1, 0x40000000) },
		.after = { HEAD2(1, 0, 0), TUPLE(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "one interface more",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { HEAD2(2, 3, 0x4f000100), TUPLE(1, 0x40000000),
			   TUPLE(2, 0x40000100) },
	}, {
		.name = "another highest leaf",
		.before = { HEAD2(1, 1, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { FAKE_COMMONHV(0x4f000004), { 0x4f000001, 0, 1 },
			   { 0x4f000002, 0, 1 }, { 0x4f000003, 0, 0x4f000100 },
			   TUPLE(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "another violation",
		.before = { HEAD2(1, 1, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { HEAD2(1, 5, 0x4f000100), TUPLE(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "another order",
		.before = { HEAD2(2, 3, 0x4f000100), TUPLE(1, 0x40000000),
			    TUPLE(2, 0x40000100) },
		.after = { HEAD2(2, 3, 0x4f000100), TUPLE(1, 0x40000100),
			   TUPLE(2, 0x40000000) },
		.same_head = true,
	}, {
		.name = "a location that answers now",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000),
			   { 0x40000000, 0, 0x40000001, FAKE_KVM } },
		.same_head = true,
	}, {
		.name = "draft 1 with the same RNG",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { FAKE_COMMONHV(0x4f000002), TUPLE(0, 0x40000000),
			   { 0x4f000002, 0, 0x4f000100 } },
		.same_interfaces = true,
	}, {
		.name = "no CommonHV",
		.before = { HEAD2(1, 3, 0x4f000100), TUPLE(1, 0x40000000) },
		.after = { { 0x40000000, 0, 0x40000001, FAKE_KVM } },
	}, {
		.name = "CommonHV comes",
		.before = { { 0x40000000, 0, 0x40000001, FAKE_KVM } },
		.after = { HEAD2(0, 1, 0x4f000100) },
	},
};

KUNIT_ARRAY_PARAM_DESC(info, info_rows, name);

static struct commonhv_info *info_read(struct kunit *test, struct fake_hv *hv)
{
	struct commonhv_info *info = kunit_kzalloc(test, sizeof(*info), GFP_KERNEL);
	struct commonhv_look look;

	KUNIT_ASSERT_NOT_NULL(test, info);
	/* What was there before must not matter, and differs each time. */
	memset(info, hv->nr_calls ? 0x5a : 0xa5, sizeof(*info));
	commonhv_head_decode(&hv->access, COMMONHV_DRAFT_AUTO, &look.head, &look.list0);
	commonhv_info_read(&hv->access, &look, info);
	return info;
}

static void info_sees_change(struct kunit *test)
{
	const struct info_row *row = test->param_value;
	struct fake_hv *hv = fake_hv_create(test, row->before);
	struct commonhv_info *before, *after;

	before = info_read(test, hv);
	hv->leaves = row->after;
	after = info_read(test, hv);

	KUNIT_EXPECT_EQ(test, row->same_head,
			commonhv_info_same_head(before, after));
	KUNIT_EXPECT_EQ(test, row->same_interfaces,
			commonhv_info_same_interfaces(before, after));
}

/* At most N + 4 CPUIDs of CommonHV leaves, one an interface, none for a scan. */
static void info_is_cheap(struct kunit *test)
{
	static const struct fake_leaf leaves[] = {
		HEAD2(3, 3, 0x4f000100), TUPLE(1, 0x40000000),
		TUPLE(2, 0x40000100), TUPLE(3, 0x40000200), {}
	};
	struct fake_hv *hv = fake_hv_create(test, leaves);
	struct commonhv_info *info = info_read(test, hv);

	KUNIT_EXPECT_EQ(test, 3, info->nr_interfaces);
	KUNIT_EXPECT_EQ(test, 3 + 4,
			fake_hv_count(hv, FAKE_CPUID, 0x4f000000, 0x4fffffff));
	KUNIT_EXPECT_EQ(test, 3,
			fake_hv_count(hv, FAKE_CPUID, 0x40000000, 0x4effffff));
}

static void info_scans_without_commonhv(struct kunit *test)
{
	static const struct fake_leaf leaves[] = {
		{ 0x40000000, 0, 0x40000001, FAKE_TCG }, {}
	};
	struct fake_hv *hv = fake_hv_create(test, leaves);
	struct commonhv_info *info = info_read(test, hv);

	KUNIT_EXPECT_FALSE(test, info->head.present);
	KUNIT_EXPECT_FALSE(test, commonhv_info_is_empty(info));
	KUNIT_ASSERT_EQ(test, 1, info->nr_interfaces);
	KUNIT_EXPECT_EQ(test, COMMONHV_SOURCE_SCAN, info->interfaces[0].source);
	KUNIT_EXPECT_EQ(test, 1,
			fake_hv_count(hv, FAKE_CPUID, 0x4f000000, 0x4fffffff));
}

/* The signature with a nonsensical max leaf is not CommonHV: look elsewhere. */
static void info_scans_with_bad_max_leaf(struct kunit *test)
{
	static const struct fake_leaf leaves[] = {
		FAKE_COMMONHV(0x21f),
		{ 0x40000000, 0, 0x40000001, FAKE_TCG }, {}
	};
	struct fake_hv *hv = fake_hv_create(test, leaves);
	struct commonhv_info *info = info_read(test, hv);

	KUNIT_EXPECT_EQ(test, 1, info->nr_interfaces);
	KUNIT_EXPECT_EQ(test, BIT(COMMONHV_VIOLATION_MAX_LEAF),
			info->head.violations);
}

/* A tuple without a signature, where nothing answers: AMD's way is all zero. */
static void info_does_not_verify_nothing(struct kunit *test)
{
	static const struct fake_leaf leaves[] = {
		FAKE_COMMONHV(0x4f000001), { 0x4f000001, 0, 1 },
		{ 0x4f000001, 1, 0x40000100 }, {}
	};
	struct fake_hv *hv = fake_hv_create(test, leaves);
	struct commonhv_info *info;

	hv->amd = true;
	info = info_read(test, hv);
	KUNIT_ASSERT_EQ(test, 1, info->nr_interfaces);
	KUNIT_EXPECT_FALSE(test, info->interfaces[0].verified);
}

static void info_can_be_empty(struct kunit *test)
{
	static const struct fake_leaf no_list[] = { FAKE_COMMONHV(0x4f000003), {} };
	struct fake_hv *hv = fake_hv_create(test, NULL);

	KUNIT_EXPECT_TRUE(test, commonhv_info_is_empty(info_read(test, hv)));
	/* CommonHV that lists nothing is something. */
	hv->leaves = no_list;
	KUNIT_EXPECT_FALSE(test, commonhv_info_is_empty(info_read(test, hv)));
}

static struct kunit_case info_cases[] = {
	KUNIT_CASE_PARAM(info_sees_change, info_gen_params),
	KUNIT_CASE(info_is_cheap),
	KUNIT_CASE(info_scans_without_commonhv),
	KUNIT_CASE(info_scans_with_bad_max_leaf),
	KUNIT_CASE(info_does_not_verify_nothing),
	KUNIT_CASE(info_can_be_empty),
	{}
};

static struct kunit_suite info_suite = {
	.name = "commonhv_info",
	.test_cases = info_cases,
};

kunit_test_suites(&info_suite);
