// SPDX-License-Identifier: GPL-2.0
/* What stands for the kernel where a macro would not do, and what reports a finding. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/string_helpers.h>
#include <linux/wait.h>

#include <asm/barrier.h>

#include "fuzz.h"

struct fuzz_target *fuzz_targets;

static void fuzz_nothing(void)
{
}

u64 fuzz_now_ns;
unsigned long fuzz_jiffies;
void (*fuzz_on_wait)(void) = fuzz_nothing;
void (*fuzz_on_barrier)(void) = fuzz_nothing;

void fuzz_fail(const char *file, int line, const char *text)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, text);
	abort();
}

void fuzz_lock(struct fuzz_lock *lock)
{
	fuzz_check(!lock->is_held);
	lock->is_held = true;
}

void fuzz_unlock(struct fuzz_lock *lock)
{
	fuzz_check(lock->is_held);
	lock->is_held = false;
}

void fuzz_lock_assert(const struct fuzz_lock *lock, bool is_held)
{
	fuzz_check(lock->is_held == is_held);
}

void kfree_sensitive(const void *ptr)
{
	free((void *)ptr);
}

int scnprintf(char *buf, size_t len, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = vsnprintf(buf, len, format, args);
	va_end(args);
	fuzz_check(ret >= 0);
	if ((size_t)ret < len)
		return ret;
	return len ? len - 1 : 0;
}

int string_escape_mem(const char *src, size_t src_len, char *dst, size_t dst_len,
		      unsigned int flags, const char *only)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, j, len, used = 0;
	u8 byte;

	fuzz_check(flags == (ESCAPE_HEX | ESCAPE_NAP | ESCAPE_APPEND));
	fuzz_check(!strcmp(only, "\\"));
	for (i = 0; i < src_len; i++) {
		byte = src[i];
		len = byte >= 0x20 && byte < 0x7f && byte != '\\' ? 1 : 4;
		const char text[] = { len == 1 ? byte : '\\', 'x', hex[byte >> 4], hex[byte & 15] };

		for (j = 0; j < len; j++, used++)
			if (used < dst_len)
				dst[used] = text[j];
	}
	return used;
}
