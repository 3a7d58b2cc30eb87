/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CONFORMANCE_PRINT_H
#define CONFORMANCE_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * A small printf: %s, %c, %u (uint32_t), %X (uint32_t, as in 4F000000H), %Q (uint64_t, the
 * same with 16 digits) and %R (a struct regs *: the 12 bytes of its signature, quoted).
 */
void print(const char *format, ...);
void format_text(char *buffer, size_t size, const char *format, va_list args);

#endif
