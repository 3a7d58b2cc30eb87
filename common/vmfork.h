/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VM forks: where their source and their subscribers meet. vmgenid-ext.ko exports
 * the functions below; the other modules subscribe through struct chv_vmfork,
 * which also works while vmgenid-ext is not loaded.
 */
#ifndef COMMON_VMFORK_H
#define COMMON_VMFORK_H

#include <linux/mutex.h>
#include <linux/notifier.h>

struct chv_krng;

/**
 * enum vmgenid_fork_phase - what a subscriber of vmgenid-ext is called for
 * @VMGENID_FORK_EARLY: the kernel RNG has been reseeded with what the sources show,
 *	which is not secret. Drop prefetched entropy, which the clones have too, and
 *	mix in what the hypervisor can give; another reseed follows. The data is a
 *	bool, to be set if fresh entropy was mixed in; %NULL from older releases.
 *	Comes again if the VM is forked once more meanwhile.
 * @VMGENID_FORK_LATE: that reseed has happened, and the new generation has been
 *	published
 * @VMGENID_FORK_LOOK: precedes the others: has the machine been forked since the last
 *	call? The data is a &struct vmgenid_fork_look
 *
 * The numbers stay: modules of different releases meet when a package is upgraded.
 */
enum vmgenid_fork_phase {
	VMGENID_FORK_EARLY,
	VMGENID_FORK_LATE,
	VMGENID_FORK_LOOK,
};

/**
 * struct vmgenid_fork_look - the answer of the subscribers that are sources of forks
 * @forked: one has seen a fork, and has mixed what it knows of it into the kernel RNG
 * @is_exact: one shows each fork, before the machine goes on
 */
struct vmgenid_fork_look {
	bool forked;
	bool is_exact;
};

int vmgenid_fork_register(struct notifier_block *nb);
int vmgenid_fork_unregister(struct notifier_block *nb);
void vmgenid_fork_check(void);

/**
 * struct chv_vmfork - a module's subscription to VM forks
 * @look: has the machine been forked since the last call? The new generation, or what
 *	tells it, is mixed into the kernel RNG. For a subscriber that has a source of
 *	forks; may be %NULL. Process context, sleeps; see chv_vmfork_check()
 * @is_source: @look has something to look at, which shows each fork. @look may change it
 * @early: drop what was prefetched, mix in what is fresh; true if there was
 *	something fresh. Process context, sleeps; the next reseed waits for it, so it
 *	bounds its own waits. Two calls may overlap.
 * @late: the kernel RNG is reseeded; may be %NULL. The same context.
 * @krng: reseeded between the two while vmgenid-ext is not loaded
 *
 * The rest belongs to vmfork.c:
 *
 * @lock: guards @leave and @check; taken before vmgenid-ext's, and within the module
 *	notifier's
 * @leave: undoes the registration with vmgenid-ext, which it keeps loaded; %NULL
 *	while not joined
 * @check: makes vmgenid-ext look for forks; %NULL while not joined
 * @joined_nb: called by vmgenid-ext
 * @kernel_nb: called by the in-tree driver
 * @module_nb: called when a module has been loaded
 */
struct chv_vmfork {
	bool (*look)(struct chv_vmfork *vmfork);
	bool is_source;
	bool (*early)(struct chv_vmfork *vmfork);
	void (*late)(struct chv_vmfork *vmfork);
	struct chv_krng *krng;
	struct mutex lock; /* guards leave and check */
	int (*leave)(struct notifier_block *nb);
	void (*check)(void);
	struct notifier_block joined_nb;
	struct notifier_block kernel_nb;
	struct notifier_block module_nb;
};

int chv_vmfork_subscribe(struct chv_vmfork *vmfork);
void chv_vmfork_check(struct chv_vmfork *vmfork);
void chv_vmfork_unsubscribe(struct chv_vmfork *vmfork);

#endif /* COMMON_VMFORK_H */
