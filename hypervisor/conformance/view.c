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

static bool has_version(const struct view *view)
{
	return view->version.eax >= VERSION_FIRST && view->version.eax <= VERSION_LAST;
}

static void decide_draft(struct view *view)
{
	view->by_list = draft_by_list(view);
	view->by_features = draft_by_features(view);
	if (has_version(view))
		view->evidence = "4F000004H has a version";
	else if (view->by_list == 1)
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
	if (has_version(view))
		view->draft = 3;
}

static void read_list(struct view *view)
{
	uint32_t i;

	view->first = view->draft == 1 ? 0 : 1;
	if (view->draft != 1)
		view->nr_claimed = view->list0.eax;
	for (i = 0; i < LIST_MAX; i++) {
		struct regs entry;

		if (view->draft != 1 && i == view->nr_claimed)
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
	if (view->draft == 1) {
		view->msr = view->features.eax;
		view->rng_claimed = view->msr;
		view->rng_input = view->rng_claimed;
	} else {
		view->msr = view->rng_leaf.eax;
		view->rng_claimed = view->features.eax & COMMONHV_FEAT_RNG &&
				    view_has_leaf(view, COMMONHV_CPUID_RNG);
		/* Index 0 is valid, and has a meaning too: do not write. */
		view->rng_input = view->features.eax & COMMONHV_FEAT_RNG_INPUT && view->msr;
	}
	view->rng = view->rng_claimed && !msr_is_architectural(view->msr) &&
		    !(view->draft == 3 && msr_is_excluded(view->msr));
	view->rng_input = view->rng_input && view->rng;
}

static void read_generation(struct view *view)
{
	uint32_t msr = view->version.ecx;

	if (view->draft == 3 && view->version.ebx & VERSION_HAS_MSR &&
	    !msr_is_excluded(msr) && !(view->rng_claimed && msr == view->msr))
		view->generation_msr = msr;
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
	view->version = read_leaf(view, COMMONHV_CPUID_VERSION, 0);
	view->generation = read_leaf(view, COMMONHV_CPUID_GENERATION, 0);
	decide_draft(view);
	read_list(view);
	read_rng(view);
	read_generation(view);
}

/* The leaves below the generation, and what they should be. */
static const struct regs *expected(const struct view *view, uint32_t leaf)
{
	const struct regs *const leaves[] = {
		&view->base, &view->list0, &view->features, &view->rng_leaf, &view->version,
	};

	return leaves[leaf - COMMONHV_CPUID_BASE];
}

struct difference view_compare_by(const struct view *view,
				  struct regs (*read)(uint32_t leaf, uint32_t subleaf))
{
	bool bit = read(1, 0).ecx & COMMONHV_CPUID_1_ECX_HYPERVISOR;
	uint32_t i, leaf;

	if (bit != view->hypervisor_bit)
		return (struct difference) { true, 1, 0 };
	for (leaf = COMMONHV_CPUID_BASE; leaf <= COMMONHV_CPUID_VERSION; leaf++)
		if (view_has_leaf(view, leaf) && !regs_equal(read(leaf, 0), *expected(view, leaf)))
			return (struct difference) { true, leaf, 0 };
	for (i = 0; i < view->nr && view_has_leaf(view, COMMONHV_CPUID_INTERFACES); i++) {
		uint32_t subleaf = view->first + i;

		if (!regs_equal(read(COMMONHV_CPUID_INTERFACES, subleaf), view->entries[i]))
			return (struct difference) { true, COMMONHV_CPUID_INTERFACES, subleaf };
	}
	return (struct difference) {};
}

struct difference view_compare(const struct view *view)
{
	return view_compare_by(view, cpuid);
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

bool msr_is_excluded(uint32_t index)
{
	return !index || index == UINT32_MAX || msr_is_architectural(index) ||
	       msr_is_paravirtual(index);
}
