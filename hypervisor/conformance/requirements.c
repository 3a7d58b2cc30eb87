// SPDX-License-Identifier: GPL-2.0
/*
 * The requirements. README.rst has the same table, and tests/conformance compares.
 *
 * "par." counts the paragraphs of a section of draft 1. Draft 2 kept the sections, and
 * added a header to the list, bits to the features, and leaf 4F000003H.
 */
#include "run.h"

const struct requirement requirements[] = {
	/* Discovery */
	{ "CHV-1.1", MUST, BOTH_DRAFTS, "CPUID 4F000000H has the signature CommonHVIntf",
	  "Discovery, par. 1 and 2", check_signature },
	{ "CHV-1.2", MUST, BOTH_DRAFTS, "the highest leaf is from 4F000000H to 4FFFFFFFH",
	  "Discovery, par. 3", check_max_leaf },
	{ "CHV-1.3", MUST, DRAFT_1, "the hypervisor bit is set",
	  "Discovery, par. 1", check_hypervisor_bit },
	{ "CHV-1.4", SHOULD, DRAFT_2, "the hypervisor bit is set",
	  "draft 2, Discovery", check_hypervisor_bit },
	{ "CHV-1.5", STATED, BOTH_DRAFTS, "list and features are those of the same draft",
	  "4F000001H and 4F000002H, whole", check_one_draft },
	{ "CHV-1.6", STATED, BOTH_DRAFTS, "the leaves are the same when read again",
	  "Discovery, whole", check_same_again },

	/* The list */
	{ "CHV-2.1", STATED, DRAFT_2, "no entry from 1 to N is empty",
	  "draft 2, 4F000001H", check_no_empty_entry },
	{ "CHV-2.2", MUST, BOTH_DRAFTS, "behind the last entry all subleaves are zero",
	  "4F000001H, par. 3", check_end_of_list },
	{ "CHV-2.3", STATED, DRAFT_2, "the header's reserved registers are zero",
	  "draft 2, 4F000001H", check_header },
	{ "CHV-2.4", STATED, BOTH_DRAFTS, "each entry has a signature",
	  "4F000001H, par. 1 and 2", check_signatures },
	{ "CHV-2.5", SHOULD, BOTH_DRAFTS, "each location is from 40000000H to 4FFFFFFFH",
	  "4F000001H, par. 1, and the processors' manuals, CPUID", check_locations },
	{ "CHV-2.6", SHOULD, BOTH_DRAFTS, "CPUID of each location has the entry's signature",
	  "4F000001H, par. 1", check_answers },
	{ "CHV-2.7", STATED, BOTH_DRAFTS, "no location is listed twice",
	  "4F000001H, par. 1", check_different_interfaces },

	/* The features */
	{ "CHV-3.1", MUST, BOTH_DRAFTS, "EBX, ECX and EDX of 4F000002H are zero",
	  "4F000002H, par. 1", check_features_reserved },
	{ "CHV-3.2", STATED, DRAFT_2, "bits 2 to 31 of the features are zero",
	  "draft 2, 4F000002H", check_feature_bits },
	{ "CHV-3.3", STATED, DRAFT_2, "with the RNG bit, the highest leaf is 4F000003H or above",
	  "draft 2, 4F000003H", check_rng_leaf_there },

	/* The RNG leaf */
	{ "CHV-4.1", STATED, DRAFT_2, "EBX, ECX and EDX of 4F000003H are zero",
	  "draft 2, 4F000003H", check_rng_leaf_reserved },
	{ "CHV-4.2", STATED, BOTH_DRAFTS, "the RNG MSR is none of the processors' own",
	  "CommonHV RNG, par. 1", check_msr_architectural },
	{ "CHV-4.3", SHOULD, BOTH_DRAFTS, "the RNG MSR is none that other hypervisors define",
	  "CommonHV RNG, par. 1", check_msr_paravirtual },

	/* RDMSR */
	{ "CHV-5.1", MUST, BOTH_DRAFTS, "RDMSR raises no exception",
	  "CommonHV RNG, par. 4", check_read },
	{ "CHV-5.2", SHOULD, BOTH_DRAFTS, "the first 4 values are not zero",
	  "CommonHV RNG, par. 2", check_first_values },
	{ "CHV-5.3", SHOULD, BOTH_DRAFTS, "the values are different each time",
	  "CommonHV RNG, par. 3", check_different_values },
	{ "CHV-5.4", STATED, BOTH_DRAFTS, "each of the 64 bits is as often 1 as 0",
	  "CommonHV RNG, par. 2", check_bits },
	{ "CHV-5.5", STATED, BOTH_DRAFTS, "each bit changes as often as not",
	  "CommonHV RNG, par. 2", check_changes },
	{ "CHV-5.6", STATED, BOTH_DRAFTS, "EAX and EDX do not depend on each other",
	  "CommonHV RNG, par. 2", check_halves },

	/* WRMSR */
	{ "CHV-6.1", MUST, BOTH_DRAFTS, "WRMSR raises no exception",
	  "CommonHV RNG, par. 6; draft 2: with bit 1 of 4F000002H", check_write },
	{ "CHV-6.2", STATED, BOTH_DRAFTS, "what is read after a write is new",
	  "CommonHV RNG, par. 2 and 5", check_after_write },

	/* All vCPUs */
	{ "CHV-7.1", STATED, BOTH_DRAFTS, "all vCPUs see the same leaves",
	  "Discovery, whole", check_cpu_leaves },
	{ "CHV-7.2", MUST, BOTH_DRAFTS, "RDMSR raises no exception on any vCPU",
	  "CommonHV RNG, par. 4", check_cpu_read },
	{ "CHV-7.3", SHOULD, BOTH_DRAFTS, "vCPUs that read at the same time get different values",
	  "CommonHV RNG, par. 3", check_cpu_values },
	{ "CHV-7.4", MUST, BOTH_DRAFTS, "WRMSR raises no exception on any vCPU",
	  "CommonHV RNG, par. 6; draft 2: with bit 1 of 4F000002H", check_cpu_write },
};

_Static_assert(ARRAY_SIZE(requirements) <= MAX_REQUIREMENTS, "MAX_REQUIREMENTS is too low");
const unsigned int nr_requirements = ARRAY_SIZE(requirements);
