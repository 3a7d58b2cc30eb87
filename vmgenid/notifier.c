// SPDX-License-Identifier: GPL-2.0
/* The notifier that other modules subscribe to. */
#include <linux/export.h>
#include <linux/notifier.h>

#include "notifier.h"

static BLOCKING_NOTIFIER_HEAD(vmgenid_fork_chain);

/**
 * vmgenid_fork_register() - be told of forks
 * @nb: called with an enum vmgenid_fork_event and a const struct vmgenid_fork,
 *	in a kernel thread; it may sleep, but everything waits for it: the
 *	reseed for the early phase, the next fork for both
 *
 * Forks are told one at a time, and each of them in both phases; only one that
 * is under way at the time of registration may be told in its late phase alone.
 *
 * Context: process context, sleeps.
 * Return: 0, or %-EEXIST if @nb is registered already.
 */
int vmgenid_fork_register(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&vmgenid_fork_chain, nb);
}
EXPORT_SYMBOL_GPL(vmgenid_fork_register);

/**
 * vmgenid_fork_unregister() - undo vmgenid_fork_register()
 * @nb: what was registered; on return it is not running and will not run again
 *
 * Context: process context, sleeps; not from a notifier.
 * Return: 0, or %-ENOENT if @nb is not registered.
 */
int vmgenid_fork_unregister(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&vmgenid_fork_chain, nb);
}
EXPORT_SYMBOL_GPL(vmgenid_fork_unregister);

/**
 * vmgenid_fork_notify() - tell the other modules
 * @event: the phase
 * @fork: the fork
 *
 * Context: process context, sleeps.
 */
void vmgenid_fork_notify(enum vmgenid_fork_event event,
			 const struct vmgenid_fork *fork)
{
	blocking_notifier_call_chain(&vmgenid_fork_chain, event, (void *)fork);
}
