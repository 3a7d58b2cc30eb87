// SPDX-License-Identifier: GPL-2.0
/*
 * Decoding of the CommonHV leaves: pure, KUnit drives it without hardware.
 *
 *	1. The RNG MSR: may the guest touch that index?
 *	2. The draft: which of the two does the host implement?
 *	3. The capabilities: base leaf, features, RNG leaf, subleaf 0 of the list
 *	4. The list
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "decode.h"
#include "violation.h"

static void commonhv_caps_report(struct commonhv_caps *caps,
				 enum commonhv_violation violation)
{
	caps->violations |= BIT(violation);
}

/*
 * 1. The RNG MSR
 */

/*
 * The host picks the index. The guest reads that MSR, may show its value to user
 * space, and writes it with offer_entropy=1. So the index must not name an MSR
 * that has a meaning: writing some of these gives the host a page of the guest's
 * memory, reading some has effects (400000F0H idles the processor), and others
 * hold a constant or an address that would pass for random. Index 0 is not here,
 * because draft 2 allows it.
 */
static const struct {
	u32 first, last;
	enum commonhv_violation violation;
} commonhv_reserved_msrs[] = {
	/* Intel's and AMD's: x2APIC, segment bases, system call targets. */
	{ 0x00000001, 0x00001fff, COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL },
	{ 0xc0000000, 0xc001ffff, COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL },
	/* The synthetic MSRs of Hyper-V, Xen and VMware. */
	{ 0x40000000, 0x400002ff, COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC },
	/* KVM's. */
	{ 0x4b564d00, 0x4b564dff, COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC },
};

static void commonhv_caps_set_rng(struct commonhv_caps *caps, u32 msr, bool input)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commonhv_reserved_msrs); i++) {
		if (msr >= commonhv_reserved_msrs[i].first &&
		    msr <= commonhv_reserved_msrs[i].last) {
			commonhv_caps_report(caps, commonhv_reserved_msrs[i].violation);
			return;
		}
	}
	caps->rng = true;
	caps->rng_msr = msr;
	/* MSR 0 is a machine check register: it is read if the host says so, never written. */
	caps->rng_input = input && msr;
}

/*
 * 2. The draft
 */

/*
 * No leaf carries a version. Subleaf 0 of the list decides where it can: a header
 * has no signature, an entry has one, at a location where an interface can be. All
 * zero is an empty list in both drafts. A signature with any other location is an
 * entry that is wrong, or a header with garbage in its reserved registers. In these
 * cases the features decide. With neither list nor features nothing depends on
 * the draft, and it is called draft 2.
 */
static enum commonhv_draft commonhv_caps_find_draft(struct commonhv_caps *caps,
						    const struct commonhv_regs *list0,
						    const struct commonhv_regs *features)
{
	enum commonhv_draft by_features = COMMONHV_DRAFT_AUTO;
	enum commonhv_draft by_list = COMMONHV_DRAFT_AUTO;

	if (commonhv_regs_signature_is_zero(list0))
		by_list = list0->eax ? COMMONHV_DRAFT_2 : COMMONHV_DRAFT_AUTO;
	else if (commonhv_location_is_valid(list0->eax))
		by_list = COMMONHV_DRAFT_1;

	if (caps->max_leaf >= COMMONHV_CPUID_RNG &&
	    !(features->eax & ~COMMONHV_FEAT_MASK))
		by_features = COMMONHV_DRAFT_2;
	else if (caps->max_leaf >= COMMONHV_CPUID_FEATURES)
		by_features = COMMONHV_DRAFT_1;

	/*
	 * The other conflicts have names of their own. Features that are all zero
	 * can belong to either draft. Those that a list of draft 2 contradicts have
	 * reserved bits set, or lack the RNG leaf.
	 */
	if (by_list == COMMONHV_DRAFT_1 && by_features == COMMONHV_DRAFT_2 &&
	    features->eax)
		commonhv_caps_report(caps, COMMONHV_VIOLATION_DRAFT_CONFLICT);
	return by_list ?: by_features ?: COMMONHV_DRAFT_2;
}

/*
 * 3. The capabilities
 */

/* By the specification leaves above the highest are zero, whatever CPUID returns. */
static struct commonhv_regs commonhv_leaf_read(const struct commonhv_access *access,
					       const struct commonhv_caps *caps,
					       u32 leaf, u32 subleaf)
{
	if (leaf > caps->max_leaf)
		return (struct commonhv_regs){};
	return commonhv_access_cpuid(access, leaf, subleaf);
}

static bool commonhv_caps_detect(const struct commonhv_access *access,
				 struct commonhv_caps *caps)
{
	struct commonhv_regs regs = commonhv_access_cpuid(access, 1, 0);

	caps->hypervisor_bit = regs.ecx & COMMONHV_CPUID_1_ECX_HYPERVISOR;

	/* Also with the bit clear: nested set-ups hide it. */
	regs = commonhv_access_cpuid(access, COMMONHV_CPUID_BASE, 0);
	if (regs.ebx != COMMONHV_CPUID_SIGNATURE_EBX ||
	    regs.ecx != COMMONHV_CPUID_SIGNATURE_ECX ||
	    regs.edx != COMMONHV_CPUID_SIGNATURE_EDX)
		return false;
	if (regs.eax < COMMONHV_CPUID_BASE || regs.eax > COMMONHV_CPUID_LIMIT) {
		commonhv_caps_report(caps, COMMONHV_VIOLATION_MAX_LEAF);
		return false;
	}
	caps->present = true;
	caps->max_leaf = regs.eax;
	return true;
}

/**
 * commonhv_caps_decode() - find CommonHV and decode all but its list
 * @access: the way to the hypervisor
 * @draft: the draft to assume, or %COMMONHV_DRAFT_AUTO
 * @leaves: receives the capabilities, and subleaf 0 of the list
 *
 * Costs at most four CPUIDs of CommonHV leaves, and one of leaf 1.
 *
 * Context: any.
 */
void commonhv_caps_decode(const struct commonhv_access *access,
			  enum commonhv_draft draft,
			  struct commonhv_leaves *leaves)
{
	struct commonhv_caps *caps = &leaves->caps;
	struct commonhv_regs features;

	memset(leaves, 0, sizeof(*leaves));
	if (!commonhv_caps_detect(access, caps))
		return;

	leaves->list0 = commonhv_leaf_read(access, caps, COMMONHV_CPUID_INTERFACES, 0);
	features = commonhv_leaf_read(access, caps, COMMONHV_CPUID_FEATURES, 0);
	if (!commonhv_regs_signature_is_zero(&features))
		commonhv_caps_report(caps, COMMONHV_VIOLATION_FEATURES_RESERVED);
	caps->draft = draft ?: commonhv_caps_find_draft(caps, &leaves->list0, &features);

	if (caps->draft == COMMONHV_DRAFT_1) {
		if (!caps->hypervisor_bit)
			commonhv_caps_report(caps, COMMONHV_VIOLATION_HYPERVISOR_BIT);
		if (features.eax)
			commonhv_caps_set_rng(caps, features.eax, true);
		return;
	}

	caps->nr_listed = leaves->list0.eax;
	if (!commonhv_regs_signature_is_zero(&leaves->list0))
		commonhv_caps_report(caps, COMMONHV_VIOLATION_HEADER_RESERVED);
	if (features.eax & ~COMMONHV_FEAT_MASK)
		commonhv_caps_report(caps, COMMONHV_VIOLATION_FEATURES_RESERVED);
	if (!(features.eax & COMMONHV_FEAT_RNG))
		return;
	if (caps->max_leaf < COMMONHV_CPUID_RNG) {
		commonhv_caps_report(caps, COMMONHV_VIOLATION_RNG_LEAF_MISSING);
		return;
	}
	commonhv_caps_set_rng(caps,
			      commonhv_access_cpuid(access, COMMONHV_CPUID_RNG, 0).eax,
			      features.eax & COMMONHV_FEAT_RNG_INPUT);
}

/**
 * commonhv_caps_is_same() - are the capabilities the same?
 * @a: decoded capabilities
 * @b: others
 *
 * Context: any.
 * Return: true if nothing differs. Two hosts can still look alike.
 */
bool commonhv_caps_is_same(const struct commonhv_caps *a,
			   const struct commonhv_caps *b)
{
	return a->present == b->present &&
	       a->hypervisor_bit == b->hypervisor_bit && a->draft == b->draft &&
	       a->rng == b->rng && a->rng_input == b->rng_input &&
	       a->max_leaf == b->max_leaf && a->nr_listed == b->nr_listed &&
	       a->rng_msr == b->rng_msr && a->violations == b->violations;
}

/*
 * 4. The list
 */

static unsigned int commonhv_list_decode_draft1(const struct commonhv_access *access,
						struct commonhv_caps *caps,
						struct commonhv_regs entry,
						struct commonhv_interface *interfaces)
{
	unsigned int nr = 0;

	while (!commonhv_regs_are_zero(&entry)) {
		if (nr == COMMONHV_INTERFACES_MAX) {
			commonhv_caps_report(caps, COMMONHV_VIOLATION_LIST_CAPPED);
			break;
		}
		commonhv_interface_init(&interfaces[nr++], COMMONHV_SOURCE_LIST,
					entry.eax, &entry);
		entry = commonhv_leaf_read(access, caps, COMMONHV_CPUID_INTERFACES, nr);
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
		entry = commonhv_leaf_read(access, caps, COMMONHV_CPUID_INTERFACES, i);
		if (!commonhv_regs_are_zero(&entry))
			commonhv_interface_init(&interfaces[nr++], COMMONHV_SOURCE_LIST,
						entry.eax, &entry);
		else if (i == 1)
			literal = true;
	}
	/* An empty list that claims entries is truncated, not literal. */
	literal = literal && nr;
	if (literal)
		commonhv_caps_report(caps, COMMONHV_VIOLATION_LIST_LITERAL);
	if (nr + literal < last)
		commonhv_caps_report(caps, COMMONHV_VIOLATION_LIST_TRUNCATED);
	if (caps->nr_listed > last)
		commonhv_caps_report(caps, COMMONHV_VIOLATION_LIST_CAPPED);
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
