/* SPDX-License-Identifier: GPL-2.0 */
/* The host may write at any time: where the guest has a barrier, the target does. */
#ifndef FUZZ_ASM_BARRIER_H
#define FUZZ_ASM_BARRIER_H

extern void (*fuzz_on_barrier)(void);

#define virt_rmb()		fuzz_on_barrier()

#endif /* FUZZ_ASM_BARRIER_H */
