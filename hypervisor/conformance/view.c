// SPDX-License-Identifier: GPL-2.0
#include "../../commonhv/abi.h"
#include "view.h"

bool view_has_leaf(const struct view *view, uint32_t leaf)
{
	return view->max_leaf_valid && leaf <= view->base.eax;
}

/* "MUST be handled by guests as though they contain all zeros." */
static struct regs read_leaf(const struct view *view, uint32_t leaf, uint32_t subleaf)
{
	return view_has_leaf(view, leaf) ? cpuid(leaf, subleaf) : (struct regs) {};
}

static bool is_location(uint32_t leaf)
{
	return leaf >= COMMONHV_CPUID_HV_FIRST && leaf <= COMMONHV_CPUID_HV_LAST;
}

/* A header has a number and reserved zeros; an entry has a location and a signature. */
static int draft_by_list(const struct view *view)
{
	if (signature_is_zero(view->list0))
		return view->list0.eax ? 2 : 0;
	return is_location(view->list0.eax) ? 1 : 0;
}

/* Draft 2 has bits here, and one more leaf; draft 1 has an MSR index. */
static int draft_by_features(const struct view *view)
{
	if (view_has_leaf(view, COMMONHV_CPUID_RNG) &&
	    !(view->features.eax & ~COMMONHV_FEAT_MASK))
		return 2;
	return view_has_leaf(view, COMMONHV_CPUID_FEATURES) ? 1 : 0;
}

static void decide_draft(struct view *view)
{
	view->by_list = draft_by_list(view);
	view->by_features = draft_by_features(view);
	if (view->by_list == 1)
		view->evidence = "4F000001H, ECX = 0 is an entry";
	else if (view->by_list == 2)
		view->evidence = "4F000001H, ECX = 0 is a header";
	else if (view->by_features == 1)
		view->evidence = "4F000002H has an MSR's index, or no 4F000003H follows";
	else if (view->by_features == 2)
		view->evidence = "4F000002H has bits, and there is 4F000003H";
	else
		view->evidence = "nothing depends on it";
	view->draft = view->by_list ? view->by_list : view->by_features ? view->by_features : 2;
}

static void read_list(struct view *view)
{
	uint32_t i;

	view->first = view->draft == 1 ? 0 : 1;
	if (view->draft == 2)
		view->nr_claimed = view->list0.eax;
	for (i = 0; i < LIST_MAX; i++) {
		struct regs entry;

		if (view->draft == 2 && i == view->nr_claimed)
			break;
		entry = read_leaf(view, COMMONHV_CPUID_INTERFACES, view->first + i);
		if (view->draft == 1 && regs_are_zero(entry))
			break;
		view->entries[i] = entry;
	}
	view->nr = i;
	if (view->draft == 1) {
		view->nr_claimed = i;
		view->endless = i == LIST_MAX &&
			!regs_are_zero(read_leaf(view, COMMONHV_CPUID_INTERFACES, i));
	}
}

static void read_rng(struct view *view)
{
	bool there;

	if (view->draft == 1) {
		view->msr = view->features.eax;
		there = view->msr;
		view->rng_input = there;
	} else {
		view->msr = view->rng_leaf.eax;
		there = view->features.eax & COMMONHV_FEAT_RNG &&
			view_has_leaf(view, COMMONHV_CPUID_RNG);
		/* Index 0 is valid, and has a meaning too: do not write. */
		view->rng_input = view->features.eax & COMMONHV_FEAT_RNG_INPUT && view->msr;
	}
	view->rng = there && !msr_is_architectural(view->msr);
	view->rng_input = view->rng_input && view->rng;
}

void view_read(struct view *view)
{
	view->hypervisor_bit = cpuid(1, 0).ecx & COMMONHV_CPUID_1_ECX_HYPERVISOR;
	view->base = cpuid(COMMONHV_CPUID_BASE, 0);
	view->present = view->base.ebx == COMMONHV_CPUID_SIGNATURE_EBX &&
			view->base.ecx == COMMONHV_CPUID_SIGNATURE_ECX &&
			view->base.edx == COMMONHV_CPUID_SIGNATURE_EDX;
	view->max_leaf_valid = view->present && view->base.eax >= COMMONHV_CPUID_BASE &&
			       view->base.eax <= COMMONHV_CPUID_LIMIT;
	if (!view->max_leaf_valid)
		return;
	view->list0 = read_leaf(view, COMMONHV_CPUID_INTERFACES, 0);
	view->features = read_leaf(view, COMMONHV_CPUID_FEATURES, 0);
	view->rng_leaf = read_leaf(view, COMMONHV_CPUID_RNG, 0);
	decide_draft(view);
	read_list(view);
	read_rng(view);
}

struct difference view_compare(const struct view *view)
{
	bool bit = cpuid(1, 0).ecx & COMMONHV_CPUID_1_ECX_HYPERVISOR;
	uint32_t i;

	if (bit != view->hypervisor_bit)
		return (struct difference) { true, 1, 0 };
	if (!regs_equal(cpuid(COMMONHV_CPUID_BASE, 0), view->base))
		return (struct difference) { true, COMMONHV_CPUID_BASE, 0 };
	if (!regs_equal(read_leaf(view, COMMONHV_CPUID_INTERFACES, 0), view->list0))
		return (struct difference) { true, COMMONHV_CPUID_INTERFACES, 0 };
	if (!regs_equal(read_leaf(view, COMMONHV_CPUID_FEATURES, 0), view->features))
		return (struct difference) { true, COMMONHV_CPUID_FEATURES, 0 };
	if (!regs_equal(read_leaf(view, COMMONHV_CPUID_RNG, 0), view->rng_leaf))
		return (struct difference) { true, COMMONHV_CPUID_RNG, 0 };
	for (i = 0; i < view->nr; i++) {
		uint32_t subleaf = view->first + i;

		if (!regs_equal(read_leaf(view, COMMONHV_CPUID_INTERFACES, subleaf),
				view->entries[i]))
			return (struct difference) { true, COMMONHV_CPUID_INTERFACES, subleaf };
	}
	return (struct difference) {};
}

/* Intel's and AMD's; not index 0, which draft 2 allows by name. */
bool msr_is_architectural(uint32_t index)
{
	return (index >= 1 && index <= 0x1fff) ||
	       (index >= 0xc0000000 && index <= 0xc001ffff);
}

/* Those of Hyper-V, Xen and VMware, and of KVM. */
bool msr_is_paravirtual(uint32_t index)
{
	return (index >= 0x40000000 && index <= 0x400002ff) ||
	       (index >= 0x4b564d00 && index <= 0x4b564dff);
}
