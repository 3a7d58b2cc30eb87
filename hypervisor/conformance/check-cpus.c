// SPDX-License-Identifier: GPL-2.0
/* All vCPUs: what each of them sees, and what they read at the same time. */
#include "../../commonhv/abi.h"
#include "run.h"
#include "statistics.h"

static uint64_t scratch[MAX_CPUS * CPU_VALUES];

void cpu_look(const struct view *view, struct cpu_report *report)
{
	uint32_t i;
	int vector;

	for (i = 0; view->rng && i < CPU_VALUES; i++) {
		uint64_t value = 0;

		vector = msr_read(view->msr, &value);
		if (vector) {
			report->vector = vector;
			report->read_faults++;
		} else {
			report->values[report->nr_values++] = value;
		}
	}
	if (view->rng_input) {
		vector = msr_write(view->msr, 0, 0);
		if (vector) {
			report->vector = vector;
			report->write_faults++;
		}
	}
	if (view->generation_msr)
		report->generation_fault = msr_read(view->generation_msr, &report->generation_msr);
	if (view_has_leaf(view, COMMONHV_CPUID_GENERATION))
		report->generation = regs_generation(cpuid(COMMONHV_CPUID_GENERATION, 0));
	report->difference = view_compare(view);
	report->done = true;
}

static enum outcome need_cpus(struct run *run)
{
	if (run->nr_started > 1)
		return PASS;
	return skipped("%s", run->smp_problem ? run->smp_problem : "there is one vCPU");
}

enum outcome check_cpu_leaves(struct run *run)
{
	uint32_t i;

	smp_run(run);
	if (need_cpus(run) != PASS)
		return SKIP;
	for (i = 0; i < run->nr_started; i++) {
		const struct cpu_report *report = &run->reports[i];

		if (!report->done)
			return failed("vCPU %u did not come to an end", i);
		if (report->difference.found)
			return failed("on vCPU %u, CPUID %X, ECX = %u is another", i,
				      report->difference.leaf, report->difference.subleaf);
	}
	if (run->nr_started < run->nr_cpus && run->nr_started < MAX_CPUS)
		return skipped("only %u of %u vCPUs started; they do agree", run->nr_started,
			       run->nr_cpus);
	return PASS;
}

static enum outcome need_rng(struct run *run)
{
	if (!run->view.rng)
		return skipped("there is no RNG");
	return need_cpus(run);
}

enum outcome check_cpu_read(struct run *run)
{
	uint32_t i;

	if (need_rng(run) != PASS)
		return SKIP;
	if (run->read_faults)
		return skipped("on the first vCPU, RDMSR raises exceptions");
	for (i = 0; i < run->nr_started; i++) {
		const struct cpu_report *report = &run->reports[i];

		if (report->read_faults)
			return failed("on vCPU %u, %u of %u reads raised %s", i,
				      report->read_faults, CPU_VALUES,
				      vector_name(report->vector));
	}
	return PASS;
}

enum outcome check_cpu_values(struct run *run)
{
	uint32_t i, j, repeats, nr = 0;

	if (need_rng(run) != PASS)
		return SKIP;
	if (run->read_faults || run->nr_zeros || run->nr_repeats)
		return skipped("the first vCPU alone gets exceptions, zeros or repetitions");
	for (i = 0; i < run->nr_started; i++)
		for (j = 0; j < run->reports[i].nr_values; j++)
			scratch[nr++] = run->reports[i].values[j];
	repeats = sort_and_count_repeats(scratch, nr);
	if (repeats)
		return failed("%u of %u values were repeated", repeats, nr);
	return PASS;
}

enum outcome check_cpu_write(struct run *run)
{
	uint32_t i;

	if (need_rng(run) != PASS)
		return SKIP;
	if (!run->view.rng_input)
		return skipped("the RNG takes no input, so nothing is written");
	if (run->write_faults)
		return skipped("on the first vCPU, WRMSR raises exceptions");
	for (i = 0; i < run->nr_started; i++)
		if (run->reports[i].write_faults)
			return failed("vCPU %u: %s", i, vector_name(run->reports[i].vector));
	return PASS;
}
