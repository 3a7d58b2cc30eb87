/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_FAKE_H
#define COMMONHV_FAKE_H

#include "../commonhv/access.h"

/* Fits in a row of a table; terminated by an entry whose leaf is 0. */
#define FAKE_MAX_LEAVES	10

#define FAKE_COMMONHV(max_leaf_)					\
	{ 0x4f000000, 0, (max_leaf_), 0x6d6d6f43, 0x56486e6f, 0x66746e49 }

/* Signatures as CPUID returns them. */
#define FAKE_TCG	0x54474354, 0x43544743, 0x47435447
#define FAKE_KVM	0x4b4d564b, 0x564b4d56, 0x0000004d
#define FAKE_HYPERV	0x7263694d, 0x666f736f, 0x76482074
#define FAKE_OPENBSD	0x6e65704f, 0x56445342, 0x38354d4d
#define FAKE_XEN	0x566e6558, 0x65584d4d, 0x4d4d566e

struct fake_leaf {
	u32 leaf, subleaf;
	u32 eax, ebx, ecx, edx;
};

/* How the MSR behaves; FAKE_RNG_* of n in struct fake_hv.rng_n. */
enum fake_rng {
	FAKE_RNG_GOOD,		/* a different value each time */
	FAKE_RNG_ZEROS,		/* always zero */
	FAKE_RNG_POOL,		/* n good values, then zeros */
	FAKE_RNG_STUCK,		/* n good values, then one that stays */
	FAKE_RNG_ALTERNATE,	/* two values in turn */
	FAKE_RNG_FAULT,		/* n good values, then faults */
};

#define FAKE_MAX_CALLS	2048

enum fake_op { FAKE_CPUID, FAKE_RDMSR, FAKE_WRMSR, FAKE_NOTE };

struct fake_call {
	enum fake_op op;
	u32 index;		/* leaf, MSR or letter */
	u32 subleaf;
	u64 value;		/* what RDMSR answered or WRMSR wrote */
};

/* The letters of fake_hv_story(), with those that were noted. */
#define FAKE_STORY_LEN	64
#define FAKE_LEAVES	'h'	/* the CommonHV leaves were read */
#define FAKE_LIST	'l'	/* list entries were read */
#define FAKE_SCAN	's'	/* classic leaves were read: a scan, or to verify */

/**
 * struct fake_hv - a hypervisor that records what is asked of it
 * @access: give this to the code under test
 * @leaves: what CPUID answers; NULL: nothing is there
 * @filler_leaf: a leaf whose subleaves from 1 on all hold a list entry, or 0
 * @hidden: the hypervisor bit is clear
 * @amd: absent leaves are zero, not the highest basic leaf's data
 * @rng: how the RNG behaves
 * @rng_n: see &enum fake_rng
 * @rng_msr: the only MSR that exists
 * @write_faults: WRMSR faults
 * @generation: what leaf 4F000005H has, where there are leaves, and @generation_msr
 * @generation_msr: another MSR that exists, if not 0
 * @at_answer: called after each CPUID, if set
 * @nr_calls: how many of @calls are valid; may exceed %FAKE_MAX_CALLS
 * @calls: each access, in order; last, where KASAN sees an overrun
 */
struct fake_hv {
	struct commonhv_access access;
	const struct fake_leaf *leaves;
	u32 filler_leaf;
	bool hidden;
	bool amd;
	enum fake_rng rng;
	unsigned int rng_n;
	u32 rng_msr;
	bool write_faults;
	u64 generation;
	u32 generation_msr;
	void (*at_answer)(struct fake_hv *hv, u32 leaf);
	unsigned int nr_values;
	unsigned int nr_calls;
	struct fake_call calls[FAKE_MAX_CALLS];
};

struct kunit;

struct fake_hv *fake_hv_create(struct kunit *test, const struct fake_leaf *leaves);
unsigned int fake_hv_count(const struct fake_hv *hv, enum fake_op op, u32 first,
			   u32 last);
unsigned int fake_hv_values(const struct fake_hv *hv, enum fake_op op, u64 *values,
			    unsigned int max);
void fake_hv_forget(struct fake_hv *hv);
void fake_hv_note(struct fake_hv *hv, char letter);
void fake_hv_story(const struct fake_hv *hv, char *story);

#endif /* COMMONHV_FAKE_H */
