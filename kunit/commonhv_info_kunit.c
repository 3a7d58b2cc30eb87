// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_info: the cost of a read, and the changes that the next one finds. */
#include <kunit/test.h>

#include "../commonhv/info.h"
#include "../commonhv/violation.h"
#include "commonhv_fake.h"
#include "table.h"

#define ENTRY(subleaf_, location_) \
	{ 0x4f000001, (subleaf_), (location_), FAKE_KVM }
#define LEAVES2(nr_, features_, msr_) \
	FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, (nr_) }, \
	{ 0x4f000002, 0, (features_) }, { 0x4f000003, 0, (msr_) }

/* A host, then the host that the machine was restored on. */
struct info_row {
	const char *name;
	struct fake_leaf before[FAKE_MAX_LEAVES];
	struct fake_leaf after[FAKE_MAX_LEAVES];
	bool same_caps, same_interfaces;
};

static const struct info_row info_rows[] = {
	{
		.name = "the same host",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.same_caps = true, .same_interfaces = true,
	}, {
		.name = "another MSR",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(1, 3, 0x4f000101), ENTRY(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "no more input",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(1, 1, 0x4f000100), ENTRY(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "no RNG any more",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(1, 0, 0x4f000100), ENTRY(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "an RNG in MSR 0, then none",
		.before = { LEAVES2(1, 1, 0), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(1, 0, 0), ENTRY(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "one interface more",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(2, 3, 0x4f000100), ENTRY(1, 0x40000000),
			   ENTRY(2, 0x40000100) },
	}, {
		.name = "another highest leaf",
		.before = { LEAVES2(1, 1, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { FAKE_COMMONHV(0x4f000004), { 0x4f000001, 0, 1 },
			   { 0x4f000002, 0, 1 }, { 0x4f000003, 0, 0x4f000100 },
			   ENTRY(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "another violation",
		.before = { LEAVES2(1, 1, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(1, 5, 0x4f000100), ENTRY(1, 0x40000000) },
		.same_interfaces = true,
	}, {
		.name = "another order",
		.before = { LEAVES2(2, 3, 0x4f000100), ENTRY(1, 0x40000000),
			    ENTRY(2, 0x40000100) },
		.after = { LEAVES2(2, 3, 0x4f000100), ENTRY(1, 0x40000100),
			   ENTRY(2, 0x40000000) },
		.same_caps = true,
	}, {
		.name = "a location that answers now",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000),
			   { 0x40000000, 0, 0x40000001, FAKE_KVM } },
		.same_caps = true,
	}, {
		.name = "draft 1 with the same RNG",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { FAKE_COMMONHV(0x4f000002), ENTRY(0, 0x40000000),
			   { 0x4f000002, 0, 0x4f000100 } },
		.same_interfaces = true,
	}, {
		.name = "no CommonHV",
		.before = { LEAVES2(1, 3, 0x4f000100), ENTRY(1, 0x40000000) },
		.after = { { 0x40000000, 0, 0x40000001, FAKE_KVM } },
	}, {
		.name = "CommonHV comes",
		.before = { { 0x40000000, 0, 0x40000001, FAKE_KVM } },
		.after = { LEAVES2(0, 1, 0x4f000100) },
	},
};

KUNIT_ARRAY_PARAM_DESC(info, info_rows, name);

static struct commonhv_info *info_read(struct kunit *test, struct fake_hv *hv)
{
	struct commonhv_info *info = kunit_kzalloc(test, sizeof(*info), GFP_KERNEL);
	struct commonhv_leaves leaves;

	KUNIT_ASSERT_NOT_NULL(test, info);
	/* What was there before must not matter, and differs each time. */
	memset(info, hv->nr_calls ? 0x5a : 0xa5, sizeof(*info));
	commonhv_caps_decode(&hv->access, COMMONHV_DRAFT_AUTO, &leaves);
	commonhv_info_read(&hv->access, &leaves, info);
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

	KUNIT_EXPECT_EQ(test, commonhv_caps_is_same(&before->caps, &after->caps),
			row->same_caps);
	KUNIT_EXPECT_EQ(test, commonhv_info_same_interfaces(before, after),
			row->same_interfaces);
}

/* At most N + 4 CPUIDs of CommonHV leaves, one an interface, none for a scan. */
static void info_is_cheap(struct kunit *test)
{
	static const struct fake_leaf leaves[] = {
		LEAVES2(3, 3, 0x4f000100), ENTRY(1, 0x40000000),
		ENTRY(2, 0x40000100), ENTRY(3, 0x40000200), {}
	};
	struct fake_hv *hv = fake_hv_create(test, leaves);
	struct commonhv_info *info = info_read(test, hv);

	KUNIT_EXPECT_EQ(test, info->nr_interfaces, 3);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_CPUID, 0x4f000000, 0x4fffffff),
			3 + 4);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_CPUID, 0x40000000, 0x4effffff), 3);
}

static void info_scans_without_commonhv(struct kunit *test)
{
	static const struct fake_leaf leaves[] = {
		{ 0x40000000, 0, 0x40000001, FAKE_TCG }, {}
	};
	struct fake_hv *hv = fake_hv_create(test, leaves);
	struct commonhv_info *info = info_read(test, hv);

	KUNIT_EXPECT_FALSE(test, info->caps.present);
	KUNIT_EXPECT_FALSE(test, commonhv_info_is_empty(info));
	KUNIT_ASSERT_EQ(test, info->nr_interfaces, 1);
	KUNIT_EXPECT_EQ(test, info->interfaces[0].source, COMMONHV_SOURCE_SCAN);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_CPUID, 0x4f000000, 0x4fffffff), 1);
}

/* The signature with a nonsensical max leaf is not CommonHV: scan. */
static void info_scans_with_bad_max_leaf(struct kunit *test)
{
	static const struct fake_leaf leaves[] = {
		FAKE_COMMONHV(0x21f),
		{ 0x40000000, 0, 0x40000001, FAKE_TCG }, {}
	};
	struct fake_hv *hv = fake_hv_create(test, leaves);
	struct commonhv_info *info = info_read(test, hv);

	KUNIT_EXPECT_EQ(test, info->nr_interfaces, 1);
	KUNIT_EXPECT_EQ(test, info->caps.violations, BIT(COMMONHV_VIOLATION_MAX_LEAF));
}

/* An entry without a signature, at a leaf that is absent: zero on AMD. */
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
	KUNIT_ASSERT_EQ(test, info->nr_interfaces, 1);
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
