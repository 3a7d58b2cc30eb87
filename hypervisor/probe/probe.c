// SPDX-License-Identifier: GPL-2.0
/*
 * A guest of a few hundred bytes that executes CPUID, RDMSR, WRMSR and others on
 * command, for testing a hypervisor without an operating system between.
 *
 * Lines on the first serial port, all numbers hexadecimal:
 *
 *	c LEAF SUBLEAF	-> EAX EBX ECX EDX
 *	r MSR		-> VALUE, or #GP
 *	w MSR VALUE	-> ok, or #GP
 *	x A B		-> EFLAGS after CMP A, B; the same and CMPXCHG8B; the same and
 *			   LOCK CMPXCHG8B
 *	g MSR		-> the address of a counter. Then counts, and reads the generation
 *			   (CPUID 4F000005H, or MSR unless it is 0) until that changes
 *			   -> COUNT VALUE
 *	q		leaves through the isa-debug-exit device
 */

#include <stdint.h>

#define COM1		0x3f8
#define COM1_STATUS	(COM1 + 5)
#define STATUS_READY	0x01
#define STATUS_EMPTY	0x20
#define DEBUG_EXIT	0x501

#define GENERATION	0x4f000005

#define VECTOR_GP	13
#define CODE_SEGMENT	8

struct gate {
	uint16_t offset_low, selector, flags, offset_high;
} __attribute__((packed));

struct table {
	uint16_t limit;
	const void *base;
} __attribute__((packed));

static const uint64_t gdt[] = { 0, 0x00cf9a000000ffff, 0x00cf92000000ffff };
static struct gate idt[VECTOR_GP + 1];
volatile uint32_t faulted;

void handle_gp(void);
void probe(void);

/*
 * A multiboot header, the entry, and the handler of #GP, which steps over the
 * two bytes of an RDMSR or WRMSR.
 */
asm(".section .text\n"
	"	.balign 4\n"
	"	.long 0x1badb002, 0, -0x1badb002\n"
	".globl _start\n"
	"_start:\n"
	"	movl $stack_top, %esp\n"
	"	jmp probe\n"
	"handle_gp:\n"
	"	movl $1, faulted\n"
	"	addl $4, %esp\n"
	"	addl $2, (%esp)\n"
	"	iret\n"
	".section .bss\n"
	"	.skip 4096\n"
	"stack_top:\n"
	".previous\n");

static void out8(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a" (value), "Nd" (port));
}

static uint8_t in8(uint16_t port)
{
	uint8_t value;

	asm volatile("inb %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static void put_char(char c)
{
	while (!(in8(COM1_STATUS) & STATUS_EMPTY))
		;
	out8(COM1, c);
}

static char get_char(void)
{
	while (!(in8(COM1_STATUS) & STATUS_READY))
		asm volatile("pause");
	return in8(COM1);
}

static void put_text(const char *text)
{
	while (*text)
		put_char(*text++);
}

static void put_hex(uint32_t value)
{
	for (int shift = 28; shift >= 0; shift -= 4)
		put_char("0123456789abcdef"[value >> shift & 15]);
}

/* Reads a number and the one character that ends it. */
static uint64_t get_hex(void)
{
	uint64_t value = 0;

	for (;;) {
		char c = get_char();

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (c - 'a' + 10);
		else
			return value;
	}
}

static void do_cpuid(void)
{
	uint32_t a = get_hex(), b, c = get_hex(), d;

	asm volatile("cpuid" : "+a" (a), "=b" (b), "+c" (c), "=d" (d));
	put_hex(a);
	put_char(' ');
	put_hex(b);
	put_char(' ');
	put_hex(c);
	put_char(' ');
	put_hex(d);
}

static void do_rdmsr(void)
{
	uint32_t low = 0, high = 0, msr = get_hex();

	faulted = 0;
	asm volatile("rdmsr" : "+a" (low), "+d" (high) : "c" (msr) : "memory");
	if (faulted) {
		put_text("#GP");
		return;
	}
	put_hex(high);
	put_hex(low);
}

static void do_wrmsr(void)
{
	uint32_t msr = get_hex();
	uint64_t value = get_hex();

	faulted = 0;
	asm volatile("wrmsr" : : "A" (value), "c" (msr) : "memory");
	put_text(faulted ? "#GP" : "ok");
}

/*
 * POPF leaves an emulator with flags that are computed, the comparison behind it with
 * flags that are not.
 */
#define FLAGS_AFTER(flags, instruction)					\
	asm volatile("pushf\n"						\
		     "popf\n"						\
		     "cmp %[b], %[a]\n"					\
		     instruction					\
		     "pushf\n"						\
		     "popl %[after]\n"					\
		     : [after] "=&r" (flags), [memory] "+m" (memory),	\
		       "+a" (low), "+d" (high)				\
		     : [a] "b" (a), [b] "c" (b) : "cc")

static void do_cmpxchg8b(void)
{
	uint32_t a = get_hex(), b = get_hex(), low = 0, high = 0, flags[3];
	static uint64_t memory __attribute__((aligned(8)));

	memory = 0;
	FLAGS_AFTER(flags[0], "");
	FLAGS_AFTER(flags[1], "cmpxchg8b %[memory]\n");
	low = memory;
	high = memory >> 32;
	FLAGS_AFTER(flags[2], "lock cmpxchg8b %[memory]\n");
	put_hex(flags[0]);
	put_char(' ');
	put_hex(flags[1]);
	put_char(' ');
	put_hex(flags[2]);
}

static uint64_t read_generation(uint32_t msr)
{
	uint32_t a = GENERATION, b, c = msr, d;

	if (msr)
		asm volatile("rdmsr" : "=a" (a), "=d" (b) : "c" (msr) : "memory");
	else
		asm volatile("cpuid" : "+a" (a), "=b" (b), "+c" (c), "=d" (d));
	return (uint64_t)b << 32 | a;
}

/* Whoever stops the machine sees by the counter which reading comes next. */
static void do_watch(void)
{
	static volatile uint32_t count;
	uint32_t msr = get_hex();
	uint64_t value, first = read_generation(msr);

	put_hex((uintptr_t)&count);
	put_char('\n');
	count = 0;
	do {
		count++;
		value = read_generation(msr);
	} while (value == first);
	put_hex(count);
	put_char(' ');
	put_hex(value >> 32);
	put_hex(value);
}

static void load_tables(void)
{
	struct table gdtr = { sizeof(gdt) - 1, gdt };
	struct table idtr = { sizeof(idt) - 1, idt };
	uintptr_t handler = (uintptr_t)handle_gp;

	idt[VECTOR_GP] = (struct gate) {
		.offset_low = handler,
		.selector = CODE_SEGMENT,
		.flags = 0x8e00,
		.offset_high = handler >> 16,
	};
	asm volatile("lgdt %0\n"
		     "lidt %1\n"
		     "ljmp %2, $1f\n"
		     "1:\n"
		     "mov %3, %%ds\n"
		     "mov %3, %%es\n"
		     "mov %3, %%ss\n"
		     : : "m" (gdtr), "m" (idtr), "i" (CODE_SEGMENT), "r" (16) : "memory");
}

void probe(void)
{
	load_tables();
	put_text("ready\n");
	for (;;) {
		char command = get_char();

		if (command == '\n')
			continue;
		if (command == 'q')
			out8(DEBUG_EXIT, 0);
		get_char();	/* the space behind the command */
		if (command == 'c')
			do_cpuid();
		else if (command == 'r')
			do_rdmsr();
		else if (command == 'w')
			do_wrmsr();
		else if (command == 'x')
			do_cmpxchg8b();
		else if (command == 'g')
			do_watch();
		put_char('\n');
	}
}
