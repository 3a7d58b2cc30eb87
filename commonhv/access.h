/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_ACCESS_H
#define COMMONHV_ACCESS_H

#include <linux/types.h>

#include "abi.h"

/**
 * struct commonhv_regs - what a CPUID instruction returned
 * @eax: EAX
 * @ebx: EBX
 * @ecx: ECX
 * @edx: EDX
 * @signature: EBX, ECX, EDX as bytes in memory order
 */
struct commonhv_regs {
	u32 eax;
	union {
		struct {
			u32 ebx, ecx, edx;
		};
		u8 signature[COMMONHV_SIGNATURE_LEN];
	};
};

/**
 * struct commonhv_access - the way to the hypervisor
 * @cpuid: execute CPUID for a leaf and subleaf
 * @read_msr: read an MSR; 0, or a negative errno when the read faulted
 * @write_msr: write an MSR; 0, or a negative errno when the write faulted
 *
 * All that decodes or decides reaches the hypervisor through this, so that
 * KUnit can take the hypervisor's place. Each call may cost a VM exit, and each
 * answer is the host's choice: check it. None of them sleeps.
 */
struct commonhv_access {
	void (*cpuid)(const struct commonhv_access *access, u32 leaf,
		      u32 subleaf, struct commonhv_regs *regs);
	int (*read_msr)(const struct commonhv_access *access, u32 msr, u64 *value);
	int (*write_msr)(const struct commonhv_access *access, u32 msr, u64 value);
};

/* This machine's processor. */
extern const struct commonhv_access commonhv_access_native;

static inline struct commonhv_regs
commonhv_access_cpuid(const struct commonhv_access *access, u32 leaf,
		      u32 subleaf)
{
	struct commonhv_regs regs;

	access->cpuid(access, leaf, subleaf, &regs);
	return regs;
}

static inline bool commonhv_regs_signature_is_zero(const struct commonhv_regs *regs)
{
	return !(regs->ebx | regs->ecx | regs->edx);
}

static inline bool commonhv_regs_are_zero(const struct commonhv_regs *regs)
{
	return !regs->eax && commonhv_regs_signature_is_zero(regs);
}

#endif /* COMMONHV_ACCESS_H */
