/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_KERNEL_H
#define FUZZ_LINUX_KERNEL_H

#include <stdio.h>

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

/* Messages go nowhere; the compiler still checks their formats. */
#define fuzz_no_message(...)	do { if (0) printf(__VA_ARGS__); } while (0)
#define pr_info_ratelimited(...) fuzz_no_message(__VA_ARGS__)
#define pr_warn_ratelimited(...) fuzz_no_message(__VA_ARGS__)

__attribute__((format(printf, 3, 4)))
int scnprintf(char *buf, size_t len, const char *format, ...);

#endif /* FUZZ_LINUX_KERNEL_H */
