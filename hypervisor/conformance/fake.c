// SPDX-License-Identifier: GPL-2.0
/*
 * The checks against a hypervisor that is made up, on the developer's machine: for the
 * faults that the project's QEMU cannot show. Usage: fake FAULT, fake FAULT 3 for draft 3,
 * or fake --list for the table of requirements.
 */
#include <stdio.h>
#include <string.h>

#include "../../commonhv/abi.h"
#include "run.h"

#define NR_INTERFACES	3
#define NR_FAKE_CPUS	3
#define MSR		MSR_COMMON_RNG
#define GENERATION_MSR	MSR_COMMON_GENERATION
#define GENERATION	0x1122334455667788
#define GP		13

static const char *fault = "none";
static uint64_t state = 42;
static uint32_t nr_reads, nr_feature_reads;
static uint32_t current_cpu;
static bool at_cpl3, draft3;
static uint64_t last_write;

static bool is(const char *name)
{
	return !strcmp(fault, name);
}

static struct regs entry(uint32_t i)
{
	struct regs regs = { 0x40000000 + i * 0x100, 0x6e6f4341, 0x65696d, 'A' + i };

	if (i >= NR_INTERFACES || (is("hole") && i == 1))
		return (struct regs) {};
	if (is("odd-location") && i == 2)
		regs.eax += 0x10;
	if (is("no-signature") && i == 2)
		regs.ebx = regs.ecx = regs.edx = 0;
	return regs;
}

static struct regs list(uint32_t subleaf)
{
	if (is("entry-behind") && subleaf == NR_INTERFACES + 1)
		return entry(0);
	if (is("far-entry") && subleaf == 0x10000)
		return entry(0);
	if (is("last-entry") && subleaf == UINT32_MAX)
		return entry(0);
	if (is("draft1") || is("draft-conflict"))
		return entry(subleaf);
	return subleaf ? entry(subleaf - 1) : (struct regs) { .eax = NR_INTERFACES };
}

static struct regs features(void)
{
	if (is("leaf-changes") && nr_feature_reads++)
		return (struct regs) { .eax = COMMONHV_FEAT_RNG };
	if (is("cpu-leaf") && current_cpu == 2)
		return (struct regs) { .eax = COMMONHV_FEAT_RNG };
	if (is("draft1"))
		return (struct regs) { .eax = MSR };
	if (is("input-alone"))
		return (struct regs) { .eax = COMMONHV_FEAT_RNG_INPUT };
	if (is("no-rng-index") || is("draft3-no-rng"))
		return (struct regs) {};
	if (is("silent-write"))
		return (struct regs) { .eax = COMMONHV_FEAT_RNG };
	return (struct regs) { .eax = COMMONHV_FEAT_RNG | COMMONHV_FEAT_RNG_INPUT };
}

static uint32_t rng_msr(void)
{
	if (is("index-0") || is("draft3-index-0") || is("draft3-no-rng"))
		return 0;
	if (is("draft3-hyperv"))
		return 0x40000000;
	if (is("other-index"))
		return MSR + 0x10;
	return is("index-of-tsc") ? 0x10 : is("last-index") ? UINT32_MAX : MSR;
}

static struct regs version(void)
{
	struct regs regs = { 3, VERSION_HAS_LEAF | VERSION_HAS_MSR, GENERATION_MSR, 0 };

	if (!draft3)
		return (struct regs) {};
	if (is("version-4"))
		regs.eax = 4;
	if (is("msr-only") || is("leaf-without-bit"))
		regs.ebx = VERSION_HAS_MSR;
	if (is("no-generation") || is("index-without-bit"))
		regs.ebx = 0;
	if (is("no-generation"))
		regs.ecx = 0;
	return regs;
}

static uint64_t generation(void)
{
	if (is("msr-only") || is("no-generation") || is("index-without-bit"))
		return 0;
	if (is("cpu-generation") && current_cpu == 2)
		return 5;
	return is("program-generation") && at_cpl3 ? 6 : GENERATION;
}

static uint32_t highest_leaf(void)
{
	if (is("draft1"))
		return COMMONHV_CPUID_FEATURES;
	if (is("higher-leaf") || is("version-4"))
		return COMMONHV_CPUID_GENERATION + 1;
	if (draft3 || is("no-version"))
		return COMMONHV_CPUID_GENERATION;
	return COMMONHV_CPUID_RNG;
}

struct regs cpuid_user(uint32_t leaf, uint32_t subleaf)
{
	struct regs regs;

	at_cpl3 = true;
	regs = cpuid(leaf, subleaf);
	at_cpl3 = false;
	return regs;
}

struct regs cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct regs regs;

	switch (leaf) {
	case 1:
		return (struct regs) { .ecx = is("cpu-bit") && current_cpu ? 0 : 1u << 31 };
	case COMMONHV_CPUID_BASE:
		return (struct regs) { highest_leaf(),
			COMMONHV_CPUID_SIGNATURE_EBX, COMMONHV_CPUID_SIGNATURE_ECX,
			COMMONHV_CPUID_SIGNATURE_EDX ^ (is("other-signature") ? 1u << 24 : 0) };
	case COMMONHV_CPUID_INTERFACES:
		return list(subleaf);
	case COMMONHV_CPUID_FEATURES:
		if (is("subleaf") && subleaf == 0x100)
			return (struct regs) {};
		return is("program-leaf") && at_cpl3 ? (struct regs) {} : features();
	case COMMONHV_CPUID_RNG:
		return (struct regs) { .eax = rng_msr() };
	case COMMONHV_CPUID_VERSION:
		return version();
	case COMMONHV_CPUID_GENERATION:
		return draft3 ? (struct regs) { generation(), generation() >> 32, 0, 0 } :
				(struct regs) {};
	}
	if (leaf < 0x40000000 || leaf & 0xff)
		return (struct regs) {};
	regs = entry((leaf - 0x40000000) / 0x100);
	regs.eax = leaf + 1;
	return regs;
}

uint64_t read_tsc(void)
{
	return 0;
}

/* SplitMix64: one that passes the statistics. */
static uint64_t next_value(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t faulty_value(void)
{
	const uint64_t bit = 1ull << 40;
	uint64_t value = next_value();
	static bool told;

	if (is("one-bit-constant"))
		return value & ~bit;
	if (is("one-bit-alternates"))
		return (value & ~bit) | (nr_reads & 1 ? bit : 0);
	if (is("one-bit-biased"))
		return nr_reads % 5 ? value : value | bit;
	if (is("equal-halves"))
		return (uint32_t)value | value << 32;
	if (is("one-repetition") && nr_reads == 4000)
		return last_write;
	if ((is("first-zero") && nr_reads == 1) || (is("zero-64") && nr_reads == 64) ||
	    (is("zero-65") && nr_reads == 65))
		return 0;
	if (is("written-is-read") && last_write && !told) {
		told = true;
		return last_write;
	}
	return value;
}

int msr_read(uint32_t index, uint64_t *value)
{
	if (draft3 && index == GENERATION_MSR) {
		*value = is("cpu-generation-msr") && current_cpu == 1 ? 5 : GENERATION;
		return is("cpu-generation-read") && current_cpu == 1 ? GP : 0;
	}
	nr_reads++;
	if (index != rng_msr() || (is("one-fault") && nr_reads == 3000) ||
	    (is("cpu-read") && current_cpu == 1) ||
	    (is("fault-after-write") && last_write))
		return GP;
	*value = faulty_value();
	if (is("one-repetition") && nr_reads == 10)
		last_write = *value;
	return 0;
}

int msr_write(uint32_t index, uint32_t low, uint32_t high)
{
	if (is("silent-write"))
		return 0;
	if (is("write-faults-wrongly") && index == GENERATION_MSR)
		return 6;
	if (index != rng_msr() || !index || (is("cpu-write") && current_cpu == 2))
		return GP;
	last_write = low | (uint64_t)high << 32;
	if (is("write-is-seed"))
		state = last_write;
	return 0;
}

void put_char(char c)
{
	putchar(c);
}

void smp_run(struct run *run)
{
	run->nr_cpus = NR_FAKE_CPUS + is("cpu-missing");
	run->nr_started = NR_FAKE_CPUS;
	for (current_cpu = 0; current_cpu < NR_FAKE_CPUS; current_cpu++) {
		if (is("cpu-values"))
			state = 7;
		if (!is("cpu-stops") || !current_cpu)
			cpu_look(&run->view, &run->reports[current_cpu]);
	}
	current_cpu = 0;
}

static void print_requirements(void)
{
	static const char *const levels[] = { "-", "MUST", "STATED", "SHOULD" };
	unsigned int i;

	for (i = 0; i < nr_requirements; i++)
		printf("%-8s  %-6s  %-6s  %-6s  %s\n%34s%s\n", requirements[i].id,
		       levels[requirements[i].levels[0]], levels[requirements[i].levels[1]],
		       levels[requirements[i].levels[2]], requirements[i].text, "",
		       requirements[i].source);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--list")) {
		print_requirements();
		return 0;
	}
	if (argc > 1)
		fault = argv[1];
	draft3 = argc > 2;
	return !run_all("nothing");
}
