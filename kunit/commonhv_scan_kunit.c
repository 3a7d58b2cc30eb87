// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_scan: hypervisors without CommonHV, and none where there is none. */
#include <kunit/test.h>

#include "../commonhv/scan.h"
#include "commonhv_fake.h"
#include "table.h"

struct scan_row {
	const char *name;
	struct fake_leaf leaves[FAKE_MAX_LEAVES];
	bool amd;
	unsigned int nr;
	u32 last_location;
	u32 last_max_leaf;
};

static const struct scan_row scan_rows[] = {
	{
		.name = "bare metal, Intel's way",
		.nr = 0,
	}, {
		.name = "bare metal, AMD's way",
		.amd = true,
		.nr = 0,
	}, {
		.name = "KVM",
		.leaves = { { 0x40000000, 0, 0x40000001, FAKE_KVM } },
		.nr = 1, .last_location = 0x40000000, .last_max_leaf = 0x40000001,
	}, {
		.name = "old KVM, whose highest leaf is 0",
		.leaves = { { 0x40000000, 0, 0, FAKE_KVM } },
		.nr = 1, .last_location = 0x40000000, .last_max_leaf = 0x40000001,
	}, {
		.name = "KVM behind its Hyper-V interface",
		.leaves = { { 0x40000000, 0, 0x40000005, FAKE_HYPERV },
			    { 0x40000100, 0, 0x40000101, FAKE_KVM } },
		.nr = 2, .last_location = 0x40000100, .last_max_leaf = 0x40000101,
	}, {
		.name = "three, one at the end of the range",
		.leaves = { { 0x40000000, 0, 0x40000005, FAKE_HYPERV },
			    { 0x40000100, 0, 0x40000103, FAKE_XEN },
			    { 0x4000ff00, 0, 0x4000ff00, FAKE_KVM } },
		.nr = 3, .last_location = 0x4000ff00, .last_max_leaf = 0x4000ff00,
	}, {
		.name = "between the steps",
		.leaves = { { 0x40000080, 0, 0x40000081, FAKE_KVM } },
		.nr = 0,
	}, {
		.name = "past the range",
		.leaves = { { 0x40010000, 0, 0x40010001, FAKE_KVM } },
		.nr = 0,
	}, {
		.name = "highest leaf below the location",
		.leaves = { { 0x40000100, 0, 0x400000ff, FAKE_XEN } },
		.nr = 0,
	}, {
		.name = "highest leaf in the next block",
		.leaves = { { 0x40000100, 0, 0x40000200, FAKE_XEN } },
		.nr = 0,
	}, {
		.name = "OpenBSD vmm, whose highest leaf is 0",
		.leaves = { { 0x40000000, 0, 0, FAKE_OPENBSD } },
		.nr = 1, .last_location = 0x40000000, .last_max_leaf = 0x40000000,
	}, {
		.name = "highest leaf 0 and another known signature",
		.leaves = { { 0x40000100, 0, 0, FAKE_XEN } },
		.nr = 1, .last_location = 0x40000100, .last_max_leaf = 0x40000100,
	}, {
		.name = "highest leaf 0 and a signature that nobody knows",
		.leaves = { { 0x40000100, 0, 0, 0x6f626f66, 0x6f626f66, 0x6f626f66 } },
		.nr = 0,
	}, {
		.name = "no signature",
		.leaves = { { 0x40000100, 0, 0x40000101 } },
		.nr = 0,
	},
};

KUNIT_ARRAY_PARAM_DESC(scan, scan_rows, name);

static void scan_finds(struct kunit *test)
{
	const struct scan_row *row = test->param_value;
	bool none = !row->leaves[0].leaf;
	struct fake_hv *hv = fake_hv_create(test, none ? NULL : row->leaves);
	struct commonhv_interface *interfaces, *last;
	unsigned int nr;

	hv->amd = row->amd;
	interfaces = kunit_kcalloc(test, COMMONHV_SCAN_MAX, sizeof(*interfaces),
				   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, interfaces);

	nr = commonhv_scan(&hv->access, interfaces);

	KUNIT_ASSERT_EQ(test, nr, row->nr);
	KUNIT_EXPECT_EQ(test, hv->nr_calls, 256 + nr);
	if (!nr)
		return;
	last = &interfaces[nr - 1];
	KUNIT_EXPECT_EQ(test, last->location, row->last_location);
	KUNIT_EXPECT_EQ(test, last->max_leaf, row->last_max_leaf);
	KUNIT_EXPECT_EQ(test, last->source, COMMONHV_SOURCE_SCAN);
	KUNIT_EXPECT_TRUE(test, last->verified);
}

static struct kunit_case scan_cases[] = {
	KUNIT_CASE_PARAM(scan_finds, scan_gen_params),
	{}
};

static struct kunit_suite scan_suite = {
	.name = "commonhv_scan",
	.test_cases = scan_cases,
};

kunit_test_suites(&scan_suite);
