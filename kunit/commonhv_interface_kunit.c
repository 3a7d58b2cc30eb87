// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_interface: where an interface can be, and when it is verified. */
#include <kunit/test.h>

#include <linux/string.h>

#include "../commonhv/interface.h"
#include "commonhv_fake.h"
#include "table.h"

struct interface_row {
	const char *name;
	struct fake_leaf leaves[FAKE_MAX_LEAVES];
	u32 location;
	struct commonhv_regs listed;
	bool verified;
	u32 max_leaf;
	unsigned int cpuids;
};

static const struct interface_row interface_rows[] = {
	{
		.name = "the signature that was listed",
		.leaves = { { 0x40000100, 0, 0x40000105, FAKE_XEN } },
		.location = 0x40000100, .listed = { 0, { { FAKE_XEN } } },
		.verified = true, .max_leaf = 0x40000105, .cpuids = 1,
	}, {
		.name = "another first part",
		.leaves = { { 0x40000100, 0, 0x40000105, 0x566e6559, 0x65584d4d, 0x4d4d566e } },
		.location = 0x40000100, .listed = { 0, { { FAKE_XEN } } },
		.cpuids = 1,
	}, {
		.name = "another middle part",
		.leaves = { { 0x40000100, 0, 0x40000105, 0x566e6558, 0x65584d4e, 0x4d4d566e } },
		.location = 0x40000100, .listed = { 0, { { FAKE_XEN } } },
		.cpuids = 1,
	}, {
		.name = "another last letter",
		.leaves = { { 0x40000100, 0, 0x40000105, 0x566e6558, 0x65584d4d, 0x4e4d566e } },
		.location = 0x40000100, .listed = { 0, { { FAKE_XEN } } },
		.cpuids = 1,
	}, {
		.name = "the first leaf that is a hypervisor's",
		.leaves = { { 0x40000000, 0, 0x40000001, FAKE_XEN } },
		.location = 0x40000000, .listed = { 0, { { FAKE_XEN } } },
		.verified = true, .max_leaf = 0x40000001, .cpuids = 1,
	}, {
		.name = "the leaf before it",
		.leaves = { { 0x3fffffff, 0, 0x40000001, FAKE_XEN } },
		.location = 0x3fffffff, .listed = { 0, { { FAKE_XEN } } },
		.cpuids = 0,
	}, {
		.name = "the last leaf that is a hypervisor's",
		.leaves = { { COMMONHV_CPUID_HV_LAST, 0, 0x40000001, FAKE_XEN } },
		.location = COMMONHV_CPUID_HV_LAST, .listed = { 0, { { FAKE_XEN } } },
		.verified = true, .max_leaf = 0x40000001, .cpuids = 1,
	}, {
		.name = "the leaf behind it",
		.leaves = { { COMMONHV_CPUID_HV_LAST + 1, 0, 0x40000001, FAKE_XEN } },
		.location = COMMONHV_CPUID_HV_LAST + 1, .listed = { 0, { { FAKE_XEN } } },
		.cpuids = 0,
	}, {
		.name = "an extended leaf",
		.leaves = { { 0x80000000, 0, 0x80000008, FAKE_XEN } },
		.location = 0x80000000, .listed = { 0, { { FAKE_XEN } } },
		.cpuids = 0,
	},
};

KUNIT_ARRAY_PARAM_DESC(interface, interface_rows, name);

static void interface_is_verified(struct kunit *test)
{
	const struct interface_row *row = test->param_value;
	struct fake_hv *hv = fake_hv_create(test, row->leaves);
	struct commonhv_interface interface;

	/* What was there before must not matter. */
	memset(&interface, 0xa5, sizeof(interface));
	commonhv_interface_init(&interface, COMMONHV_SOURCE_LIST, row->location,
				&row->listed);
	KUNIT_EXPECT_EQ(test, interface.location, row->location);
	KUNIT_EXPECT_EQ(test, interface.source, COMMONHV_SOURCE_LIST);
	KUNIT_EXPECT_EQ(test, interface.max_leaf, 0);
	KUNIT_EXPECT_FALSE(test, interface.verified);

	commonhv_interface_verify(&hv->access, &interface);
	KUNIT_EXPECT_EQ(test, interface.verified, row->verified);
	KUNIT_EXPECT_EQ(test, interface.max_leaf, row->max_leaf);
	KUNIT_EXPECT_EQ(test, fake_hv_count(hv, FAKE_CPUID, 0, U32_MAX), row->cpuids);
	/* The list's signature is shown, whatever answers there. */
	KUNIT_EXPECT_EQ(test, memcmp(interface.signature, row->listed.signature,
				     COMMONHV_SIGNATURE_LEN), 0);
}

static struct kunit_case interface_cases[] = {
	KUNIT_CASE_PARAM(interface_is_verified, interface_gen_params),
	{}
};

static struct kunit_suite interface_suite = {
	.name = "commonhv_interface",
	.test_cases = interface_cases,
};

kunit_test_suites(&interface_suite);
