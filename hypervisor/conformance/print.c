// SPDX-License-Identifier: GPL-2.0
#include "access.h"
#include "print.h"

/* Where text goes: to the serial port, or into a buffer, which it never overruns. */
struct out {
	char *buffer;
	size_t size, len;
};

static void put(struct out *out, char c)
{
	if (!out->buffer)
		put_char(c);
	else if (out->len + 1 < out->size)
		out->buffer[out->len++] = c;
}

static void put_text(struct out *out, const char *text)
{
	while (*text)
		put(out, *text++);
}

static void put_hex(struct out *out, uint32_t value, int digits)
{
	while (digits--)
		put(out, "0123456789ABCDEF"[value >> 4 * digits & 15]);
}

static void put_decimal(struct out *out, uint32_t value)
{
	char digits[10];
	int n = 0;

	do
		digits[n++] = '0' + value % 10;
	while (value /= 10);
	while (n)
		put(out, digits[--n]);
}

/* Trailing NULs are padding, and not shown. */
static void put_signature(struct out *out, const struct regs *regs)
{
	const uint32_t words[] = { regs->ebx, regs->ecx, regs->edx };
	unsigned int i, len = 0;

	for (i = 0; i < 12; i++)
		if (words[i / 4] >> i % 4 * 8 & 255)
			len = i + 1;
	put(out, '"');
	for (i = 0; i < len; i++) {
		uint8_t byte = words[i / 4] >> i % 4 * 8;

		if (byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\') {
			put(out, byte);
			continue;
		}
		put_text(out, "\\x");
		put_hex(out, byte, 2);
	}
	put(out, '"');
}

static void put_argument(struct out *out, char type, va_list *args)
{
	uint64_t value;

	switch (type) {
	case 's':
		put_text(out, va_arg(*args, const char *));
		break;
	case 'c':
		put(out, va_arg(*args, int));
		break;
	case 'u':
		put_decimal(out, va_arg(*args, uint32_t));
		break;
	case 'X':
		put_hex(out, va_arg(*args, uint32_t), 8);
		put(out, 'H');
		break;
	case 'Q':
		value = va_arg(*args, uint64_t);
		put_hex(out, value >> 32, 8);
		put_hex(out, value, 8);
		put(out, 'H');
		break;
	case 'R':
		put_signature(out, va_arg(*args, const struct regs *));
		break;
	}
}

static void print_args(struct out *out, const char *format, va_list *args)
{
	for (; *format; format++) {
		if (*format == '%')
			put_argument(out, *++format, args);
		else
			put(out, *format);
	}
}

void print(const char *format, ...)
{
	struct out out = {};
	va_list args;

	va_start(args, format);
	print_args(&out, format, &args);
	va_end(args);
}

void format_text(char *buffer, size_t size, const char *format, va_list args)
{
	struct out out = { buffer, size, 0 };
	va_list copy;

	va_copy(copy, args);
	print_args(&out, format, &copy);
	va_end(copy);
	buffer[out.len] = 0;
}
