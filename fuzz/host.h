/* SPDX-License-Identifier: GPL-2.0 */
/* Registers and numbers of a hypervisor's choice, a few bytes of input each. */
#ifndef FUZZ_HOST_H
#define FUZZ_HOST_H

#include "../commonhv/access.h"
#include "fuzz.h"

/* What decoders compare with, and what is next to it. */
static const u32 fuzz_host_numbers[] = {
	0, 1, 2, 3, 4, 0xff, 0x100, 0x101, 0x102, 0xfffffffe, 0xffffffff,
	0x1fff, 0x2000, 0x3fffffff, 0x40000000, 0x400000f0, 0x400002ff, 0x40000300,
	0x4000ff00, 0x4b564cff, 0x4b564d00, 0x4b564dff, 0x4b564e00, 0x4efffffe,
	0x4effffff, 0x4f000000, 0x4f000005, 0x4fffffff, 0x50000000, 0xbfffffff,
	0xc0000000, 0xc001ffff, 0xc0020000, 0x80000000,
};

static inline u32 fuzz_host_number(u8 which)
{
	return fuzz_host_numbers[which % ARRAY_SIZE(fuzz_host_numbers)];
}

/* Two bits say how a register is encoded. */
static inline u32 fuzz_host_register(struct fuzz_input *in, unsigned int how)
{
	switch (how & 3) {
	case 1:
		return fuzz_u8(in);
	case 2:
		return fuzz_host_number(fuzz_u8(in));
	case 3:
		return fuzz_u32(in);
	}
	return 0;
}

static inline struct commonhv_regs fuzz_host_regs(struct fuzz_input *in)
{
	u8 how = fuzz_u8(in);

	return (struct commonhv_regs){
		.eax = fuzz_host_register(in, how),
		.ebx = fuzz_host_register(in, how >> 2),
		.ecx = fuzz_host_register(in, how >> 4),
		.edx = fuzz_host_register(in, how >> 6),
	};
}

static inline bool fuzz_host_has_signature(const struct commonhv_regs *regs)
{
	return regs->ebx || regs->ecx || regs->edx;
}

/*
 * The rule of draft 3, chapter 4, stated once more: indices that belong to something
 * else are those of the architecture, of Hyper-V, Xen and VMware, and of KVM.
 */
static inline bool fuzz_host_msr_is_architectural(u32 msr)
{
	return msr <= 0x1fff || (msr >= 0xc0000000 && msr <= 0xc001ffff) || msr == 0xffffffff;
}

static inline bool fuzz_host_msr_is_synthetic(u32 msr)
{
	return (msr >= 0x40000000 && msr <= 0x400002ff) || (msr >> 8) == 0x4b564d;
}

static inline bool fuzz_host_msr_is_reserved(u32 msr)
{
	return fuzz_host_msr_is_architectural(msr) || fuzz_host_msr_is_synthetic(msr);
}

#endif /* FUZZ_HOST_H */
