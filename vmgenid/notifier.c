// SPDX-License-Identifier: GPL-2.0
/* The notifier that other modules subscribe to. */
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/notifier.h>

#include "notifier.h"

static BLOCKING_NOTIFIER_HEAD(vmgenid_fork_chain);

/* Has there been a VM fork since the module was loaded? */
static bool vmgenid_fork_seen;

/**
 * vmgenid_fork_register() - be called at VM forks
 * @nb: called with an &enum vmgenid_fork_phase, in process context. It may sleep,
 *	but everything waits for it: the second reseed and the publication for
 *	the early phase, the next fork for both.
 *
 * Forks come one at a time, and each of them in both phases. Only one that is
 * under way at the time of registration may come in its late phase alone.
 * %VMGENID_FORK_LOOK comes whenever a fork is looked for.
 *
 * Context: process context, sleeps.
 * Return: 0; 1 if there may have been a fork since this module was loaded, for
 * a subscriber that was there and has yet to do its part; or %-EEXIST if @nb is
 * registered already.
 */
int vmgenid_fork_register(struct notifier_block *nb)
{
	int err = blocking_notifier_chain_register(&vmgenid_fork_chain, nb);

	/* After the chain's lock, as vmgenid_notifier_call() writes before it. */
	return err ?: READ_ONCE(vmgenid_fork_seen);
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

/* Of the last look. */
static bool vmgenid_notifier_was_exact;

static bool vmgenid_notifier_ask(struct vmgenid_source *source)
{
	struct vmgenid_fork_look look = {};

	blocking_notifier_call_chain(&vmgenid_fork_chain, VMGENID_FORK_LOOK, &look);
	vmgenid_notifier_was_exact = look.is_exact;
	return look.forked;
}

static bool vmgenid_notifier_is_exact(const struct vmgenid_source *source)
{
	return vmgenid_notifier_was_exact;
}

static const struct vmgenid_source_ops vmgenid_notifier_ops = {
	.name = "subscribers",
	.ask = vmgenid_notifier_ask,
	.is_exact = vmgenid_notifier_is_exact,
};

/* The subscribers, some of which may be sources of forks. */
struct vmgenid_source vmgenid_notifier_source = { .ops = &vmgenid_notifier_ops };

/**
 * vmgenid_notifier_call() - call the subscribers: @notify of the pipeline
 * @pipeline: not used, as there is one chain for one device
 * @phase: what for
 *
 * Context: process context, sleeps.
 * Return: true if one of them has mixed fresh entropy into the kernel RNG.
 */
bool vmgenid_notifier_call(struct vmgenid_pipeline *pipeline,
			   enum vmgenid_fork_phase phase)
{
	bool fresh = false;

	WRITE_ONCE(vmgenid_fork_seen, true);
	blocking_notifier_call_chain(&vmgenid_fork_chain, phase, &fresh);
	return fresh;
}
