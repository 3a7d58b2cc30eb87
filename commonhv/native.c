// SPDX-License-Identifier: GPL-2.0
/*
 * The one file that executes CPUID and MSR instructions, through the kernel's
 * own accessors: under Xen PV these do not execute the instruction natively.
 */
#include <asm/msr.h>

#include "../common/compat.h"
#include "access.h"

static void native_access_cpuid(const struct commonhv_access *access, u32 leaf,
				u32 subleaf, struct commonhv_regs *regs)
{
	cpuid_count(leaf, subleaf, &regs->eax, &regs->ebx, &regs->ecx,
		    &regs->edx);
}

/*
 * The specification promises that reading the RNG MSR never faults. A broken
 * hypervisor breaks that promise, and a restored guest can meet a host where
 * the MSR is gone: only the fault-safe accessors will do.
 */
static int native_access_read_msr(const struct commonhv_access *access,
				  u32 msr, u64 *value)
{
	u32 low, high;
	int err = rdmsr_safe(msr, &low, &high);

	*value = err ? 0 : (u64)high << 32 | low;
	return err;
}

static int native_access_write_msr(const struct commonhv_access *access,
				   u32 msr, u64 value)
{
	return wrmsr_safe(msr, lower_32_bits(value), upper_32_bits(value));
}

const struct commonhv_access commonhv_access_native = {
	.cpuid = native_access_cpuid,
	.read_msr = native_access_read_msr,
	.write_msr = native_access_write_msr,
};
