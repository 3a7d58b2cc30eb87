// SPDX-License-Identifier: GPL-2.0
/* Executes the instructions, and catches what they raise. */
#include "access.h"
#include "boot.h"
#include "cpu.h"
#include "print.h"

#define DEBUG_EXIT		0x501	/* QEMU's isa-debug-exit, at its default */
#define KEYBOARD_CONTROLLER	0x64
#define KEYBOARD_RESET		0xfe
#define CPUID_SIZE		2
#define STUB_SIZE		16
#define GATE_INTERRUPT		0x8e00
#define GATE_USER		0xee00	/* programs may raise it */
#define CPL(cs)			((cs) & 3)

struct gate {
	uint16_t offset_low, selector, flags, offset_high;
} __attribute__((packed));

struct table {
	uint16_t limit;
	const void *base;
} __attribute__((packed));

/* What entry.S pushes: PUSHAL, the number, and the processor's part. */
struct frame {
	uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint32_t vector, error_code, eip, cs, eflags;
};

extern const char gdt[], gdt_end[], vector_stubs[];
extern const char msr_read_instruction[], msr_write_instruction[];
extern const char user_return[], tss[];
extern uint64_t task_segment;
void user_cpuid(uint32_t leaf, uint32_t subleaf, struct regs *regs);
void handle_exception(struct frame *frame);

static struct gate idt[NR_VECTORS + 1];

struct regs cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct regs regs;

	asm volatile("cpuid"
		     : "=a" (regs.eax), "=b" (regs.ebx), "=c" (regs.ecx), "=d" (regs.edx)
		     : "a" (leaf), "c" (subleaf));
	return regs;
}

struct regs cpuid_user(uint32_t leaf, uint32_t subleaf)
{
	struct regs regs;

	user_cpuid(leaf, subleaf, &regs);
	return regs;
}

uint64_t read_tsc(void)
{
	uint64_t value;

	asm volatile("lfence\n\trdtsc" : "=A" (value) : : "memory");
	return value;
}

/* An MSR instruction hands the vector to its caller; anything else is a defect. */
void handle_exception(struct frame *frame)
{
	if (frame->eip == (uintptr_t)msr_read_instruction ||
	    frame->eip == (uintptr_t)msr_write_instruction) {
		frame->ebx = frame->vector;
		frame->eip += 2;
		return;
	}
	if (CPL(frame->cs)) {	/* over CPUID; its result is no answer then */
		frame->eip += CPUID_SIZE;
		return;
	}
	print("Bail out! exception %u, error code %X, at %X\n", frame->vector,
	      frame->error_code, frame->eip);
	cpu_exit(1);
}

void cpu_load_tables(void)
{
	struct table gdtr = { gdt_end - gdt - 1, gdt };
	struct table idtr = { sizeof(idt) - 1, idt };

	asm volatile("lgdt %0\n\t"
		     "lidt %1\n\t"
		     "ljmp %2, $1f\n"
		     "1:\n\t"
		     "mov %3, %%ds\n\t"
		     "mov %3, %%es\n\t"
		     "mov %3, %%ss\n\t"
		     : : "m" (gdtr), "m" (idtr), "i" (CODE_SEGMENT), "r" (DATA_SEGMENT)
		     : "memory");
}

void cpu_init(void)
{
	uintptr_t back = (uintptr_t)user_return, base = (uintptr_t)tss;

	for (int i = 0; i < NR_VECTORS; i++) {
		uintptr_t stub = (uintptr_t)vector_stubs + STUB_SIZE * i;

		idt[i] = (struct gate) { stub, CODE_SEGMENT, GATE_INTERRUPT, stub >> 16 };
	}
	idt[USER_VECTOR] = (struct gate) { back, CODE_SEGMENT, GATE_USER, back >> 16 };
	cpu_load_tables();
	/* An available TSS: its limit, its base in two parts, its type. */
	task_segment = (TSS_SIZE - 1) | (uint64_t)(base & 0xffffff) << 16 |
		       0x89ull << 40 | (uint64_t)(base >> 24) << 56;
	asm volatile("ltr %w0" : : "r" (TASK_SEGMENT) : "memory");
}

/*
 * A monitor with a keyboard controller resets or ends at the second step, and any other at
 * the third: without an IDT, an exception shuts the processor down.
 */
void cpu_exit(int status)
{
	static const struct table none;

	out8(DEBUG_EXIT, status);
	for (int i = 0; i < 100; i++)
		out8(KEYBOARD_CONTROLLER, KEYBOARD_RESET);
	asm volatile("lidt %0\n\t"
		     "int3" : : "m" (none));
	for (;;)
		asm volatile("cli; hlt");
}
