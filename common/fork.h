/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMON_FORK_H
#define COMMON_FORK_H

#include <linux/notifier.h>

struct reseed;

/**
 * struct fork_subscription - a module's interest in forks of the machine
 * @early: see enum vmgenid_fork_event
 * @late: the same; may be NULL
 * @reseed: for when the kernel's own notifier is all there is
 * @nb: how we are called
 * @unregister: how that is undone; NULL for the kernel's own notifier
 *
 * The fields belong to fork.c.
 */
struct fork_subscription {
	void (*early)(struct fork_subscription *sub);
	void (*late)(struct fork_subscription *sub);
	struct reseed *reseed;
	struct notifier_block nb;
	int (*unregister)(struct notifier_block *nb);
};

int fork_subscribe(struct fork_subscription *sub,
		   void (*early)(struct fork_subscription *sub),
		   void (*late)(struct fork_subscription *sub),
		   struct reseed *reseed);
void fork_unsubscribe(struct fork_subscription *sub);

#endif /* COMMON_FORK_H */
