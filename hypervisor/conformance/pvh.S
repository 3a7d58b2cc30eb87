/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flat binary as a 64-bit ELF file that has a PVH entry and nothing else: for
 * monitors that read no 32-bit ELF. It has no multiboot header, so QEMU takes the PVH entry.
 */
#include "boot.h"

	.section .head, "ax"
	.incbin	IMAGE, 0, MULTIBOOT_HEADER - IMAGE_BASE
	.skip	MULTIBOOT_LEN
	.incbin	IMAGE, MULTIBOOT_HEADER - IMAGE_BASE + MULTIBOOT_LEN

	.section .note.pvh, "a", @note
	.balign	4
	.long	4, 8, 18
	.asciz	"Xen"
	.quad	PVH_ENTRY

	.section .note.GNU-stack, "", @progbits
