/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VMClock's page, as far as this module looks at it. Kernels from 6.13 on have it in
 * <linux/vmclock-abi.h>.
 */
#ifndef VMGENID_VMCLOCK_ABI_H
#define VMGENID_VMCLOCK_ABI_H

#include <linux/bits.h>
#include <linux/types.h>

#define VMCLOCK_PAGE_MAGIC		0x4b4c4356u	/* "VCLK" */
#define VMCLOCK_PAGE_VERSION		1

#define VMCLOCK_PAGE_HAS_COUNTER	BIT_ULL(8)	/* generation_counter is there */
#define VMCLOCK_PAGE_NOTIFIES		BIT_ULL(9)	/* the device notifies changes */

/**
 * struct vmclock_page - what the host writes
 * @magic: %VMCLOCK_PAGE_MAGIC
 * @size: of the region in bytes; what is beyond is not there
 * @version: %VMCLOCK_PAGE_VERSION
 * @clock: what the clock counts, which does not matter here
 * @seq_count: odd while the host writes, and another one when it has
 * @disruption_marker: another one after a migration or a load
 * @flags: of which two are above
 * @clock_state: of the clock
 * @generation_counter: another one after each load from a saved state
 */
struct vmclock_page {
	__le32 magic;
	__le32 size;
	__le16 version;
	__u8 clock[2];
	__le32 seq_count;
	__le64 disruption_marker;
	__le64 flags;
	__u8 clock_state[72];
	__le64 generation_counter;
};

#endif /* VMGENID_VMCLOCK_ABI_H */
