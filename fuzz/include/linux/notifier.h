/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_NOTIFIER_H
#define FUZZ_LINUX_NOTIFIER_H

/* Part of a struct that no pure file looks into. */
struct notifier_block {
	int priority;
};

#endif /* FUZZ_LINUX_NOTIFIER_H */
