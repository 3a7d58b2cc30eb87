/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_DECODE_H
#define COMMONHV_DECODE_H

#include "access.h"
#include "interface.h"

/*
 * The most interfaces that are looked at. The host chooses how many it lists;
 * 256 of them cost 512 CPUIDs, about a millisecond of VM exits.
 */
#define COMMONHV_INTERFACES_MAX	256

/**
 * enum commonhv_draft - which draft of the specification is spoken
 * @COMMONHV_DRAFT_AUTO: as the @draft argument: find out
 * @COMMONHV_DRAFT_1: draft 1
 * @COMMONHV_DRAFT_2: draft 2
 */
enum commonhv_draft {
	COMMONHV_DRAFT_AUTO = 0,
	COMMONHV_DRAFT_1 = 1,
	COMMONHV_DRAFT_2 = 2,
};

/**
 * struct commonhv_head - what leaves 4F000000H, 2 and 3 and the list's header say
 * @present: there is a CommonHV interface; without it the rest is zero, except
 *	for @hypervisor_bit and @violations
 * @hypervisor_bit: CPUID.1:ECX[31]
 * @draft: the draft that is spoken
 * @rng: there is an RNG whose MSR may be read
 * @rng_input: ... and WRMSR offers entropy to the host
 * @max_leaf: highest CommonHV leaf
 * @nr_listed: draft 2: the number of tuples that the host claims, unchecked
 * @rng_msr: index of the RNG MSR, where @rng
 * @violations: bits of &enum commonhv_violation
 */
struct commonhv_head {
	bool present;
	bool hypervisor_bit;
	enum commonhv_draft draft;
	bool rng;
	bool rng_input;
	u32 max_leaf;
	u32 nr_listed;
	u32 rng_msr;
	unsigned long violations;
};

/**
 * struct commonhv_look - what a look at the CommonHV interface finds
 * @head: all but the list
 * @list0: the first subleaf of the list
 */
struct commonhv_look {
	struct commonhv_head head;
	struct commonhv_regs list0;
};

void commonhv_head_decode(const struct commonhv_access *access,
			  enum commonhv_draft draft, struct commonhv_head *head,
			  struct commonhv_regs *list0);
bool commonhv_head_is_same(const struct commonhv_head *a,
			   const struct commonhv_head *b);
unsigned int commonhv_list_decode(const struct commonhv_access *access,
				  struct commonhv_head *head,
				  const struct commonhv_regs *list0,
				  struct commonhv_interface *interfaces);

#endif /* COMMONHV_DECODE_H */
