/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_KTIME_H
#define FUZZ_LINUX_KTIME_H

#include <linux/types.h>

extern u64 fuzz_now_ns;

#define ktime_get_ns()		fuzz_now_ns
#define ktime_get_boottime_ns()	fuzz_now_ns

#endif /* FUZZ_LINUX_KTIME_H */
