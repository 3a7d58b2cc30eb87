// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_version: draft 3, its version and where it has the generation. */
#include <kunit/test.h>

#include "commonhv_caps_fake.h"
#include "table.h"

/* A draft 3 host: its leaf 4F000004H, and its RNG's MSR. */
#define VERSION_ROW(name_, rng_msr_, eax_, ebx_, ecx_, edx_, ...)	\
	{								\
		.name = (name_),					\
		.leaves = { FAKE_COMMONHV(0x4f000005),			\
			    { 0x4f000001, 0, 1 }, { 0x4f000002, 0, 1 },	\
			    { 0x4f000003, 0, (rng_msr_) },		\
			    { 0x4f000004, 0, (eax_), (ebx_), (ecx_), (edx_) } }, \
		.want = { __VA_ARGS__ },				\
		.cpuids = 5,						\
	}
#define VERSION_NONE(name_, eax_)					\
	VERSION_ROW(name_, 0x4f000000, eax_, 3, 0x4f000001, 0,		\
		    DRAFT2(0x4f000005, 1, V(VERSION)), RNG(0x4f000000, false))
#define GENERATION_MSR_REFUSED(name_, msr_)				\
	VERSION_ROW(name_, 0x4f000000, 3, 3, msr_, 0,			\
		    DRAFT3(1, V(GENERATION_MSR)), RNG(0x4f000000, false), GENERATION_LEAF)

static const struct fake_caps_row version_rows[] = {
	{
		.name = "draft 3 with all of it",
		.leaves = { FAKE_COMMONHV(0x4f000005),
			    { 0x4f000001, 0, 2 }, { 0x4f000002, 0, 3 },
			    { 0x4f000003, 0, 0x4f000000 },
			    { 0x4f000004, 0, 3, 3, 0x4f000001 } },
		.want = { DRAFT3(2, 0), RNG(0x4f000000, true), GENERATION_LEAF,
			  GENERATION_MSR(0x4f000001) },
		.cpuids = 5,
	}, {
		.name = "draft 3 with the least of it",
		.leaves = { FAKE_COMMONHV(0x4f000005), { 0x4f000004, 0, 3 } },
		.want = { DRAFT3(0, 0) },
		.cpuids = 4,
	}, {
		.name = "draft 3 counts, whatever the list looks like",
		.leaves = { FAKE_COMMONHV(0x4f000005),
			    { 0x4f000001, 0, 0x40000000, FAKE_KVM },
			    { 0x4f000004, 0, 3 } },
		.want = { DRAFT3(0x40000000, V(HEADER_RESERVED)) },
		.cpuids = 4,
	}, {
		.name = "draft 3 without the leaf that it announces",
		.leaves = { FAKE_COMMONHV(0x4f000004), { 0x4f000001, 0, 1 },
			    { 0x4f000004, 0, 3, 1 } },
		.want = { DRAFT3(1, V(GENERATION_LEAF_MISSING)),
			  .max_leaf = 0x4f000004 },
		.cpuids = 4,
	}, {
		.name = "a draft 3 hypervisor with draft=2",
		.forced = COMMONHV_DRAFT_2,
		.leaves = { FAKE_COMMONHV(0x4f000005),
			    { 0x4f000001, 0, 2 }, { 0x4f000002, 0, 3 },
			    { 0x4f000003, 0, 0x4f000000 },
			    { 0x4f000004, 0, 3, 3, 0x4f000001 } },
		.want = { DRAFT2(0x4f000005, 2, 0), RNG(0x4f000000, true) },
		.cpuids = 4,
	}, {
		.name = "a draft 3 hypervisor with draft=1",
		.forced = COMMONHV_DRAFT_1,
		.leaves = { FAKE_COMMONHV(0x4f000005),
			    { 0x4f000001, 0, 2 }, { 0x4f000002, 0, 3 },
			    { 0x4f000004, 0, 3, 3, 0x4f000001 } },
		.want = { DRAFT1(0x4f000005, 0, V(RNG_MSR_ARCHITECTURAL)) },
		.cpuids = 3,
	}, {
		.name = "a draft 2 hypervisor with draft=3",
		.forced = COMMONHV_DRAFT_3,
		.leaves = { FAKE_COMMONHV(0x4f000003),
			    { 0x4f000001, 0, 2 }, { 0x4f000002, 0, 3 },
			    { 0x4f000003, 0, 0x4f000000 }, { 0x4f000004, 0, 3, 1 } },
		.want = { DRAFT3(2, 0), RNG(0x4f000000, true),
			  .max_leaf = 0x4f000003 },
		.cpuids = 4,
	}, {
		.name = "a host without a version with draft=3 has no generation",
		.forced = COMMONHV_DRAFT_3,
		.leaves = { FAKE_COMMONHV(0x4f000005), { 0x4f000001, 0, 1 },
			    { 0x4f000004, 0, 2, 3, 0x4f000001 } },
		.want = { DRAFT3(1, V(VERSION)) },
		.cpuids = 4,
	},
	VERSION_ROW("the generation in the leaf alone", 0x4f000000, 3, 1, 0, 0,
		    DRAFT3(1, 0), RNG(0x4f000000, false), GENERATION_LEAF),
	VERSION_ROW("the generation in the MSR alone", 0x4f000000, 3, 2, 0x4f000001, 0,
		    DRAFT3(1, 0), RNG(0x4f000000, false), GENERATION_MSR(0x4f000001)),
	VERSION_ROW("the highest version", 0x4f000000, 0xff, 1, 0, 0,
		    DRAFT3(1, 0), RNG(0x4f000000, false), GENERATION_LEAF),
	VERSION_ROW("a later version may use what is reserved", 0x4f000000,
		    4, 0xfffffffd, 7, 7,
		    DRAFT3(1, 0), RNG(0x4f000000, false), GENERATION_LEAF),
	VERSION_NONE("version 0", 0),
	VERSION_NONE("version 2", 2),
	VERSION_NONE("version 100H", 0x100),
	VERSION_NONE("version 2^32-1", 0xffffffff),
	VERSION_ROW("reserved bits with the version", 0x4f000000, 3, 5, 0, 0,
		    DRAFT3(1, V(VERSION_RESERVED)), RNG(0x4f000000, false), GENERATION_LEAF),
	VERSION_ROW("a reserved register with the version", 0x4f000000, 3, 0, 0, 1,
		    DRAFT3(1, V(VERSION_RESERVED)), RNG(0x4f000000, false)),
	VERSION_ROW("the index of no generation MSR", 0x4f000000, 3, 1, 0x4f000001, 0,
		    DRAFT3(1, V(VERSION_RESERVED)), RNG(0x4f000000, false), GENERATION_LEAF),
	VERSION_ROW("draft 3 has no RNG MSR 0", 0, 3, 0, 0, 0,
		    DRAFT3(1, V(RNG_MSR_ARCHITECTURAL))),
	GENERATION_MSR_REFUSED("generation MSR 0", 0),
	GENERATION_MSR_REFUSED("generation MSR in the APIC base", 0x1b),
	GENERATION_MSR_REFUSED("generation MSR of Hyper-V", 0x400000f0),
	GENERATION_MSR_REFUSED("generation MSR 2^32-1", 0xffffffff),
	GENERATION_MSR_REFUSED("generation MSR is the RNG's", 0x4f000000),
};

KUNIT_ARRAY_PARAM_DESC(version, version_rows, name);

static struct kunit_case version_cases[] = {
	KUNIT_CASE_PARAM(fake_caps_test, version_gen_params),
	{}
};

static struct kunit_suite version_suite = {
	.name = "commonhv_version",
	.test_cases = version_cases,
};

kunit_test_suites(&version_suite);
