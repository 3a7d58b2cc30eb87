/* SPDX-License-Identifier: GPL-2.0 */
/* The processor and its ports. */
#ifndef CONFORMANCE_CPU_H
#define CONFORMANCE_CPU_H

#include <stdint.h>

static inline void out8(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a" (value), "Nd" (port));
}

static inline uint8_t in8(uint16_t port)
{
	uint8_t value;

	asm volatile("inb %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static inline void relax(void)
{
	asm volatile("pause" : : : "memory");
}

/* Loads the tables; the first vCPU also fills them. */
void cpu_init(void);
void cpu_load_tables(void);

/* Ends the run: by a device that was made for this, or a reset, or by standing still. */
void cpu_exit(int status) __attribute__((noreturn));

#endif
