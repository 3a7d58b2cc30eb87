/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_JIFFIES_H
#define FUZZ_LINUX_JIFFIES_H

extern unsigned long fuzz_jiffies;

#define jiffies			fuzz_jiffies
#define msecs_to_jiffies(ms)	((unsigned long)(ms))

#endif /* FUZZ_LINUX_JIFFIES_H */
