/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_PROCESSOR_H
#define FUZZ_LINUX_PROCESSOR_H

#define cpu_relax()		((void)0)

#endif /* FUZZ_LINUX_PROCESSOR_H */
