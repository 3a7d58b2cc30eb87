// SPDX-License-Identifier: GPL-2.0
/*
 * Starts the other vCPUs twice, all at once. The first time each counts itself, and halts:
 * the MADT says how many are expected; without it, who comes within a short time is in.
 * The second time they look at the leaves and read the MSR, together with the first.
 * None waits in a loop for long, as a host with few processors would run nothing else.
 */
#include "acpi.h"
#include "boot.h"
#include "cpu.h"
#include "run.h"
#include "smp.h"

#define MSR_APIC_BASE		0x1b
#define APIC_BASE_X2APIC	0x400
#define APIC_BASE_ENABLE	0x800
#define APIC_SPURIOUS		0xf0
#define APIC_ICR_LOW		0x300
#define APIC_ENABLE		0x1ff
#define ICR_ALL_OTHERS		0x000c0000
#define ICR_INIT		0x00004500
#define ICR_STARTUP		0x00004600

/* Nothing listens, and it takes a while: not the 10 ms of a real processor. */
#define PORT_DELAY		0x80

/* In cycles of the TSC: ten seconds, half of one, milliseconds. A busy host is slow. */
#define PATIENCE_KNOWN		20000000000
#define PATIENCE_UNKNOWN	1000000000
#define PATIENCE_OTHERS		10000000

extern const char trampoline[], trampoline_end[];
void smp_other_cpu(uint32_t index);

volatile uint32_t cpus_started;
static struct run *volatile smp_job;	/* set for the second time */
static uint32_t smp_rsdp;

void smp_set_rsdp(uint32_t rsdp)
{
	smp_rsdp = rsdp;
}

/* Together, if possible: what is not safe to be read by two vCPUs shows then. */
static void look(struct run *run, uint32_t cpu)
{
	uint64_t start = read_tsc();

	while (cpus_started + 1 < run->nr_started && read_tsc() - start < PATIENCE_OTHERS)
		relax();
	cpu_look(&run->view, &run->reports[cpu]);
}

/* Called by entry.S on each other vCPU, with its number from 0 on; then it halts. */
void smp_other_cpu(uint32_t index)
{
	cpu_load_tables();
	if (smp_job && index + 1 < smp_job->nr_started)
		look(smp_job, index + 1);
}

static void apic_write(uint64_t base, uint32_t offset, uint32_t value)
{
	volatile uint32_t *reg = (volatile uint32_t *)(uintptr_t)((base & 0xfffff000) + offset);

	*reg = value;
}

static void delay(int times)
{
	while (times--)
		out8(PORT_DELAY, 0);
}

static void send_to_others(uint64_t base, uint32_t command)
{
	apic_write(base, APIC_ICR_LOW, ICR_ALL_OTHERS | command);
}

static void copy_trampoline(void)
{
	uint32_t from = (uint32_t)trampoline, to = TRAMPOLINE;
	uint32_t len = trampoline_end - trampoline;

	asm volatile("rep movsb" : "+S" (from), "+D" (to), "+c" (len) : : "memory");
}

static void start_others(uint64_t base)
{
	cpus_started = 0;
	send_to_others(base, ICR_INIT);
	delay(100);
	send_to_others(base, ICR_STARTUP | TRAMPOLINE >> 12);
	delay(10);
	send_to_others(base, ICR_STARTUP | TRAMPOLINE >> 12);
}

/* Firmware that switches to x2APIC mode does so for more vCPUs than can be used here. */
static bool enable_apic(uint64_t *base)
{
	if (!(cpuid(1, 0).edx & 1 << 9) || msr_read(MSR_APIC_BASE, base) ||
	    (*base & (APIC_BASE_ENABLE | APIC_BASE_X2APIC)) != APIC_BASE_ENABLE)
		return false;
	apic_write(*base, APIC_SPURIOUS, APIC_ENABLE);
	return true;
}

static void count_others(struct run *run, uint64_t base)
{
	uint32_t expected = run->nr_cpus;
	uint64_t start;

	start_others(base);
	start = read_tsc();
	while (!expected || cpus_started + 1 < expected) {
		if (read_tsc() - start > (expected ? PATIENCE_KNOWN : PATIENCE_UNKNOWN))
			break;
		relax();
	}
	run->nr_started = cpus_started + 1 < MAX_CPUS ? cpus_started + 1 : MAX_CPUS;
	if (!cpus_started)
		run->smp_problem = expected ? "the other vCPUs did not start" :
					      "no other vCPU started";
}

static void wait_for_reports(const struct run *run)
{
	uint64_t start = read_tsc();
	uint32_t i;

	for (i = 1; i < run->nr_started; i++)
		while (!run->reports[i].done && read_tsc() - start < PATIENCE_KNOWN)
			relax();
}

void smp_run(struct run *run)
{
	uint64_t base;

	run->nr_started = 1;
	run->nr_cpus = acpi_count_cpus(smp_rsdp);
	if (run->nr_cpus == 1)
		return;
	if (!enable_apic(&base)) {
		run->smp_problem = "without a local APIC in xAPIC mode, no others are started";
		return;
	}
	copy_trampoline();
	count_others(run, base);
	if (run->nr_started == 1)
		return;
	smp_job = run;
	start_others(base);
	look(run, 0);
	wait_for_reports(run);
}
