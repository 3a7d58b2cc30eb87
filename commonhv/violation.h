/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_VIOLATION_H
#define COMMONHV_VIOLATION_H

#include <linux/types.h>

/**
 * enum commonhv_violation - how a hypervisor breaks the specification
 * @COMMONHV_VIOLATION_MAX_LEAF: the signature with a max leaf out of range
 * @COMMONHV_VIOLATION_HYPERVISOR_BIT: draft 1 with the hypervisor bit clear
 * @COMMONHV_VIOLATION_DRAFT_CONFLICT: leaves 1 and 2 follow different drafts
 * @COMMONHV_VIOLATION_HEADER_RESERVED: reserved list header registers not zero
 * @COMMONHV_VIOLATION_LIST_LITERAL: entries from subleaf 2 on instead of 1
 * @COMMONHV_VIOLATION_LIST_TRUNCATED: fewer entries than the header counts
 * @COMMONHV_VIOLATION_LIST_CAPPED: more entries than this guest reads
 * @COMMONHV_VIOLATION_FEATURES_RESERVED: reserved feature bits or registers set
 * @COMMONHV_VIOLATION_RNG_LEAF_MISSING: RNG bit with max leaf below 4F000003H
 * @COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL: the index of the RNG MSR belongs to the
 *	architecture, or is the last one
 * @COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC: the index of the RNG MSR belongs to another
 *	paravirtual interface
 * @COMMONHV_VIOLATION_VERSION: leaf 4F000004H without a valid version
 * @COMMONHV_VIOLATION_VERSION_RESERVED: reserved bits or registers of it set
 * @COMMONHV_VIOLATION_GENERATION_LEAF_MISSING: generation bit with max leaf below
 *	4F000005H
 * @COMMONHV_VIOLATION_GENERATION_MSR: the index of the generation MSR belongs to
 *	something else
 * @COMMONHV_NR_VIOLATIONS: how many there are
 *
 * Bit numbers in &struct commonhv_caps.violations. The module works in spite of
 * each of them.
 */
enum commonhv_violation {
	COMMONHV_VIOLATION_MAX_LEAF,
	COMMONHV_VIOLATION_HYPERVISOR_BIT,
	COMMONHV_VIOLATION_DRAFT_CONFLICT,
	COMMONHV_VIOLATION_HEADER_RESERVED,
	COMMONHV_VIOLATION_LIST_LITERAL,
	COMMONHV_VIOLATION_LIST_TRUNCATED,
	COMMONHV_VIOLATION_LIST_CAPPED,
	COMMONHV_VIOLATION_FEATURES_RESERVED,
	COMMONHV_VIOLATION_RNG_LEAF_MISSING,
	COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL,
	COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC,
	COMMONHV_VIOLATION_VERSION,
	COMMONHV_VIOLATION_VERSION_RESERVED,
	COMMONHV_VIOLATION_GENERATION_LEAF_MISSING,
	COMMONHV_VIOLATION_GENERATION_MSR,
	COMMONHV_NR_VIOLATIONS
};

/* Enough for all names, the spaces between them and the NUL. */
#define COMMONHV_VIOLATIONS_LEN	256

void commonhv_violations_format(unsigned long violations, char *buf, size_t len);

#endif /* COMMONHV_VIOLATION_H */
