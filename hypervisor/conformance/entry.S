/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the guest starts: three entries for one processor, and one for the others.
 * All of them arrive in flat 32-bit protected mode, without paging.
 */
#include "boot.h"

	.section .head, "ax"
	.code32

/* Linux's 32-bit boot protocol (bzimage.S). ESI: boot_params, or 0. */
	.globl linux_entry
linux_entry:
	movl	$BOOT_LINUX, %eax
	movl	%esi, %ebx
	jmp	start

/* PVH. EBX: hvm_start_info. */
	.org	PVH_ENTRY - IMAGE_BASE
	movl	$BOOT_PVH, %eax
	jmp	start

/* Multiboot. EBX: its information, which is not needed. */
	.globl multiboot_entry
multiboot_entry:
	movl	$BOOT_MULTIBOOT, %eax
	jmp	start

	.org	MULTIBOOT_HEADER - IMAGE_BASE
	.long	0x1badb002, 0, -0x1badb002

start:
	cli
	cld
	movl	$stack_top, %esp
	pushl	%ebx
	pushl	%eax
	call	main
1:	hlt
	jmp	1b

/* Type 18 is XEN_ELFNOTE_PHYS32_ENTRY. */
	.section .note.pvh, "a", @note
	.balign	4
	.long	4, 8, 18
	.asciz	"Xen"
	.quad	PVH_ENTRY

	.text

/*
 * int msr_read(uint32_t index, uint64_t *value)
 * int msr_write(uint32_t index, uint32_t low, uint32_t high)
 *
 * Return 0, or the vector of the exception: the handler puts it into EBX, and goes
 * on behind the instruction, which has two bytes.
 */
	.globl msr_read, msr_read_instruction
msr_read:
	pushl	%ebx
	movl	8(%esp), %ecx
	xorl	%ebx, %ebx
	xorl	%eax, %eax
	xorl	%edx, %edx
msr_read_instruction:
	rdmsr
	movl	12(%esp), %ecx
	movl	%eax, (%ecx)
	movl	%edx, 4(%ecx)
	movl	%ebx, %eax
	popl	%ebx
	ret

	.globl msr_write, msr_write_instruction
msr_write:
	pushl	%ebx
	movl	8(%esp), %ecx
	movl	12(%esp), %eax
	movl	16(%esp), %edx
	xorl	%ebx, %ebx
msr_write_instruction:
	wrmsr
	movl	%ebx, %eax
	popl	%ebx
	ret

/* Vectors 8, 10 to 14, 17, 21, 29 and 30 push an error code; the others get one. */
#define PUSH_ERROR_CODE 0x60227d00

	.balign	16
	.globl vector_stubs
vector_stubs:
	.set	number, 0
	.rept	NR_VECTORS
	.balign	16
	.if	!(PUSH_ERROR_CODE >> number & 1)
	pushl	$0
	.endif
	pushl	$number
	jmp	exception
	.set	number, number + 1
	.endr

exception:
	pushal
	movl	$DATA_SEGMENT, %eax	/* they are 0 after CPL 3 */
	movl	%eax, %ds
	movl	%eax, %es
	pushl	%esp
	cld
	call	handle_exception
	addl	$4, %esp
	popal
	addl	$8, %esp
	iret

/*
 * void user_cpuid(uint32_t leaf, uint32_t subleaf, struct regs *regs): at CPL 3. IRET goes
 * there, and an interrupt comes back, to the stack as it was. An exception of CPUID is
 * stepped over by its handler.
 */
	.globl user_cpuid, user_return
user_cpuid:
	pushl	%ebx
	pushl	%edi
	movl	12(%esp), %eax
	movl	16(%esp), %ecx
	movl	20(%esp), %edi
	movl	%esp, tss + TSS_ESP0
	movl	$DATA_SEGMENT, tss + TSS_SS0
	xorl	%ebx, %ebx
	xorl	%edx, %edx
	pushl	$USER_DATA
	pushl	$0		/* it uses no stack */
	pushl	$2		/* EFLAGS */
	pushl	$USER_CODE
	pushl	$1f
	iret
1:	cpuid
	int	$USER_VECTOR
user_return:
	addl	$20, %esp	/* what the interrupt pushed */
	pushl	%eax
	movl	$DATA_SEGMENT, %eax
	movl	%eax, %ds
	movl	%eax, %es
	popl	%eax
	movl	%eax, (%edi)
	movl	%ebx, 4(%edi)
	movl	%ecx, 8(%edi)
	movl	%edx, 12(%edi)
	popl	%edi
	popl	%ebx
	ret

	.data
	.balign	8
	.globl gdt, gdt_end, task_segment
gdt:
	.quad	0, 0x00cf9a000000ffff, 0x00cf92000000ffff
	.quad	0x00cffa000000ffff, 0x00cff2000000ffff
task_segment:
	.quad	0
gdt_end:
	.globl tss
tss:
	.skip	TSS_SIZE

	.section .rodata
/* Copied to TRAMPOLINE; the other vCPUs start here in real mode. */
	.code16
	.globl trampoline, trampoline_end
trampoline:
	cli
	xorw	%ax, %ax
	movw	%ax, %ds
	lgdtl	TRAMPOLINE + (trampoline_gdtr - trampoline)
	movl	%cr0, %eax
	andl	$0x9fffffff, %eax	/* caches on */
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$CODE_SEGMENT, $other_cpu
trampoline_gdtr:
	.word	gdt_end - gdt - 1
	.long	gdt
trampoline_end:

	.text
	.code32
other_cpu:
	movl	$DATA_SEGMENT, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	$1, %eax
	lock xaddl %eax, cpus_started
	cmpl	$MAX_CPUS, %eax
	jae	1f
	movl	%eax, %ecx
	imull	$CPU_STACK, %ecx
	leal	cpu_stacks + CPU_STACK(%ecx), %esp
	pushl	%eax
	call	smp_other_cpu
1:	cli
	hlt
	jmp	1b

	.bss
	.balign	16
	.skip	8192
stack_top:
cpu_stacks:
	.skip	MAX_CPUS * CPU_STACK

	.section .note.GNU-stack, "", @progbits
