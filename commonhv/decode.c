// SPDX-License-Identifier: GPL-2.0
/*
 * Decoding of the CommonHV leaves: pure, KUnit drives it without hardware.
 *
 *	1. MSR indices: may the guest touch that MSR?
 *	2. The draft: which one does the host implement?
 *	3. The features: the RNG, the generation
 *	4. The capabilities: all leaves, but for the rest of the list
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "decode.h"
#include "interface.h"
#include "violation.h"

static void commonhv_caps_report(struct commonhv_caps *caps,
				 enum commonhv_violation violation)
{
	caps->violations |= BIT(violation);
}

/*
 * 1. MSR indices
 */

/*
 * The host picks the index. The guest reads that MSR, may show its value to user
 * space, and writes it with offer_entropy=1. So the index must not name an MSR
 * that has a meaning: writing some of these gives the host a page of the guest's
 * memory, reading some has effects (400000F0H idles the processor), and others
 * hold a constant or an address that would pass for random. Draft 3, chapter 4.
 */
static const struct {
	u32 first, last;
	enum commonhv_violation violation;
} commonhv_reserved_msrs[] = {
	/* Intel's and AMD's: x2APIC, segment bases, system call targets. */
	{ 0x00000000, 0x00001fff, COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL },
	{ 0xc0000000, 0xc001ffff, COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL },
	/* Hypervisors describe MSRs by ranges, and none can have its end behind this. */
	{ 0xffffffff, 0xffffffff, COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL },
	/* The synthetic MSRs of Hyper-V, Xen and VMware. */
	{ 0x40000000, 0x400002ff, COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC },
	/* KVM's. */
	{ 0x4b564d00, 0x4b564dff, COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC },
};

/* Returns what is wrong with an index as the RNG MSR's, or a negative number. */
static int commonhv_msr_check(u32 msr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commonhv_reserved_msrs); i++)
		if (msr >= commonhv_reserved_msrs[i].first &&
		    msr <= commonhv_reserved_msrs[i].last)
			return commonhv_reserved_msrs[i].violation;
	return -1;
}

/*
 * 2. The draft
 */

/*
 * Draft 3 has a version. Drafts 1 and 2 have none: subleaf 0 of the list decides where
 * it can. A header has no signature, an entry has one, at a location where an
 * interface can be. All zero is an empty list in both drafts. A signature with any
 * other location is an entry that is wrong, or a header with garbage in its reserved
 * registers. In these cases the features decide. With neither list nor features
 * nothing depends on the draft, and it is called draft 2.
 */
static enum commonhv_draft commonhv_caps_guess_draft(struct commonhv_caps *caps,
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

static bool commonhv_version_is_valid(const struct commonhv_regs *version)
{
	return version->eax >= COMMONHV_VERSION_3 && version->eax <= COMMONHV_VERSION_MAX;
}

/* Draft 3, CHV-8.3. */
static enum commonhv_draft commonhv_caps_find_draft(struct commonhv_caps *caps,
						    const struct commonhv_regs *list0,
						    const struct commonhv_regs *features,
						    const struct commonhv_regs *version)
{
	if (commonhv_version_is_valid(version))
		return COMMONHV_DRAFT_3;
	return commonhv_caps_guess_draft(caps, list0, features);
}

/*
 * 3. The features
 */

static void commonhv_caps_set_rng(struct commonhv_caps *caps, u32 msr, bool input)
{
	/* Draft 2 allows index 0. */
	int violation = caps->draft == COMMONHV_DRAFT_2 && !msr ? -1 : commonhv_msr_check(msr);

	if (violation >= 0) {
		commonhv_caps_report(caps, violation);
		return;
	}
	caps->rng = true;
	caps->rng_msr = msr;
	/* MSR 0 is a machine check register: it is read if the host says so, never written. */
	caps->rng_input = input && msr;
}

static void commonhv_caps_set_features(struct commonhv_caps *caps,
				       const struct commonhv_regs *features,
				       const struct commonhv_regs *rng)
{
	if (features->eax & ~COMMONHV_FEAT_MASK)
		commonhv_caps_report(caps, COMMONHV_VIOLATION_FEATURES_RESERVED);
	if (!(features->eax & COMMONHV_FEAT_RNG))
		return;
	if (caps->max_leaf < COMMONHV_CPUID_RNG) {
		commonhv_caps_report(caps, COMMONHV_VIOLATION_RNG_LEAF_MISSING);
		return;
	}
	commonhv_caps_set_rng(caps, rng->eax, features->eax & COMMONHV_FEAT_RNG_INPUT);
}

static void commonhv_caps_set_generation(struct commonhv_caps *caps,
					 const struct commonhv_regs *version)
{
	u32 bits = version->ebx, msr = version->ecx;

	/* A later version may have given them a meaning. */
	if (version->eax == COMMONHV_VERSION_3 &&
	    (bits & ~COMMONHV_FEAT_VERSION_MASK || version->edx ||
	     (msr && !(bits & COMMONHV_FEAT_GENERATION_MSR))))
		commonhv_caps_report(caps, COMMONHV_VIOLATION_VERSION_RESERVED);

	caps->generation_in_leaf = bits & COMMONHV_FEAT_GENERATION_LEAF &&
				   caps->max_leaf >= COMMONHV_CPUID_GENERATION;
	if (bits & COMMONHV_FEAT_GENERATION_LEAF && !caps->generation_in_leaf)
		commonhv_caps_report(caps, COMMONHV_VIOLATION_GENERATION_LEAF_MISSING);

	if (!(bits & COMMONHV_FEAT_GENERATION_MSR))
		return;
	if (commonhv_msr_check(msr) >= 0 || (caps->rng && msr == caps->rng_msr)) {
		commonhv_caps_report(caps, COMMONHV_VIOLATION_GENERATION_MSR);
		return;
	}
	caps->generation_in_msr = true;
	caps->generation_msr = msr;
}

/*
 * 4. The capabilities
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

/* Draft 3, CHV-8.4: without a version the leaf is ignored, which the caller does. */
static struct commonhv_regs commonhv_version_read(const struct commonhv_access *access,
						  struct commonhv_caps *caps)
{
	struct commonhv_regs version = commonhv_leaf_read(access, caps,
							  COMMONHV_CPUID_VERSION, 0);

	if (caps->max_leaf >= COMMONHV_CPUID_VERSION && !commonhv_version_is_valid(&version))
		commonhv_caps_report(caps, COMMONHV_VIOLATION_VERSION);
	return version;
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
 * Costs at most five CPUIDs of CommonHV leaves, and one of leaf 1.
 *
 * Context: any.
 */
void commonhv_caps_decode(const struct commonhv_access *access,
			  enum commonhv_draft draft,
			  struct commonhv_leaves *leaves)
{
	struct commonhv_caps *caps = &leaves->caps;
	struct commonhv_regs features, rng = {}, version = {};

	memset(leaves, 0, sizeof(*leaves));
	if (!commonhv_caps_detect(access, caps))
		return;

	leaves->list0 = commonhv_leaf_read(access, caps, COMMONHV_CPUID_INTERFACES, 0);
	features = commonhv_leaf_read(access, caps, COMMONHV_CPUID_FEATURES, 0);
	if (!commonhv_regs_signature_is_zero(&features))
		commonhv_caps_report(caps, COMMONHV_VIOLATION_FEATURES_RESERVED);
	/* A guest of an older draft does not know of it. */
	if (draft == COMMONHV_DRAFT_AUTO || draft == COMMONHV_DRAFT_3)
		version = commonhv_version_read(access, caps);
	caps->draft = draft ?: commonhv_caps_find_draft(caps, &leaves->list0, &features,
							&version);

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
	if (features.eax & COMMONHV_FEAT_RNG)
		rng = commonhv_leaf_read(access, caps, COMMONHV_CPUID_RNG, 0);
	commonhv_caps_set_features(caps, &features, &rng);
	/* Forced to draft 3 where there is no version: then there is no generation. */
	if (caps->draft == COMMONHV_DRAFT_3 && commonhv_version_is_valid(&version))
		commonhv_caps_set_generation(caps, &version);
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
	       a->rng_msr == b->rng_msr &&
	       a->generation_in_leaf == b->generation_in_leaf &&
	       a->generation_in_msr == b->generation_in_msr &&
	       a->generation_msr == b->generation_msr && a->violations == b->violations;
}
