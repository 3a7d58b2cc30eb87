/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_DECODE_H
#define COMMONHV_DECODE_H

#include "access.h"

/**
 * enum commonhv_draft - which draft of the specification the host implements
 * @COMMONHV_DRAFT_AUTO: as an argument: find out
 * @COMMONHV_DRAFT_1: draft 1
 * @COMMONHV_DRAFT_2: draft 2
 * @COMMONHV_DRAFT_3: draft 3, or a later version
 */
enum commonhv_draft {
	COMMONHV_DRAFT_AUTO = 0,
	COMMONHV_DRAFT_1 = 1,
	COMMONHV_DRAFT_2 = 2,
	COMMONHV_DRAFT_3 = 3,
};

/**
 * struct commonhv_caps - what the CommonHV interface offers, but for its list
 * @present: there is a CommonHV interface; without it the rest is zero, except
 *	for @hypervisor_bit and @violations
 * @hypervisor_bit: CPUID.1:ECX[31]
 * @draft: the draft that the host implements
 * @rng: there is an RNG MSR, and it may be read
 * @rng_input: WRMSR offers entropy to the host
 * @max_leaf: highest CommonHV leaf
 * @nr_listed: drafts 2 and 3: the number of list entries that the host claims, unchecked
 * @rng_msr: index of the RNG MSR, where @rng
 * @generation_in_leaf: leaf 4F000005H has the generation
 * @generation_in_msr: there is a generation MSR, and it may be read
 * @generation_msr: its index, where @generation_in_msr
 * @violations: bits of &enum commonhv_violation
 */
struct commonhv_caps {
	bool present;
	bool hypervisor_bit;
	enum commonhv_draft draft;
	bool rng;
	bool rng_input;
	u32 max_leaf;
	u32 nr_listed;
	u32 rng_msr;
	bool generation_in_leaf;
	bool generation_in_msr;
	u32 generation_msr;
	unsigned long violations;
};

/**
 * struct commonhv_leaves - the CommonHV leaves, read once and decoded
 * @caps: all but the list
 * @list0: subleaf 0 of the list: the first entry of draft 1, the header of later ones
 */
struct commonhv_leaves {
	struct commonhv_caps caps;
	struct commonhv_regs list0;
};

void commonhv_caps_decode(const struct commonhv_access *access,
			  enum commonhv_draft draft,
			  struct commonhv_leaves *leaves);
bool commonhv_caps_is_same(const struct commonhv_caps *a,
			   const struct commonhv_caps *b);

#endif /* COMMONHV_DECODE_H */
