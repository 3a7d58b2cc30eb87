/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_CAPS_FAKE_H
#define COMMONHV_CAPS_FAKE_H

#include "../commonhv/decode.h"
#include "../commonhv/violation.h"
#include "commonhv_fake.h"

#define V(name)	BIT(COMMONHV_VIOLATION_##name)

/**
 * struct fake_caps_row - a row of a table: what a host answers, and what is decoded
 * @name: of the row
 * @leaves: what CPUID answers; none of them: no CommonHV
 * @forced: the draft that is assumed
 * @hidden: the hypervisor bit is clear
 * @want: the capabilities
 * @cpuids: how many of CommonHV leaves that takes
 */
struct fake_caps_row {
	const char *name;
	struct fake_leaf leaves[FAKE_MAX_LEAVES];
	enum commonhv_draft forced;
	bool hidden;
	struct commonhv_caps want;
	unsigned int cpuids;
};

/* The capabilities that a row wants. */
#define DRAFT1(max_, msr_, violations_)					\
	.present = true, .draft = COMMONHV_DRAFT_1,			\
	.rng = (msr_) != 0, .rng_input = (msr_) != 0, .rng_msr = (msr_), \
	.max_leaf = (max_), .violations = (violations_)
#define DRAFT2(max_, nr_, violations_)					\
	.present = true, .draft = COMMONHV_DRAFT_2,			\
	.max_leaf = (max_), .nr_listed = (nr_), .violations = (violations_)
#define RNG(msr_, input_)						\
	.rng = true, .rng_msr = (msr_), .rng_input = (input_)

#define DRAFT3(nr_, violations_)					\
	DRAFT2(0x4f000005, nr_, violations_), .draft = COMMONHV_DRAFT_3
#define GENERATION_LEAF	.generation_in_leaf = true
#define GENERATION_MSR(msr_)						\
	.generation_in_msr = true, .generation_msr = (msr_)

#define NO_COMMONHV	.present = false

/* A case of a table of rows. */
void fake_caps_test(struct kunit *test);

#endif /* COMMONHV_CAPS_FAKE_H */
