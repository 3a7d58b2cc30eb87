/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest sees of CommonHV. It is decoded here by the specification's text, and not
 * by the decoder of commonhv.ko, so that each can be wrong without the other.
 */
#ifndef CONFORMANCE_VIEW_H
#define CONFORMANCE_VIEW_H

#include "access.h"

#define VERSION_HAS_LEAF	0x1	/* EBX of 4F000004H */
#define VERSION_HAS_MSR		0x2
#define VERSION_FIRST		3
#define VERSION_LAST		0xff

#define MSR_COMMON_RNG		0x4f000000	/* the indices that draft 3 recommends */
#define MSR_COMMON_GENERATION	0x4f000001

#define LIST_MAX 1024	/* more entries than that are not read */

/**
 * struct view - the leaves, and what they say
 * @hypervisor_bit: CPUID.1:ECX[31]
 * @present: there is the signature
 * @max_leaf_valid: and a highest leaf that a guest may believe
 * @base: leaf 4F000000H; @list0: leaf 4F000001H, subleaf 0; @features: 4F000002H;
 *	@rng_leaf: 4F000003H; @version: 4F000004H; @generation: 4F000005H; those above the
 *	highest leaf are zero
 * @draft: 1, 2 or 3, which stands for all later versions
 * @evidence: what the draft was told by
 * @by_list, @by_features: the draft that each of them alone has, or 0; 2 may be 3
 * @first: the subleaf of the first entry
 * @nr_claimed: N of draft 2; in draft 1, the entries before the end
 * @nr: how many of these are in @entries
 * @endless: draft 1, and the list does not end after LIST_MAX entries
 * @rng_claimed: there is said to be an RNG MSR
 * @rng: and a guest may touch it
 * @rng_input: and it may be written
 * @msr: its index
 * @generation_msr: the index of an MSR that a guest may touch; else 0
 */
struct view {
	bool hypervisor_bit, present, max_leaf_valid;
	struct regs base, list0, features, rng_leaf, version, generation;
	int draft, by_list, by_features;
	const char *evidence;
	uint32_t first, nr_claimed, nr;
	bool endless;
	struct regs entries[LIST_MAX];
	bool rng_claimed, rng, rng_input;
	uint32_t msr, generation_msr;
};

/* Where two looks at the same leaves differ. */
struct difference {
	bool found;
	uint32_t leaf, subleaf;
};

void view_read(struct view *view);
bool view_has_leaf(const struct view *view, uint32_t leaf);

/* Reads all leaves again, on whichever vCPU this is, but not the generation. */
struct difference view_compare(const struct view *view);
struct difference view_compare_by(const struct view *view,
				  struct regs (*read)(uint32_t leaf, uint32_t subleaf));

/* Whether an MSR with a meaning of its own has this index. */
bool msr_is_architectural(uint32_t index);
bool msr_is_paravirtual(uint32_t index);

/* What draft 3 excludes: these, index 0, and the last one. */
bool msr_is_excluded(uint32_t index);

#endif
