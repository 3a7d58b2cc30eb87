// SPDX-License-Identifier: GPL-2.0
/* Discovery, the features, and the RNG leaf. */
#include "../../commonhv/abi.h"
#include "run.h"

enum outcome check_signature(struct run *run)
{
	if (run->view.present)
		return PASS;
	return failed("CPUID 4F000000H is %X %X %X %X", run->view.base.eax,
		      run->view.base.ebx, run->view.base.ecx, run->view.base.edx);
}

enum outcome check_max_leaf(struct run *run)
{
	if (run->view.max_leaf_valid)
		return PASS;
	return failed("the highest leaf is %X", run->view.base.eax);
}

enum outcome check_hypervisor_bit(struct run *run)
{
	return run->view.hypervisor_bit ? PASS : failed("CPUID.1:ECX[31] is 0");
}

/*
 * Where the list is of draft 2, features of draft 1 are bits that are reserved, or an RNG
 * without its leaf: CHV-3.2 and CHV-3.3. No features can belong to either draft.
 */
enum outcome check_one_draft(struct run *run)
{
	const struct view *view = &run->view;

	if (view->by_list == 1 && view->by_features == 2 && view->features.eax)
		return failed("the list is of draft 1, the features %X are of draft 2",
			      view->features.eax);
	return PASS;
}

enum outcome check_same_again(struct run *run)
{
	struct difference difference = view_compare(&run->view);

	if (!difference.found)
		return PASS;
	return failed("CPUID %X, ECX = %u has changed", difference.leaf, difference.subleaf);
}

enum outcome check_features_reserved(struct run *run)
{
	const struct regs *features = &run->view.features;

	if (!view_has_leaf(&run->view, COMMONHV_CPUID_FEATURES))
		return skipped("there is no leaf 4F000002H");
	if (signature_is_zero(*features))
		return PASS;
	return failed("they are %X %X %X", features->ebx, features->ecx, features->edx);
}

enum outcome check_feature_bits(struct run *run)
{
	uint32_t bits = run->view.features.eax;

	if (!view_has_leaf(&run->view, COMMONHV_CPUID_FEATURES))
		return skipped("there is no leaf 4F000002H");
	return bits & ~COMMONHV_FEAT_MASK ? failed("EAX of 4F000002H is %X", bits) : PASS;
}

enum outcome check_rng_leaf_there(struct run *run)
{
	if (!(run->view.features.eax & COMMONHV_FEAT_RNG))
		return skipped("there is no RNG");
	if (view_has_leaf(&run->view, COMMONHV_CPUID_RNG))
		return PASS;
	return failed("the highest leaf is %X", run->view.base.eax);
}

enum outcome check_rng_leaf_reserved(struct run *run)
{
	const struct regs *leaf = &run->view.rng_leaf;

	if (!view_has_leaf(&run->view, COMMONHV_CPUID_RNG))
		return skipped("there is no leaf 4F000003H");
	if (signature_is_zero(*leaf))
		return PASS;
	return failed("they are %X %X %X", leaf->ebx, leaf->ecx, leaf->edx);
}

enum outcome check_msr_architectural(struct run *run)
{
	const struct view *view = &run->view;

	if (!view->rng_claimed)
		return skipped("there is no RNG");
	if (msr_is_architectural(view->msr) || (view->draft == 3 && !view->msr))
		return failed("the index is %X; it is not touched", view->msr);
	return PASS;
}

enum outcome check_msr_paravirtual(struct run *run)
{
	if (!run->view.rng_claimed)
		return skipped("there is no RNG");
	if (!msr_is_paravirtual(run->view.msr))
		return PASS;
	return failed("the index is %X, of Hyper-V, Xen, VMware or KVM", run->view.msr);
}

enum outcome check_msr_last(struct run *run)
{
	if (!run->view.rng_claimed)
		return skipped("there is no RNG");
	return run->view.msr == UINT32_MAX ? failed("the index is FFFFFFFF") : PASS;
}

/* One index on all hypervisors: what a guest remembers from before a load does no harm. */
enum outcome check_msr_common(struct run *run)
{
	if (!run->view.rng_claimed)
		return skipped("there is no RNG");
	return run->view.msr == MSR_COMMON_RNG ? PASS : failed("the index is %X", run->view.msr);
}

enum outcome check_input_bit(struct run *run)
{
	uint32_t bits = run->view.features.eax;

	if (bits & COMMONHV_FEAT_RNG_INPUT && !(bits & COMMONHV_FEAT_RNG))
		return failed("EAX of 4F000002H is %X", bits);
	return PASS;
}
