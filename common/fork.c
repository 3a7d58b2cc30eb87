// SPDX-License-Identifier: GPL-2.0
/*
 * Forks of the machine, for modules that have entropy to drop or to give.
 *
 * vmgenid-ext, if it is loaded, tells of them in two phases, with the reseed
 * between. The kernel's own notifier comes after its reseed: what a module
 * mixes in then takes another. There is no such notifier, and nobody notices a
 * fork, on a kernel without a VM generation ID driver.
 *
 * A module that uses this says MODULE_SOFTDEP("pre: vmgenid-ext").
 */
#include <linux/module.h>
#include <linux/random.h>

#include "../vmgenid/vmgenid.h"
#include "fork.h"
#include "reseed.h"

static int fork_notify_vmgenid(struct notifier_block *nb, unsigned long event,
			       void *data)
{
	struct fork_subscription *sub =
		container_of(nb, struct fork_subscription, nb);

	switch (event) {
	case VMGENID_FORK_EARLY:
		sub->early(sub);
		break;
	case VMGENID_FORK_LATE:
		if (sub->late)
			sub->late(sub);
		break;
	}
	return NOTIFY_OK;
}

static int fork_notify_kernel(struct notifier_block *nb, unsigned long event,
			      void *data)
{
	struct fork_subscription *sub =
		container_of(nb, struct fork_subscription, nb);

	sub->early(sub);
	/* If it fails, what was mixed takes effect within a minute. */
	reseed_force(sub->reseed);
	if (sub->late)
		sub->late(sub);
	return NOTIFY_OK;
}

static int fork_register_vmgenid(struct fork_subscription *sub)
{
	int (*reg)(struct notifier_block *nb) = symbol_get(vmgenid_fork_register);
	int err;

	if (!reg)
		return -ENOENT;
	sub->nb.notifier_call = fork_notify_vmgenid;
	err = reg(&sub->nb);
	/* This reference keeps the module; the one for registering was for now. */
	if (!err)
		sub->unregister = symbol_get(vmgenid_fork_unregister);
	symbol_put(vmgenid_fork_register);
	return err;
}

/**
 * fork_subscribe() - be told of forks
 * @sub: zeroed; in use until fork_unsubscribe()
 * @early: drop what was prefetched, mix in what is fresh
 * @late: the RNG is reseeded; may be NULL
 * @reseed: from reseed_open(); may be an ERR_PTR
 *
 * Both are called in a kernel thread and may sleep. The kernel's own notifier
 * may call them side by side, vmgenid-ext does not. That cannot be unloaded
 * while it has subscribers, and is not considered if it is loaded later.
 *
 * Context: process context, sleeps.
 * Return: 0 or a negative errno.
 */
int fork_subscribe(struct fork_subscription *sub,
		   void (*early)(struct fork_subscription *sub),
		   void (*late)(struct fork_subscription *sub),
		   struct reseed *reseed)
{
	int err;

	sub->early = early;
	sub->late = late;
	sub->reseed = reseed;
	sub->unregister = NULL;
	err = fork_register_vmgenid(sub);
	if (err != -ENOENT)
		return err;
	sub->nb.notifier_call = fork_notify_kernel;
	/* Before others who use the RNG: to them it is reseeded. */
	sub->nb.priority = INT_MAX;
	return register_random_vmfork_notifier(&sub->nb);
}

/**
 * fork_unsubscribe() - undo fork_subscribe()
 * @sub: on return neither of its functions is running, or will be called
 *
 * Context: process context, sleeps; no lock that the functions take is held.
 */
void fork_unsubscribe(struct fork_subscription *sub)
{
	if (!sub->unregister) {
		unregister_random_vmfork_notifier(&sub->nb);
		return;
	}
	sub->unregister(&sub->nb);
	symbol_put(vmgenid_fork_unregister);
}
