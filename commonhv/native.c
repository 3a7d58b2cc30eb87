// SPDX-License-Identifier: GPL-2.0
/*
 * The one file that executes CPUID and MSR instructions, through the kernel's
 * own accessors: under Xen PV these do not execute the instruction natively.
 */
#include <asm/msr.h>

#include "../common/compat.h"
#include "access.h"

static void commonhv_native_cpuid(const struct commonhv_access *access, u32 leaf,
				  u32 subleaf, struct commonhv_regs *regs)
{
	cpuid_count(leaf, subleaf, &regs->eax, &regs->ebx, &regs->ecx,
		    &regs->edx);
}

/*
 * By the specification RDMSR of the RNG MSR never faults. It still can, on a
 * broken hypervisor or after a restore on a host without the MSR. So only the
 * accessors that survive a fault are used.
 */
static int commonhv_native_read_msr(const struct commonhv_access *access,
				    u32 msr, u64 *value)
{
	u32 low, high;
	int err = rdmsr_safe(msr, &low, &high);

	*value = err ? 0 : (u64)high << 32 | low;
	return err;
}

static int commonhv_native_write_msr(const struct commonhv_access *access,
				     u32 msr, u64 value)
{
	return wrmsr_safe(msr, lower_32_bits(value), upper_32_bits(value));
}

const struct commonhv_access commonhv_access_native = {
	.cpuid = commonhv_native_cpuid,
	.read_msr = commonhv_native_read_msr,
	.write_msr = commonhv_native_write_msr,
};
