// SPDX-License-Identifier: GPL-2.0
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "violation.h"

/* Part of the sysfs ABI. */
static const char * const commonhv_violation_names[COMMONHV_NR_VIOLATIONS] = {
	[COMMONHV_VIOLATION_MAX_LEAF]			= "max_leaf",
	[COMMONHV_VIOLATION_HYPERVISOR_BIT]		= "hypervisor_bit",
	[COMMONHV_VIOLATION_DRAFT_CONFLICT]		= "draft_conflict",
	[COMMONHV_VIOLATION_HEADER_RESERVED]		= "header_reserved",
	[COMMONHV_VIOLATION_LIST_LITERAL]		= "list_literal",
	[COMMONHV_VIOLATION_LIST_TRUNCATED]		= "list_truncated",
	[COMMONHV_VIOLATION_LIST_CAPPED]		= "list_capped",
	[COMMONHV_VIOLATION_FEATURES_RESERVED]		= "features_reserved",
	[COMMONHV_VIOLATION_RNG_LEAF_MISSING]		= "rng_leaf_missing",
	[COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL]	= "rng_msr_architectural",
	[COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC]		= "rng_msr_synthetic",
	[COMMONHV_VIOLATION_VERSION]			= "version",
	[COMMONHV_VIOLATION_VERSION_RESERVED]		= "version_reserved",
	[COMMONHV_VIOLATION_GENERATION_LEAF_MISSING]	= "generation_leaf_missing",
	[COMMONHV_VIOLATION_GENERATION_MSR]		= "generation_msr",
};

/**
 * commonhv_violations_format() - write the names of a set of violations
 * @violations: the set, as bits
 * @buf: receives the names with a space between them, or "none"
 * @len: size of @buf in bytes, at least %COMMONHV_VIOLATIONS_LEN
 *
 * Context: any.
 */
void commonhv_violations_format(unsigned long violations, char *buf, size_t len)
{
	size_t used = 0;
	unsigned int i;

	strscpy(buf, "none", len);
	for_each_set_bit(i, &violations, COMMONHV_NR_VIOLATIONS)
		used += scnprintf(buf + used, len - used, "%s%s",
				  used ? " " : "", commonhv_violation_names[i]);
}
