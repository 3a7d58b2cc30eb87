// SPDX-License-Identifier: GPL-2.0
/* Draft 3: the version, the generation, and what the leaves have where there is nothing. */
#include "../../commonhv/abi.h"
#include "run.h"

#define NR_READ_AGAIN	1000

static bool has_leaf_bit(const struct run *run)
{
	return run->view.version.ebx & VERSION_HAS_LEAF;
}

static bool has_msr_bit(const struct run *run)
{
	return run->view.version.ebx & VERSION_HAS_MSR;
}

/* Whether CPUID has the generation, for sure. */
static bool has_generation_leaf(const struct run *run)
{
	return has_leaf_bit(run) && view_has_leaf(&run->view, COMMONHV_CPUID_GENERATION);
}

static enum outcome need_generation(const struct run *run)
{
	if (has_generation_leaf(run) || run->view.generation_msr)
		return PASS;
	return skipped("there is no generation");
}

/* Version 3 has no leaf above it. */
enum outcome check_highest_leaf(struct run *run)
{
	uint32_t highest = run->view.base.eax;

	if (highest == COMMONHV_CPUID_GENERATION ||
	    (highest > COMMONHV_CPUID_GENERATION && run->view.version.eax > VERSION_FIRST))
		return PASS;
	return failed("the highest leaf is %X", highest);
}

enum outcome check_reserved(struct run *run)
{
	const struct view *view = &run->view;
	const struct regs *leaf = &view->generation;
	uint32_t bits = view->version.ebx & ~(VERSION_HAS_LEAF | VERSION_HAS_MSR);

	if (bits || view->version.edx)
		return failed("4F000004H: EBX is %X, EDX is %X", view->version.ebx,
			      view->version.edx);
	if (leaf->ecx || leaf->edx)
		return failed("4F000005H: ECX is %X, EDX is %X", leaf->ecx, leaf->edx);
	if (!(view->features.eax & COMMONHV_FEAT_RNG) && view->rng_leaf.eax)
		return failed("there is no RNG, and 4F000003H has the index %X",
			      view->rng_leaf.eax);
	return PASS;
}

enum outcome check_subleaves(struct run *run)
{
	static const uint32_t subleaves[] = { 1, 2, 0x10, 0x100, 0x80000000, UINT32_MAX };
	uint32_t leaf, i;

	for (leaf = COMMONHV_CPUID_BASE; leaf <= COMMONHV_CPUID_GENERATION; leaf++) {
		struct regs regs;

		/* The generation is compared if it stays as it is. */
		if (leaf == COMMONHV_CPUID_INTERFACES || !view_has_leaf(&run->view, leaf))
			continue;
		regs = cpuid(leaf, 0);
		if (!regs_equal(regs, cpuid(leaf, 0)))
			continue;
		for (i = 0; i < ARRAY_SIZE(subleaves); i++)
			if (!regs_equal(cpuid(leaf, subleaves[i]), regs))
				return failed("CPUID %X is another with ECX = %X", leaf,
					      subleaves[i]);
	}
	return PASS;
}

/* Without a version, 4F000004H means nothing in drafts 1 and 2. */
enum outcome check_version(struct run *run)
{
	if (!view_has_leaf(&run->view, COMMONHV_CPUID_VERSION))
		return skipped("there is no leaf 4F000004H");
	if (run->view.draft == 3)
		return PASS;
	return failed("EAX of 4F000004H is %X: guests of draft 3 ignore the leaf",
		      run->view.version.eax);
}

enum outcome check_version_bits(struct run *run)
{
	const struct view *view = &run->view;

	if (!has_leaf_bit(run) && regs_generation(view->generation))
		return failed("bit 0 is clear, and 4F000005H has %Q",
			      regs_generation(view->generation));
	if (!has_msr_bit(run) && view->version.ecx)
		return failed("bit 1 is clear, and ECX has the index %X", view->version.ecx);
	return PASS;
}

static bool read_msr(const struct run *run, uint64_t *value)
{
	return run->view.generation_msr && !msr_read(run->view.generation_msr, value);
}

enum outcome check_generation_value(struct run *run)
{
	uint64_t value;

	if (need_generation(run) != PASS)
		return SKIP;
	if (has_generation_leaf(run) && !regs_generation(run->view.generation))
		return failed("4F000005H has zero");
	if (read_msr(run, &value) && !value)
		return failed("the MSR %X has zero", run->view.generation_msr);
	return PASS;
}

/* On the first vCPU again and again, and what all vCPUs saw. */
enum outcome check_generation_again(struct run *run)
{
	uint64_t leaf = regs_generation(run->view.generation), first = 0, value;
	bool msr = read_msr(run, &first);
	uint32_t i;

	if (need_generation(run) != PASS)
		return SKIP;
	for (i = 0; i < NR_READ_AGAIN; i++) {
		if (has_generation_leaf(run) &&
		    regs_generation(cpuid(COMMONHV_CPUID_GENERATION, 0)) != leaf)
			return failed("4F000005H has changed");
		if (msr && read_msr(run, &value) && value != first)
			return failed("the MSR %X has changed", run->view.generation_msr);
	}
	for (i = 0; i < run->nr_started && run->nr_started > 1; i++) {
		const struct cpu_report *report = &run->reports[i];

		if (!report->done)
			continue;
		if (has_generation_leaf(run) && report->generation != leaf)
			return failed("on vCPU %u, 4F000005H is another", i);
		if (msr && !report->generation_fault && report->generation_msr != first)
			return failed("on vCPU %u, the MSR %X is another", i,
				      run->view.generation_msr);
	}
	return PASS;
}

enum outcome check_generation_leaf(struct run *run)
{
	if (!has_leaf_bit(run))
		return skipped("bit 0 of EBX of 4F000004H is clear");
	if (has_generation_leaf(run))
		return PASS;
	return failed("the highest leaf is %X", run->view.base.eax);
}

static enum outcome check_generation_write(struct run *run)
{
	uint32_t msr = run->view.generation_msr;
	int vector = msr_write(msr, 1, 0);

	if (!vector)
		return failed("WRMSR of %X raises no exception", msr);
	return vector == 13 ? PASS : failed("WRMSR of %X raises %s", msr, vector_name(vector));
}

enum outcome check_generation_msr(struct run *run)
{
	const struct view *view = &run->view;
	uint64_t value;
	uint32_t i;
	int vector;

	if (!has_msr_bit(run))
		return skipped("bit 1 of EBX of 4F000004H is clear");
	if (!view->generation_msr && view->rng_claimed && view->version.ecx == view->msr)
		return failed("the index %X is that of the RNG MSR", view->msr);
	if (!view->generation_msr)
		return failed("the index is %X; it is not touched", view->version.ecx);
	vector = msr_read(view->generation_msr, &value);
	if (vector)
		return failed("RDMSR of %X raises %s", view->generation_msr, vector_name(vector));
	for (i = 0; i < run->nr_started && run->nr_started > 1; i++)
		if (run->reports[i].generation_fault)
			return failed("RDMSR of %X raises an exception on vCPU %u",
				      view->generation_msr, i);
	return check_generation_write(run);
}

enum outcome check_generation_msr_common(struct run *run)
{
	uint32_t index = run->view.version.ecx;

	if (!has_msr_bit(run))
		return skipped("bit 1 of EBX of 4F000004H is clear");
	return index == MSR_COMMON_GENERATION ? PASS : failed("the index is %X", index);
}

/* If it changes all the time, that is CHV-9.3. */
enum outcome check_generation_same(struct run *run)
{
	uint64_t before, value, after;

	if (!has_generation_leaf(run) || !read_msr(run, &value))
		return skipped("there are not both");
	before = regs_generation(cpuid(COMMONHV_CPUID_GENERATION, 0));
	read_msr(run, &value);
	after = regs_generation(cpuid(COMMONHV_CPUID_GENERATION, 0));
	if (before != after)
		return skipped("the generation changes");
	return value == before ? PASS : failed("4F000005H has %Q, the MSR has %Q", before, value);
}

enum outcome check_user(struct run *run)
{
	run->user = view_compare_by(&run->view, cpuid_user);
	run->user_generation = cpuid_user(COMMONHV_CPUID_GENERATION, 0);
	if (run->user.found)
		return failed("at CPL 3, CPUID %X, ECX = %u is another", run->user.leaf,
			      run->user.subleaf);
	return PASS;
}

enum outcome check_generation_user(struct run *run)
{
	struct regs regs = cpuid(COMMONHV_CPUID_GENERATION, 0);

	if (!has_generation_leaf(run))
		return skipped("bit 0 of EBX of 4F000004H is clear");
	if (!regs_equal(regs, run->view.generation))
		return skipped("the generation changes");
	return regs_equal(regs, run->user_generation) ?
		PASS : failed("at CPL 3, 4F000005H has %Q", regs_generation(run->user_generation));
}
