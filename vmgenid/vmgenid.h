/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vmgenid-ext.ko offers to other modules. Those of this project subscribe
 * through common/fork.h, which also works where vmgenid-ext is not loaded.
 */
#ifndef VMGENID_VMGENID_H
#define VMGENID_VMGENID_H

#include <linux/types.h>

struct notifier_block;

/**
 * enum vmgenid_fork_event - the two phases of a fork
 * @VMGENID_FORK_EARLY: before the kernel's RNG is reseeded. Drop entropy that
 *	was prefetched: the other machines have it too. Mix in what the host has
 *	to give: the generation ID is unique and not secret.
 * @VMGENID_FORK_LATE: the kernel's RNG gives output that no other machine has,
 *	and user space has been told
 */
enum vmgenid_fork_event {
	VMGENID_FORK_EARLY,
	VMGENID_FORK_LATE,
};

/**
 * struct vmgenid_fork - one fork, as notifiers get to know it
 * @generation: the generation that begins, the one that user space is told;
 *	wraps: compare with !=
 * @id_hash: stands for the generation ID without giving it away
 */
struct vmgenid_fork {
	u32 generation;
	u64 id_hash;
};

int vmgenid_fork_register(struct notifier_block *nb);
int vmgenid_fork_unregister(struct notifier_block *nb);

#endif /* VMGENID_VMGENID_H */
