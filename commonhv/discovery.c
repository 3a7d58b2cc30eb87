// SPDX-License-Identifier: GPL-2.0
/* The interfaces that were found. A restored guest may be on another host. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>

#include "discovery.h"
#include "violation.h"

/**
 * commonhv_discovery_init() - initialise; nothing is found yet
 * @discovery: with @access set; zero otherwise
 *
 * Context: any.
 */
void commonhv_discovery_init(struct commonhv_discovery *discovery)
{
	mutex_init(&discovery->lock);
}

static void commonhv_discovery_report(const struct commonhv_info *info)
{
	const struct commonhv_caps *caps = &info->caps;
	char names[COMMONHV_VIOLATIONS_LEN];

	/* With nothing at all the load fails, with a message of its own. */
	if (!caps->present && info->nr_interfaces)
		pr_info_ratelimited("no CommonHV; %u interface(s) found by scan\n",
				    info->nr_interfaces);
	else if (caps->present && caps->rng)
		pr_info_ratelimited("CommonHV draft %d, %u interface(s), RNG in MSR %#x\n",
				    caps->draft, info->nr_interfaces, caps->rng_msr);
	else if (caps->present)
		pr_info_ratelimited("CommonHV draft %d, %u interface(s), no RNG\n",
				    caps->draft, info->nr_interfaces);

	if (!caps->violations)
		return;
	commonhv_violations_format(caps->violations, names, sizeof(names));
	pr_warn_ratelimited("the hypervisor breaks the CommonHV specification: %s\n",
			    names);
}

/**
 * commonhv_discovery_is_current() - are the leaves those of the last read?
 * @discovery: the state
 * @leaves: from commonhv_caps_decode(), just now
 *
 * Context: that of commonhv_discovery_read().
 * Return: true if nothing differs in @leaves; the rest of the list may differ.
 */
bool commonhv_discovery_is_current(const struct commonhv_discovery *discovery,
				   const struct commonhv_leaves *leaves)
{
	return commonhv_caps_is_same(&discovery->leaves.caps, &leaves->caps) &&
	       !memcmp(&discovery->leaves.list0, &leaves->list0, sizeof(leaves->list0));
}

/**
 * commonhv_discovery_read() - find out which interfaces there are now
 * @discovery: the state
 * @leaves: from commonhv_caps_decode(), just now
 *
 * Context: process context, sleeps. One caller at a time, of this and of
 * commonhv_discovery_show().
 */
void commonhv_discovery_read(struct commonhv_discovery *discovery,
			     const struct commonhv_leaves *leaves)
{
	struct commonhv_info *info = &discovery->info;
	struct commonhv_info *fresh = &discovery->fresh;
	bool same_interfaces;

	discovery->leaves = *leaves;
	commonhv_info_read(discovery->access, leaves, fresh);
	same_interfaces = commonhv_info_same_interfaces(info, fresh);
	if (!same_interfaces)
		discovery->is_shown = false;
	if (same_interfaces && commonhv_caps_is_same(&info->caps, &fresh->caps))
		return;

	mutex_lock(&discovery->lock);
	*info = *fresh;
	mutex_unlock(&discovery->lock);
	commonhv_discovery_report(info);
}

/**
 * commonhv_discovery_destroy() - undo commonhv_discovery_init()
 * @discovery: no longer in use
 *
 * Context: any.
 */
void commonhv_discovery_destroy(struct commonhv_discovery *discovery)
{
	mutex_destroy(&discovery->lock);
}
