/* SPDX-License-Identifier: GPL-2.0 */
/* One run: what was seen, and how the requirements are judged by it. */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include "boot.h"
#include "view.h"

#define NR_VALUES	4096	/* read by the first vCPU */
#define NR_WRITES	16
#define NR_AFTER	4	/* read behind each write */
#define CPU_VALUES	64	/* read by each vCPU, all at the same time */

/* What one vCPU found. The first one is among them. */
struct cpu_report {
	volatile bool done;
	struct difference difference;
	uint32_t nr_values, read_faults, write_faults;
	int vector;
	uint64_t values[CPU_VALUES];
	uint64_t generation, generation_msr;
	bool generation_fault;
};

/**
 * struct run - all that the checks look at
 * @nr_values, @values: what RDMSR returned without an exception
 * @nr_zeros: so many of them are zero
 * @nr_repeats: so many of the others were there before
 * @read_faults, @read_vector: exceptions of RDMSR, the last one
 * @written, @after: what was written, and read behind it
 * @nr_cpus: the firmware's tables name so many vCPUs; 0 if there are none
 * @nr_started: so many ran, with the first
 * @user: where the leaves differ at CPL 3; @user_generation: 4F000005H there
 * @smp_problem: why there is none but the first, or NULL
 */
struct run {
	struct view view;
	uint32_t nr_values, nr_zeros, nr_repeats, read_faults, write_faults, nr_after;
	int read_vector, write_vector;
	uint64_t values[NR_VALUES], written[NR_WRITES], after[NR_WRITES * NR_AFTER];
	uint32_t nr_cpus, nr_started;
	struct difference user;
	struct regs user_generation;
	const char *smp_problem;
	struct cpu_report reports[MAX_CPUS];
};

enum outcome { PASS, FAIL, SKIP };
enum level { ABSENT, MUST, STATED, SHOULD };

#define NR_DRAFTS	3

/**
 * struct requirement - a row of the table
 * @id: never changes its meaning; a row that goes leaves a gap
 * @levels: in drafts 1, 2 and 3. STATED is what a draft states without a keyword, and as
 *	binding as MUST
 * @source: the section, and the paragraph of it in draft 1 or its place in draft 2; draft 3
 *	has it under its number
 * @check: judges it; anything but PASS says why
 */
struct requirement {
	const char *id;
	enum level levels[NR_DRAFTS];
	const char *text, *source;
	enum outcome (*check)(struct run *run);
};

#define MAX_REQUIREMENTS	64

extern const struct requirement requirements[];
extern const unsigned int nr_requirements;

/* Why a check did not pass: `return failed("...")`. */
enum outcome failed(const char *format, ...);
enum outcome skipped(const char *format, ...);

/* The name of an exception. */
const char *vector_name(int vector);

/* Judges everything, and prints it. Returns whether all that is binding was kept. */
bool run_all(const char *booted_by);

/* Lets all vCPUs execute cpu_look() at the same time. */
void smp_run(struct run *run);
void cpu_look(const struct view *view, struct cpu_report *report);

enum outcome check_signature(struct run *run);
enum outcome check_max_leaf(struct run *run);
enum outcome check_hypervisor_bit(struct run *run);
enum outcome check_one_draft(struct run *run);
enum outcome check_same_again(struct run *run);
enum outcome check_no_empty_entry(struct run *run);
enum outcome check_end_of_list(struct run *run);
enum outcome check_header(struct run *run);
enum outcome check_signatures(struct run *run);
enum outcome check_locations(struct run *run);
enum outcome check_answers(struct run *run);
enum outcome check_different_interfaces(struct run *run);
enum outcome check_features_reserved(struct run *run);
enum outcome check_feature_bits(struct run *run);
enum outcome check_rng_leaf_there(struct run *run);
enum outcome check_rng_leaf_reserved(struct run *run);
enum outcome check_msr_architectural(struct run *run);
enum outcome check_msr_paravirtual(struct run *run);
enum outcome check_read(struct run *run);
enum outcome check_first_values(struct run *run);
enum outcome check_different_values(struct run *run);
enum outcome check_bits(struct run *run);
enum outcome check_changes(struct run *run);
enum outcome check_halves(struct run *run);
enum outcome check_write(struct run *run);
enum outcome check_after_write(struct run *run);
enum outcome check_cpu_leaves(struct run *run);
enum outcome check_cpu_read(struct run *run);
enum outcome check_cpu_values(struct run *run);
enum outcome check_cpu_write(struct run *run);
enum outcome check_location_places(struct run *run);
enum outcome check_number(struct run *run);
enum outcome check_placeholder(struct run *run);
enum outcome check_refused_write(struct run *run);
enum outcome check_input_bit(struct run *run);
enum outcome check_msr_last(struct run *run);
enum outcome check_msr_common(struct run *run);
enum outcome check_more_first_values(struct run *run);
enum outcome check_highest_leaf(struct run *run);
enum outcome check_reserved(struct run *run);
enum outcome check_subleaves(struct run *run);
enum outcome check_user(struct run *run);
enum outcome check_version(struct run *run);
enum outcome check_version_bits(struct run *run);
enum outcome check_generation_value(struct run *run);
enum outcome check_generation_again(struct run *run);
enum outcome check_generation_leaf(struct run *run);
enum outcome check_generation_msr(struct run *run);
enum outcome check_generation_same(struct run *run);
enum outcome check_generation_user(struct run *run);
enum outcome check_generation_msr_common(struct run *run);

#endif
