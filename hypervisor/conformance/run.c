// SPDX-License-Identifier: GPL-2.0
/*
 * Judges the requirements in order, and prints TAP: the reason before its result.
 *
 * A recommendation that is not followed is "not ok ... # TODO", which TAP counts as no
 * failure.
 */
#include "print.h"
#include "run.h"

#define NR_TIMED	33
#define NR_SHOWN	8	/* interfaces of the list */

static struct run run;
static char reason[160];

static void set_reason(const char *format, va_list args)
{
	format_text(reason, sizeof(reason), format, args);
}

enum outcome failed(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_reason(format, args);
	va_end(args);
	return FAIL;
}

enum outcome skipped(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_reason(format, args);
	va_end(args);
	return SKIP;
}

const char *vector_name(int vector)
{
	static const char *const names[] = {
		[6] = "#UD", [8] = "#DF", [12] = "#SS", [13] = "#GP", [14] = "#PF",
	};

	return vector < (int)ARRAY_SIZE(names) && names[vector] ? names[vector] : "another one";
}

static uint32_t median_cycles(bool rdmsr)
{
	uint32_t times[NR_TIMED];
	uint64_t value;
	int i, j;

	for (i = 0; i < NR_TIMED; i++) {
		uint64_t start = read_tsc();
		uint32_t took;

		if (rdmsr)
			msr_read(run.view.msr, &value);
		else
			cpuid(run.view.base.eax, 0);
		took = read_tsc() - start;
		for (j = i; j > 0 && times[j - 1] > took; j--)
			times[j] = times[j - 1];
		times[j] = took;
	}
	return times[NR_TIMED / 2];
}

/* Millions of 2^20, as nothing here divides 64 bits. */
static void print_timing(uint64_t start)
{
	print("# a CPUID takes %u cycles of the TSC", median_cycles(false));
	if (run.view.rng)
		print(", an RDMSR of the RNG %u", median_cycles(true));
	print(" (medians)\n# the run took some %u million cycles\n",
	      (uint32_t)((read_tsc() - start) >> 20));
}

static void print_view(void)
{
	const struct view *view = &run.view;
	struct regs classic = cpuid(0x40000000, 0);
	uint32_t i;

	print("# CPUID 40000000H: %R; hypervisor bit: %u\n", &classic, view->hypervisor_bit);
	if (!view->max_leaf_valid)
		return;
	print("# draft %u: %s\n", view->draft, view->evidence);
	print("# highest leaf %X, features %X, %u interfaces\n", view->base.eax,
	      view->features.eax, view->nr_claimed);
	for (i = 0; i < view->nr && i < NR_SHOWN; i++)
		print("# interface %u: %R at %X\n", i + 1, &view->entries[i], view->entries[i].eax);
	if (i < view->nr_claimed)
		print("# %u more interfaces are not shown\n", view->nr_claimed - i);
	if (view->nr < view->nr_claimed || view->endless)
		print("# only %u entries of the list are looked at\n", view->nr);
	if (view->rng)
		print("# RNG MSR %X, input: %s\n", view->msr, view->rng_input ? "yes" : "no");
	if (view->draft == 3)
		print("# version %u; generation: CPUID %s, MSR %X\n", view->version.eax,
		      view->version.ebx & VERSION_HAS_LEAF ? "yes" : "no",
		      view->generation_msr);
}

/* What the last check learned, for a reader of the log. */
static void print_cpus(void)
{
	print("# vCPUs: %u ran", run.nr_started);
	if (run.nr_cpus)
		print(", of %u that the firmware names", run.nr_cpus);
	print("\n");
}

/* Where nothing is known of the draft, it does not matter: these apply to all of them. */
static enum level level_of(const struct requirement *requirement)
{
	return requirement->levels[run.view.max_leaf_valid ? run.view.draft - 1 : 0];
}

static enum outcome other_drafts(const struct requirement *requirement)
{
	char drafts[2 * NR_DRAFTS + 1];
	int draft, len = 0;

	for (draft = 0; draft < NR_DRAFTS; draft++) {
		if (!requirement->levels[draft])
			continue;
		drafts[len++] = ' ';
		drafts[len++] = '1' + draft;
	}
	drafts[len] = 0;
	return skipped("draft%s only", drafts);
}

static enum outcome judge(unsigned int nr)
{
	static const char *const levels[] = { "", "MUST", "STATED", "SHOULD" };
	const struct requirement *requirement = &requirements[nr];
	enum level level = level_of(requirement);
	enum outcome outcome;
	int draft;

	reason[0] = 0;
	if (level)
		outcome = requirement->check(&run);
	else
		outcome = other_drafts(requirement);
	for (draft = 0; !level; draft++)
		level = requirement->levels[draft];
	if (outcome == FAIL)
		print("# %s\n", reason);
	print("%sok %u - %s %s: %s (%s)", outcome == FAIL ? "not " : "", nr + 1,
	      requirement->id, levels[level], requirement->text,
	      requirement->source);
	if (outcome == SKIP)
		print(" # SKIP %s", reason);
	else if (outcome == FAIL && level == SHOULD)
		print(" # TODO recommended");
	print("\n");
	return outcome;
}

static void print_ids(const char *title, const bool *which)
{
	const char *separator = "";
	unsigned int i;

	print("# %s: ", title);
	for (i = 0; i < nr_requirements; i++) {
		if (!which[i])
			continue;
		print("%s%s", separator, requirements[i].id);
		separator = " ";
	}
	print("%s\n", *separator ? "" : "none");
}

bool run_all(const char *booted_by)
{
	static bool not_kept[MAX_REQUIREMENTS], not_followed[MAX_REQUIREMENTS];
	uint64_t start = read_tsc();
	uint32_t counts[3] = {};
	unsigned int i;

	print("TAP version 13\n1..%u\n# CommonHV conformance, booted by %s\n", nr_requirements,
	      booted_by);
	view_read(&run.view);
	print_view();
	for (i = 0; i < nr_requirements; i++) {
		enum outcome outcome = judge(i);

		if (outcome == FAIL && level_of(&requirements[i]) == SHOULD) {
			not_followed[i] = true;
			continue;
		}
		not_kept[i] = outcome == FAIL;
		counts[outcome]++;
		if (outcome == FAIL && !run.view.max_leaf_valid) {
			print("Bail out! %s: there is nothing that could be tested\n",
			      run.view.present ? "guests do not believe this highest leaf" :
						 "this hypervisor has no CommonHV");
			break;
		}
	}
	if (run.view.max_leaf_valid) {
		print_cpus();
		print_timing(start);
	}
	print_ids("not kept", not_kept);
	print_ids("not followed", not_followed);
	print("%u passed, %u failed", counts[PASS], counts[FAIL]);
	if (counts[SKIP])
		print(", %u skipped", counts[SKIP]);
	print("\n");
	return !counts[FAIL];
}
