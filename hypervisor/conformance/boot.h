/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that assembly and C share: how the guest was booted, and where things are. */
#ifndef CONFORMANCE_BOOT_H
#define CONFORMANCE_BOOT_H

#define BOOT_LINUX	0
#define BOOT_PVH	1
#define BOOT_MULTIBOOT	2

/* Fixed, because the other image formats wrap the flat binary and name them. */
#define IMAGE_BASE	0x100000
#define PVH_ENTRY	(IMAGE_BASE + 0x20)
#define MULTIBOOT_HEADER	(IMAGE_BASE + 0x40)
#define MULTIBOOT_LEN	12

#define CODE_SEGMENT	0x08
#define DATA_SEGMENT	0x10
#define USER_CODE	0x1b	/* CPL 3 */
#define USER_DATA	0x23
#define TASK_SEGMENT	0x28

#define MAX_CPUS	64	/* others that start are halted */
#define CPU_STACK	1024
#define TRAMPOLINE	0x8000	/* below 1 MiB: other vCPUs start in real mode */

#define NR_VECTORS	32
#define USER_VECTOR	32	/* back from CPL 3 */

#define TSS_ESP0	4	/* offsets in the task state segment, and its size */
#define TSS_SS0		8
#define TSS_SIZE	104

#endif
