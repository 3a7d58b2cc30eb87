/* SPDX-License-Identifier: GPL-2.0 */
/* The C library's own <limits.h> includes the system's file of this name. */
#ifndef FUZZ_LINUX_LIMITS_H
#define FUZZ_LINUX_LIMITS_H

#include_next <linux/limits.h>

#define U32_MAX			(~0U)

#endif /* FUZZ_LINUX_LIMITS_H */
