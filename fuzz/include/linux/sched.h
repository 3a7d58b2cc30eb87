/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_SCHED_H
#define FUZZ_LINUX_SCHED_H

#define cond_resched()		((void)0)

#endif /* FUZZ_LINUX_SCHED_H */
