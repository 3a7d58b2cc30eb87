/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way to the hypervisor. cpu.c executes the instructions; fake.c is a hypervisor
 * on the developer's machine, to show faults that no real one is known to have.
 */
#ifndef CONFORMANCE_ACCESS_H
#define CONFORMANCE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct regs {
	uint32_t eax, ebx, ecx, edx;
};

struct regs cpuid(uint32_t leaf, uint32_t subleaf);
struct regs cpuid_user(uint32_t leaf, uint32_t subleaf);	/* at CPL 3, first vCPU only */
uint64_t read_tsc(void);

/* Return 0, or the vector of the exception that the instruction raised. */
int msr_read(uint32_t index, uint64_t *value);
int msr_write(uint32_t index, uint32_t low, uint32_t high);

void put_char(char c);

static inline bool regs_equal(struct regs a, struct regs b)
{
	return a.eax == b.eax && a.ebx == b.ebx && a.ecx == b.ecx && a.edx == b.edx;
}

static inline bool signature_is_zero(struct regs regs)
{
	return !(regs.ebx | regs.ecx | regs.edx);
}

static inline uint64_t regs_generation(struct regs regs)
{
	return regs.eax | (uint64_t)regs.ebx << 32;
}

static inline bool regs_are_zero(struct regs regs)
{
	return !regs.eax && signature_is_zero(regs);
}

#endif
