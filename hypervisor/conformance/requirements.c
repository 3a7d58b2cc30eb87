// SPDX-License-Identifier: GPL-2.0
/*
 * The requirements. README.rst has the same table, and tests/conformance compares.
 *
 * "par." counts the paragraphs of a section of draft 1. Draft 2 kept the sections, and
 * added a header to the list, bits to the features, and leaf 4F000003H. Draft 3 numbers its
 * rules, and has all of them in one document.
 */
#include "run.h"

const struct requirement requirements[] = {
	/* Discovery */
	{ "CHV-1.1", { MUST, MUST, MUST }, "CPUID 4F000000H has the signature CommonHVIntf",
	  "Discovery, par. 1 and 2", check_signature },
	{ "CHV-1.2", { MUST, MUST, MUST }, "the highest leaf is from 4F000000H to 4FFFFFFFH",
	  "Discovery, par. 3", check_max_leaf },
	{ "CHV-1.3", { MUST, ABSENT, ABSENT }, "the hypervisor bit is set",
	  "Discovery, par. 1", check_hypervisor_bit },
	{ "CHV-1.4", { ABSENT, SHOULD, SHOULD }, "the hypervisor bit is set",
	  "draft 2, Discovery", check_hypervisor_bit },
	{ "CHV-1.5", { STATED, STATED, MUST }, "list and features are those of the same draft",
	  "4F000001H and 4F000002H, whole", check_one_draft },
	{ "CHV-1.6", { STATED, STATED, MUST }, "the leaves are the same when read again",
	  "Discovery, whole", check_same_again },
	{ "CHV-1.7", { ABSENT, ABSENT, MUST }, "the highest leaf is 4F000005H",
	  "draft 3", check_highest_leaf },
	{ "CHV-1.9", { ABSENT, ABSENT, MUST }, "reserved registers, and those of what is not there, are zero",
	  "draft 3", check_reserved },
	{ "CHV-1.10", { ABSENT, ABSENT, MUST }, "the leaves do not depend on ECX",
	  "draft 3", check_subleaves },

	/* The list */
	{ "CHV-2.1", { ABSENT, STATED, MUST }, "no entry from 1 to N is empty",
	  "draft 2, 4F000001H", check_no_empty_entry },
	{ "CHV-2.2", { MUST, MUST, MUST }, "behind the last entry all subleaves are zero",
	  "4F000001H, par. 3", check_end_of_list },
	{ "CHV-2.3", { ABSENT, STATED, MUST }, "the header's reserved registers are zero",
	  "draft 2, 4F000001H", check_header },
	{ "CHV-2.4", { STATED, STATED, MUST }, "each entry has a signature",
	  "4F000001H, par. 1 and 2", check_signatures },
	{ "CHV-2.5", { SHOULD, SHOULD, MUST }, "each location is from 40000000H to 4FFFFFFFH",
	  "4F000001H, par. 1, and the processors' manuals, CPUID", check_locations },
	{ "CHV-2.6", { SHOULD, SHOULD, MUST }, "CPUID of each location has the entry's signature",
	  "4F000001H, par. 1", check_answers },
	{ "CHV-2.7", { STATED, STATED, MUST }, "no location is listed twice",
	  "4F000001H, par. 1", check_different_interfaces },
	{ "CHV-2.8", { ABSENT, ABSENT, MUST }, "each location is a multiple of 100H below 4F000000H",
	  "draft 3", check_location_places },
	{ "CHV-2.9", { ABSENT, ABSENT, MUST }, "the list has 256 entries at most",
	  "draft 3", check_number },

	/* The features */
	{ "CHV-3.1", { MUST, MUST, MUST }, "EBX, ECX and EDX of 4F000002H are zero",
	  "4F000002H, par. 1", check_features_reserved },
	{ "CHV-3.2", { ABSENT, STATED, MUST }, "bits 2 to 31 of the features are zero",
	  "draft 2, 4F000002H", check_feature_bits },
	{ "CHV-3.3", { ABSENT, STATED, MUST }, "with the RNG bit, the highest leaf is 4F000003H or above",
	  "draft 2, 4F000003H", check_rng_leaf_there },
	{ "CHV-3.4", { ABSENT, ABSENT, MUST }, "bit 1 of the features is clear if bit 0 is",
	  "draft 3", check_input_bit },

	/* The RNG leaf */
	{ "CHV-4.1", { ABSENT, STATED, MUST }, "EBX, ECX and EDX of 4F000003H are zero",
	  "draft 2, 4F000003H", check_rng_leaf_reserved },
	{ "CHV-4.2", { STATED, STATED, MUST }, "the RNG MSR is none of the processors' own",
	  "CommonHV RNG, par. 1", check_msr_architectural },
	{ "CHV-4.3", { SHOULD, SHOULD, MUST }, "the RNG MSR is none that other hypervisors define",
	  "CommonHV RNG, par. 1", check_msr_paravirtual },
	{ "CHV-4.4", { ABSENT, ABSENT, MUST }, "the RNG MSR is not FFFFFFFFH",
	  "draft 3", check_msr_last },
	{ "CHV-4.7", { ABSENT, ABSENT, SHOULD }, "the RNG MSR is 4F000000H",
	  "draft 3", check_msr_common },

	/* RDMSR */
	{ "CHV-5.1", { MUST, MUST, MUST }, "RDMSR raises no exception",
	  "CommonHV RNG, par. 4", check_read },
	{ "CHV-5.2", { SHOULD, SHOULD, MUST }, "the first 4 values are not zero",
	  "CommonHV RNG, par. 2", check_first_values },
	{ "CHV-5.3", { SHOULD, SHOULD, MUST }, "the values are different each time",
	  "CommonHV RNG, par. 3", check_different_values },
	{ "CHV-5.4", { STATED, STATED, MUST }, "each of the 64 bits is as often 1 as 0",
	  "CommonHV RNG, par. 2", check_bits },
	{ "CHV-5.5", { STATED, STATED, MUST }, "each bit changes as often as not",
	  "CommonHV RNG, par. 2", check_changes },
	{ "CHV-5.6", { STATED, STATED, MUST }, "EAX and EDX do not depend on each other",
	  "CommonHV RNG, par. 2", check_halves },
	{ "CHV-5.8", { ABSENT, ABSENT, MUST }, "zero alone stands for no value",
	  "draft 3", check_placeholder },
	{ "CHV-5.14", { ABSENT, ABSENT, SHOULD }, "the first 64 values are not zero",
	  "draft 3", check_more_first_values },

	/* WRMSR */
	{ "CHV-6.1", { MUST, MUST, MUST }, "WRMSR raises no exception",
	  "CommonHV RNG, par. 6; draft 2: with bit 1 of 4F000002H", check_write },
	{ "CHV-6.2", { STATED, STATED, MUST }, "what is read after a write is new",
	  "CommonHV RNG, par. 2 and 5", check_after_write },
	{ "CHV-6.4", { ABSENT, ABSENT, SHOULD }, "without bit 1, WRMSR raises #GP",
	  "draft 3", check_refused_write },

	/* All vCPUs */
	{ "CHV-7.1", { STATED, STATED, MUST }, "all vCPUs see the same leaves",
	  "Discovery, whole", check_cpu_leaves },
	{ "CHV-7.2", { MUST, MUST, MUST }, "RDMSR raises no exception on any vCPU",
	  "CommonHV RNG, par. 4", check_cpu_read },
	{ "CHV-7.3", { SHOULD, SHOULD, MUST }, "vCPUs that read at the same time get different values",
	  "CommonHV RNG, par. 3", check_cpu_values },
	{ "CHV-7.4", { MUST, MUST, MUST }, "WRMSR raises no exception on any vCPU",
	  "CommonHV RNG, par. 6; draft 2: with bit 1 of 4F000002H", check_cpu_write },
	{ "CHV-7.5", { ABSENT, ABSENT, MUST }, "programs see the same leaves",
	  "draft 3", check_user },

	/* The version */
	{ "CHV-8.1", { SHOULD, SHOULD, MUST }, "4F000004H, if it is there, has a version",
	  "draft 3", check_version },
	{ "CHV-8.5", { ABSENT, ABSENT, MUST }, "the bits of 4F000004H say what there is",
	  "draft 3", check_version_bits },

	/* The generation */
	{ "CHV-9.1", { ABSENT, ABSENT, MUST }, "the generation is not zero",
	  "draft 3", check_generation_value },
	{ "CHV-9.3", { ABSENT, ABSENT, MUST }, "the generation does not change, on any vCPU",
	  "draft 3", check_generation_again },
	{ "CHV-9.4", { ABSENT, ABSENT, MUST }, "with bit 0, there is 4F000005H",
	  "draft 3", check_generation_leaf },
	{ "CHV-9.6", { ABSENT, ABSENT, MUST }, "with bit 1, the MSR can be read, and not written",
	  "draft 3", check_generation_msr },
	{ "CHV-9.7", { ABSENT, ABSENT, MUST }, "leaf and MSR have the same generation",
	  "draft 3", check_generation_same },
	{ "CHV-9.10", { ABSENT, ABSENT, MUST }, "programs see the same generation",
	  "draft 3", check_generation_user },
	{ "CHV-9.17", { ABSENT, ABSENT, SHOULD }, "the generation's MSR is 4F000001H",
	  "draft 3", check_generation_msr_common },
};

_Static_assert(ARRAY_SIZE(requirements) <= MAX_REQUIREMENTS, "MAX_REQUIREMENTS is too low");
const unsigned int nr_requirements = ARRAY_SIZE(requirements);
