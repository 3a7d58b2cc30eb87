// SPDX-License-Identifier: GPL-2.0
/*
 * Decoding of the CommonHV leaves: pure, KUnit drives it without hardware.
 *
 *	1. The RNG: is the MSR index one that may be touched?
 *	2. The draft: which of the two do the leaves speak?
 *	3. The head: leaves 0, 2 and 3 and the first subleaf of the list
 *	4. The list
 */
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "decode.h"
#include "violation.h"

static void head_report(struct commonhv_head *head,
			enum commonhv_violation violation)
{
	head->violations |= BIT(violation);
}

/*
 * 1. The RNG
 */

/*
 * The host picks the index, and the guest reads it, maybe shows what it read to
 * user space, and with offer=1 writes it. Let it not name what the architecture
 * has given a meaning: Intel's range below 2000H and AMD's at C0000000H, with
 * the x2APIC, the segment bases and the system call targets. Index 0 stays, as
 * draft 2 explicitly allows it.
 */
static bool commonhv_msr_is_architectural(u32 msr)
{
	return (msr && msr < 0x2000) || (msr >= 0xc0000000 && msr < 0xc0020000);
}

/*
 * Nor what belongs to another paravirtual interface: the synthetic MSRs of Hyper-V,
 * Xen and VMware, and KVM's. Writing one can hand the host a page of
 * the guest's memory. Reading one can idle the processor (400000F0H), or pass a
 * constant or an address off as random.
 */
static bool commonhv_msr_is_synthetic(u32 msr)
{
	return (msr >= 0x40000000 && msr <= 0x400002ff) ||
	       (msr >= 0x4b564d00 && msr <= 0x4b564dff);
}

static void head_set_rng(struct commonhv_head *head, u32 msr, bool input)
{
	if (commonhv_msr_is_architectural(msr)) {
		head_report(head, COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL);
		return;
	}
	if (commonhv_msr_is_synthetic(msr)) {
		head_report(head, COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC);
		return;
	}
	head->rng = true;
	head->rng_msr = msr;
	/* MSR 0 is a machine check register: read it if the host says so, no more. */
	head->rng_input = input && msr;
}

/*
 * 2. The draft
 *
 * No leaf carries a version. The list's first subleaf tells best: a header has
 * no signature, a tuple has one. With nothing listed there the features decide.
 */

static enum commonhv_draft draft_of_list(const struct commonhv_regs *list0)
{
	if (commonhv_regs_are_zero(list0))
		return COMMONHV_DRAFT_AUTO;
	if (commonhv_regs_signature_is_zero(list0))
		return COMMONHV_DRAFT_2;
	if (commonhv_location_is_valid(list0->eax))
		return COMMONHV_DRAFT_1;
	/*
	 * A tuple of draft 1 that stands where none should, or a header of
	 * draft 2 with garbage in its reserved registers.
	 */
	return COMMONHV_DRAFT_AUTO;
}

static enum commonhv_draft draft_of_features(const struct commonhv_head *head,
					     const struct commonhv_regs *features)
{
	if (head->max_leaf < COMMONHV_CPUID_FEATURES)
		return COMMONHV_DRAFT_AUTO;
	if (head->max_leaf >= COMMONHV_CPUID_RNG &&
	    !(features->eax & ~COMMONHV_FEAT_MASK))
		return COMMONHV_DRAFT_2;
	return COMMONHV_DRAFT_1;
}

/*
 * Draft 2 has the final say of what was never settled: with no list and no
 * features nothing depends on it.
 */
static void head_set_draft(struct commonhv_head *head,
			   const struct commonhv_regs *list0,
			   const struct commonhv_regs *features)
{
	enum commonhv_draft by_list = draft_of_list(list0);
	enum commonhv_draft by_features = draft_of_features(head, features);

	head->draft = by_list ?: by_features ?: COMMONHV_DRAFT_2;
	/*
	 * A leaf 2 without any feature can belong to either draft, and one that
	 * a draft 2 list contradicts only has reserved bits set, or no leaf 3.
	 * Both are reported by their own names.
	 */
	if (by_list == COMMONHV_DRAFT_1 && by_features == COMMONHV_DRAFT_2 &&
	    features->eax)
		head_report(head, COMMONHV_VIOLATION_DRAFT_CONFLICT);
}

/*
 * 3. The head
 */

/* Leaves above the highest one are all zero by decree, whatever CPUID returns. */
static struct commonhv_regs leaf_read(const struct commonhv_access *access,
				      const struct commonhv_head *head,
				      u32 leaf, u32 subleaf)
{
	if (leaf > head->max_leaf)
		return (struct commonhv_regs){};
	return commonhv_access_cpuid(access, leaf, subleaf);
}

static bool head_detect(const struct commonhv_access *access,
			struct commonhv_head *head)
{
	struct commonhv_regs regs = commonhv_access_cpuid(access, 1, 0);

	head->hypervisor_bit = regs.ecx & COMMONHV_CPUID_1_ECX_HYPERVISOR;

	/* Not to be skipped when the bit is clear: nested set-ups hide it. */
	regs = commonhv_access_cpuid(access, COMMONHV_CPUID_BASE, 0);
	if (regs.ebx != COMMONHV_CPUID_SIGNATURE_EBX ||
	    regs.ecx != COMMONHV_CPUID_SIGNATURE_ECX ||
	    regs.edx != COMMONHV_CPUID_SIGNATURE_EDX)
		return false;
	if (regs.eax < COMMONHV_CPUID_BASE || regs.eax > COMMONHV_CPUID_LIMIT) {
		head_report(head, COMMONHV_VIOLATION_MAX_LEAF);
		return false;
	}
	head->present = true;
	head->max_leaf = regs.eax;
	return true;
}

static void head_decode_draft1(struct commonhv_head *head,
			       const struct commonhv_regs *features)
{
	if (!head->hypervisor_bit)
		head_report(head, COMMONHV_VIOLATION_HYPERVISOR_BIT);
	if (features->eax)
		head_set_rng(head, features->eax, true);
}

static void head_decode_draft2(const struct commonhv_access *access,
			       struct commonhv_head *head,
			       const struct commonhv_regs *list0,
			       const struct commonhv_regs *features)
{
	head->nr_listed = list0->eax;
	if (!commonhv_regs_signature_is_zero(list0))
		head_report(head, COMMONHV_VIOLATION_HEADER_RESERVED);
	if (features->eax & ~COMMONHV_FEAT_MASK)
		head_report(head, COMMONHV_VIOLATION_FEATURES_RESERVED);
	if (!(features->eax & COMMONHV_FEAT_RNG))
		return;
	if (head->max_leaf < COMMONHV_CPUID_RNG) {
		head_report(head, COMMONHV_VIOLATION_RNG_LEAF_MISSING);
		return;
	}
	head_set_rng(head,
		     commonhv_access_cpuid(access, COMMONHV_CPUID_RNG, 0).eax,
		     features->eax & COMMONHV_FEAT_RNG_INPUT);
}

/**
 * commonhv_head_decode() - find CommonHV and decode all but the list
 * @access: the way to the hypervisor
 * @draft: the draft to take for granted, or %COMMONHV_DRAFT_AUTO
 * @head: receives the result
 * @list0: receives subleaf 0 of the list, for commonhv_list_decode()
 *
 * Costs at most four CPUIDs of CommonHV leaves, and one of leaf 1.
 *
 * Context: any.
 */
void commonhv_head_decode(const struct commonhv_access *access,
			  enum commonhv_draft draft, struct commonhv_head *head,
			  struct commonhv_regs *list0)
{
	struct commonhv_regs features;

	memset(head, 0, sizeof(*head));
	memset(list0, 0, sizeof(*list0));
	if (!head_detect(access, head))
		return;

	*list0 = leaf_read(access, head, COMMONHV_CPUID_INTERFACES, 0);
	features = leaf_read(access, head, COMMONHV_CPUID_FEATURES, 0);
	if (!commonhv_regs_signature_is_zero(&features))
		head_report(head, COMMONHV_VIOLATION_FEATURES_RESERVED);

	if (draft == COMMONHV_DRAFT_AUTO)
		head_set_draft(head, list0, &features);
	else
		head->draft = draft;

	if (head->draft == COMMONHV_DRAFT_1)
		head_decode_draft1(head, &features);
	else
		head_decode_draft2(access, head, list0, &features);
}

/**
 * commonhv_head_is_same() - does the CommonHV interface say the same?
 * @a: one decoded head
 * @b: another
 *
 * Context: any.
 * Return: true if nothing differs. Two hosts can still look alike.
 */
bool commonhv_head_is_same(const struct commonhv_head *a,
			   const struct commonhv_head *b)
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

static void interface_set(struct commonhv_interface *interface,
			  const struct commonhv_regs *tuple)
{
	commonhv_interface_init(interface, COMMONHV_SOURCE_LIST, tuple->eax,
				tuple);
}

static unsigned int list_decode_draft1(const struct commonhv_access *access,
				       struct commonhv_head *head,
				       struct commonhv_regs tuple,
				       struct commonhv_interface *interfaces)
{
	unsigned int nr = 0;

	while (!commonhv_regs_are_zero(&tuple)) {
		if (nr == COMMONHV_INTERFACES_MAX) {
			head_report(head, COMMONHV_VIOLATION_LIST_CAPPED);
			break;
		}
		interface_set(&interfaces[nr++], &tuple);
		tuple = leaf_read(access, head, COMMONHV_CPUID_INTERFACES, nr);
	}
	return nr;
}

/*
 * Draft 2 says "for each 1 < i <= N", and means 1..N: the header moved a list
 * that began at 0 by one. Who took it at its word leaves subleaf 1 empty and
 * has N - 1 tuples. An empty tuple elsewhere is skipped, so that a hole does
 * not hide what stands behind it; N and the cap bound the walk.
 */
static unsigned int list_decode_draft2(const struct commonhv_access *access,
				       struct commonhv_head *head,
				       struct commonhv_interface *interfaces)
{
	u32 i, last = min_t(u32, head->nr_listed, COMMONHV_INTERFACES_MAX);
	bool literal = false;
	struct commonhv_regs tuple;
	unsigned int nr = 0;

	for (i = 1; i <= last; i++) {
		tuple = leaf_read(access, head, COMMONHV_CPUID_INTERFACES, i);
		if (!commonhv_regs_are_zero(&tuple))
			interface_set(&interfaces[nr++], &tuple);
		else if (i == 1)
			literal = true;
	}
	/* An empty list that claims tuples is cut short, not shifted. */
	literal = literal && nr;
	if (literal)
		head_report(head, COMMONHV_VIOLATION_LIST_LITERAL);
	if (nr + literal < last)
		head_report(head, COMMONHV_VIOLATION_LIST_TRUNCATED);
	if (head->nr_listed > last)
		head_report(head, COMMONHV_VIOLATION_LIST_CAPPED);
	return nr;
}

/**
 * commonhv_list_decode() - read the list of interfaces
 * @access: the way to the hypervisor
 * @head: from commonhv_head_decode(), @present; violations of the list are added
 * @list0: from commonhv_head_decode()
 * @interfaces: receives up to %COMMONHV_INTERFACES_MAX interfaces, in the
 *	hypervisor's order of preference, unverified
 *
 * Costs one CPUID a tuple, and one more where draft 1 ends the list.
 *
 * Context: any.
 * Return: the number of interfaces.
 */
unsigned int commonhv_list_decode(const struct commonhv_access *access,
				  struct commonhv_head *head,
				  const struct commonhv_regs *list0,
				  struct commonhv_interface *interfaces)
{
	if (head->draft == COMMONHV_DRAFT_1)
		return list_decode_draft1(access, head, *list0, interfaces);
	return list_decode_draft2(access, head, interfaces);
}
