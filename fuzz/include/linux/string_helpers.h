/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_STRING_HELPERS_H
#define FUZZ_LINUX_STRING_HELPERS_H

#include <linux/types.h>

/* With these flags, and for these bytes, alone: as signature.c calls it. */
#define ESCAPE_HEX		0x20
#define ESCAPE_NAP		0x80
#define ESCAPE_APPEND		0x800

int string_escape_mem(const char *src, size_t src_len, char *dst, size_t dst_len,
		      unsigned int flags, const char *only);

#endif /* FUZZ_LINUX_STRING_HELPERS_H */
