// SPDX-License-Identifier: GPL-2.0
/* The list of interfaces: pure, KUnit drives it without hardware. */
#include <linux/bits.h>
#include <linux/minmax.h>

#include "list.h"
#include "violation.h"

static void commonhv_list_report(struct commonhv_caps *caps,
				 enum commonhv_violation violation)
{
	caps->violations |= BIT(violation);
}

static struct commonhv_regs commonhv_list_entry(const struct commonhv_access *access,
						u32 subleaf)
{
	return commonhv_access_cpuid(access, COMMONHV_CPUID_INTERFACES, subleaf);
}

static unsigned int commonhv_list_decode_draft1(const struct commonhv_access *access,
						struct commonhv_caps *caps,
						struct commonhv_regs entry,
						struct commonhv_interface *interfaces)
{
	unsigned int nr = 0;

	while (!commonhv_regs_are_zero(&entry)) {
		if (nr == COMMONHV_INTERFACES_MAX) {
			commonhv_list_report(caps, COMMONHV_VIOLATION_LIST_CAPPED);
			break;
		}
		commonhv_interface_init(&interfaces[nr++], COMMONHV_SOURCE_LIST,
					entry.eax, &entry);
		entry = commonhv_list_entry(access, nr);
	}
	return nr;
}

/*
 * Draft 2 says "for each 1 < i <= N", and means 1..N: the header moved a list
 * that began at 0 by one. A host that follows the letter leaves subleaf 1 empty and
 * has N - 1 entries. An empty entry elsewhere is skipped, so that a hole does not
 * hide what follows it; N and the cap bound the walk.
 */
static unsigned int commonhv_list_decode_draft2(const struct commonhv_access *access,
						struct commonhv_caps *caps,
						struct commonhv_interface *interfaces)
{
	u32 i, last = min_t(u32, caps->nr_listed, COMMONHV_INTERFACES_MAX);
	bool literal = false;
	struct commonhv_regs entry;
	unsigned int nr = 0;

	for (i = 1; i <= last; i++) {
		entry = commonhv_list_entry(access, i);
		if (!commonhv_regs_are_zero(&entry))
			commonhv_interface_init(&interfaces[nr++], COMMONHV_SOURCE_LIST,
						entry.eax, &entry);
		else if (i == 1)
			literal = true;
	}
	/* An empty list that claims entries is truncated, not literal. */
	literal = literal && nr;
	if (literal)
		commonhv_list_report(caps, COMMONHV_VIOLATION_LIST_LITERAL);
	if (nr + literal < last)
		commonhv_list_report(caps, COMMONHV_VIOLATION_LIST_TRUNCATED);
	if (caps->nr_listed > last)
		commonhv_list_report(caps, COMMONHV_VIOLATION_LIST_CAPPED);
	return nr;
}

/**
 * commonhv_list_decode() - read the list of interfaces
 * @access: the way to the hypervisor
 * @caps: from commonhv_caps_decode(), @present; violations of the list are added
 * @list0: from commonhv_caps_decode()
 * @interfaces: receives up to %COMMONHV_INTERFACES_MAX interfaces, in the
 *	hypervisor's order of preference, unverified
 *
 * Costs one CPUID for each entry that the host claims. In draft 1 entry 0 is
 * @list0, and the last CPUID finds the end.
 *
 * Context: any.
 * Return: the number of interfaces.
 */
unsigned int commonhv_list_decode(const struct commonhv_access *access,
				  struct commonhv_caps *caps,
				  const struct commonhv_regs *list0,
				  struct commonhv_interface *interfaces)
{
	if (caps->draft == COMMONHV_DRAFT_1)
		return commonhv_list_decode_draft1(access, caps, *list0, interfaces);
	return commonhv_list_decode_draft2(access, caps, interfaces);
}
