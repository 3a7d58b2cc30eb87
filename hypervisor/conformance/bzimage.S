/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bzImage: the header of Linux's boot protocol (Documentation/arch/x86/boot.rst), the
 * real-mode code that it asks for, and the flat binary, which the loader puts at 1 MiB.
 */
#include "boot.h"

	.section .head, "ax"
	.code16
setup:
	.org	0x1f1
	.byte	1				/* setup_sects: 512 bytes follow */
	.word	0				/* root_flags */
	.long	(image_end - image + 15) / 16	/* syssize */
	.word	0, 0, 0				/* ram_size, vid_mode, root_dev */
	.word	0xaa55
	.org	0x200
entry:
	.byte	0xeb, code - 1f			/* a short jump */
1:	.ascii	"HdrS"
	.word	0x020c				/* version */
	.long	0				/* realmode_swtch */
	.word	0, 0				/* start_sys_seg, kernel_version */
	.byte	0, 1				/* type_of_loader; loadflags: LOADED_HIGH */
	.word	0				/* setup_move_size */
	.long	IMAGE_BASE			/* code32_start */
	.long	0, 0, 0				/* ramdisk_image, ramdisk_size, bootsect_kludge */
	.word	0				/* heap_end_ptr */
	.byte	0, 0				/* ext_loader_ver, ext_loader_type */
	.long	0				/* cmd_line_ptr */
	.long	0x7fffffff			/* initrd_addr_max */
	.long	0x1000				/* kernel_alignment */
	.byte	0, 12				/* relocatable_kernel, min_alignment */
	.word	0				/* xloadflags: no 64-bit entry, no EFI */
	.long	255				/* cmdline_size */
	.org	0x258
	.quad	IMAGE_BASE			/* pref_address */
	.long	image_end - image		/* init_size */
	.long	0				/* handover_offset */

/* CS is the segment of `entry`; the loader need not have set the others. */
code:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	xorl	%eax, %eax
	movw	%cs, %ax
	shll	$4, %eax
	addl	$(gdt - entry), %eax
	movl	%eax, gdtr + 2 - entry
	lgdtl	gdtr - entry
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	movw	$DATA_SEGMENT, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	xorl	%esi, %esi			/* boot_params: none */
	ljmpl	$CODE_SEGMENT, $IMAGE_BASE

	.balign	8
gdt:
	.quad	0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr:
	.word	gdtr - gdt - 1
	.long	0

	.org	0x400
image:
	.incbin	IMAGE
image_end:

	.section .note.GNU-stack, "", @progbits
