/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_STRING_H
#define FUZZ_LINUX_STRING_H

#include <string.h>

#include <linux/types.h>

static inline void memzero_explicit(void *buf, size_t len)
{
	memset(buf, 0, len);
	__asm__ volatile("" : : "r"(buf) : "memory");
}

/* Without the return value, for which nobody asks. */
static inline void strscpy(char *dst, const char *src, size_t len)
{
	size_t copied = strnlen(src, len - 1);

	memcpy(dst, src, copied);
	dst[copied] = '\0';
}

#endif /* FUZZ_LINUX_STRING_H */
