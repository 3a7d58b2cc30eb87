// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_list: the list's bounds, whatever the host claims. */
#include <kunit/test.h>

#include "../commonhv/list.h"
#include "../commonhv/violation.h"
#include "commonhv_fake.h"
#include "table.h"

#define V(name)	BIT(COMMONHV_VIOLATION_##name)
#define ENTRY(subleaf_, location_) \
	{ 0x4f000001, (subleaf_), (location_), FAKE_KVM }

struct list_row {
	const char *name;
	struct fake_leaf leaves[FAKE_MAX_LEAVES];
	bool endless;		/* each subleaf that is not given has an entry */
	unsigned int nr;
	u32 last_location;	/* of the last interface, where nr */
	unsigned long violations;
	unsigned int cpuids;	/* of the list's leaf, subleaf 0 included */
};

static const struct list_row list_rows[] = {
	{
		.name = "draft 2, empty",
		.leaves = { FAKE_COMMONHV(0x4f000003) },
		.nr = 0, .cpuids = 1,
	}, {
		.name = "draft 2, one",
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 1 },
			    ENTRY(1, 0x40000000), ENTRY(2, 0x40000100) },
		.nr = 1, .last_location = 0x40000000, .cpuids = 2,
	}, {
		.name = "draft 2, three, in the host's order",
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 3 },
			    ENTRY(1, 0x40000200), ENTRY(2, 0x40000100),
			    ENTRY(3, 0x40000000) },
		.nr = 3, .last_location = 0x40000000, .cpuids = 4,
	}, {
		.name = "draft 2 read literally: subleaves 2 to N",
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 3 },
			    ENTRY(2, 0x40000000), ENTRY(3, 0x40000100) },
		.nr = 2, .last_location = 0x40000100,
		.violations = V(LIST_LITERAL), .cpuids = 4,
	}, {
		.name = "draft 2, N is more than there are",
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 7 },
			    ENTRY(1, 0x40000000), ENTRY(2, 0x40000100) },
		.nr = 2, .last_location = 0x40000100,
		.violations = V(LIST_TRUNCATED), .cpuids = 8,
	}, {
		.name = "draft 2, a hole",
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 3 },
			    ENTRY(1, 0x40000000), ENTRY(3, 0x40000100) },
		.nr = 2, .last_location = 0x40000100,
		.violations = V(LIST_TRUNCATED), .cpuids = 4,
	}, {
		.name = "draft 2, N and no entry at all",
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 3 } },
		.nr = 0, .violations = V(LIST_TRUNCATED), .cpuids = 4,
	}, {
		.name = "draft 2, N = 2^32-1 with two entries",
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 0xffffffff },
			    ENTRY(1, 0x40000000), ENTRY(2, 0x40000100) },
		.nr = 2, .last_location = 0x40000100,
		.violations = V(LIST_TRUNCATED) | V(LIST_CAPPED), .cpuids = 257,
	}, {
		.name = "draft 2, N = 2^32-1 and as many entries",
		.endless = true,
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 0xffffffff } },
		.nr = 256, .last_location = 0x40000000,
		.violations = V(LIST_CAPPED), .cpuids = 257,
	}, {
		.name = "draft 2, exactly as many as are read",
		.endless = true,
		.leaves = { FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 256 } },
		.nr = 256, .last_location = 0x40000000, .cpuids = 257,
	}, {
		.name = "draft 1, one",
		.leaves = { FAKE_COMMONHV(0x4f000002), ENTRY(0, 0x40000000) },
		.nr = 1, .last_location = 0x40000000, .cpuids = 2,
	}, {
		.name = "draft 1, three",
		.leaves = { FAKE_COMMONHV(0x4f000002), ENTRY(0, 0x40000000),
			    ENTRY(1, 0x40000100), ENTRY(2, 0x40000200) },
		.nr = 3, .last_location = 0x40000200, .cpuids = 4,
	}, {
		.name = "draft 1, no end",
		.endless = true,
		.leaves = { FAKE_COMMONHV(0x4f000002), ENTRY(0, 0x40000000) },
		.nr = 256, .last_location = 0x40000000,
		.violations = V(LIST_CAPPED), .cpuids = 257,
	}, {
		.name = "draft 1, a location without a signature is an entry",
		.leaves = { FAKE_COMMONHV(0x4f000002), ENTRY(0, 0x40000000),
			    { 0x4f000001, 1, 0x40000100 } },
		.nr = 2, .last_location = 0x40000100, .cpuids = 3,
	},
};

KUNIT_ARRAY_PARAM_DESC(list, list_rows, name);

static void list_is_bounded(struct kunit *test)
{
	const struct list_row *row = test->param_value;
	struct fake_hv *hv = fake_hv_create(test, row->leaves);
	struct commonhv_interface *interfaces;
	struct commonhv_leaves leaves;
	unsigned int nr;

	interfaces = kunit_kcalloc(test, COMMONHV_INTERFACES_MAX,
				   sizeof(*interfaces), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, interfaces);
	hv->filler_leaf = row->endless ? 0x4f000001 : 0;

	commonhv_caps_decode(&hv->access, COMMONHV_DRAFT_AUTO, &leaves);
	nr = commonhv_list_decode(&hv->access, &leaves.caps, &leaves.list0, interfaces);

	KUNIT_EXPECT_EQ(test, nr, row->nr);
	KUNIT_EXPECT_EQ(test, leaves.caps.violations, row->violations);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_CPUID, 0x4f000001, 0x4f000001),
			row->cpuids);
	if (nr) {
		KUNIT_EXPECT_EQ(test, interfaces[nr - 1].location, row->last_location);
		KUNIT_EXPECT_FALSE(test, interfaces[nr - 1].verified);
	}
}

struct verify_row {
	const char *name;
	struct fake_leaf leaves[FAKE_MAX_LEAVES];
	bool xen;		/* Xen's signature is listed, not KVM's */
	u32 location;
	bool verified;
	u32 max_leaf;
	unsigned int cpuids;
};

static const struct verify_row verify_rows[] = {
	{
		.name = "answers",
		.leaves = { { 0x40000100, 0, 0x40000101, FAKE_KVM } },
		.location = 0x40000100, .verified = true,
		.max_leaf = 0x40000101, .cpuids = 1,
	}, {
		.name = "old KVM says 0 and means 1",
		.leaves = { { 0x40000100, 0, 0, FAKE_KVM } },
		.location = 0x40000100, .verified = true,
		.max_leaf = 0x40000101, .cpuids = 1,
	}, {
		.name = "0 means no further leaf to others",
		.xen = true,
		.leaves = { { 0x40000100, 0, 0, FAKE_XEN } },
		.location = 0x40000100, .verified = true,
		.max_leaf = 0x40000100, .cpuids = 1,
	}, {
		.name = "answers with another end of the signature",
		.leaves = { { 0x40000100, 0, 0x40000101, 0x4b4d564b, 0x564b4d56,
			      0x0100004d } },
		.location = 0x40000100, .cpuids = 1,
	}, {
		.name = "the last location there can be",
		.leaves = { { 0x4fffffff, 0, 0x4fffffff, FAKE_KVM } },
		.location = 0x4fffffff, .verified = true,
		.max_leaf = 0x4fffffff, .cpuids = 1,
	}, {
		.name = "answers with another signature",
		.leaves = { { 0x40000100, 0, 0x40000101, FAKE_XEN } },
		.location = 0x40000100, .cpuids = 1,
	}, {
		.name = "does not answer",
		.leaves = { { 0x40000000, 0, 0x40000001, FAKE_KVM } },
		.location = 0x40000100, .cpuids = 1,
	}, {
		.name = "below the hypervisors' range: not asked",
		.leaves = { { 0x3fffffff, 0, 0x40000000, FAKE_KVM } },
		.location = 0x3fffffff, .cpuids = 0,
	}, {
		.name = "above the hypervisors' range: not asked",
		.leaves = { { 0x50000000, 0, 0x50000001, FAKE_KVM } },
		.location = 0x50000000, .cpuids = 0,
	},
};

KUNIT_ARRAY_PARAM_DESC(verify, verify_rows, name);

static void list_verifies(struct kunit *test)
{
	const struct verify_row *row = test->param_value;
	struct fake_hv *hv = fake_hv_create(test, row->leaves);
	const struct commonhv_regs kvm = { 0, .ebx = 0x4b4d564b,
					   .ecx = 0x564b4d56, .edx = 0x4d };
	const struct commonhv_regs xen = { 0, .ebx = 0x566e6558,
					   .ecx = 0x65584d4d, .edx = 0x4d4d566e };
	struct commonhv_interface interface;

	/* What was there before must not matter. */
	memset(&interface, 0xff, sizeof(interface));
	commonhv_interface_init(&interface, COMMONHV_SOURCE_LIST, row->location,
				row->xen ? &xen : &kvm);
	KUNIT_EXPECT_EQ(test, interface.source, COMMONHV_SOURCE_LIST);
	commonhv_interface_verify(&hv->access, &interface);

	KUNIT_EXPECT_EQ(test, interface.verified, row->verified);
	KUNIT_EXPECT_EQ(test, interface.max_leaf, row->max_leaf);
	KUNIT_EXPECT_EQ(test, hv->nr_calls, row->cpuids);
}

static struct kunit_case list_cases[] = {
	KUNIT_CASE_PARAM(list_is_bounded, list_gen_params),
	KUNIT_CASE_PARAM(list_verifies, verify_gen_params),
	{}
};

static struct kunit_suite list_suite = {
	.name = "commonhv_list",
	.test_cases = list_cases,
};

kunit_test_suites(&list_suite);
