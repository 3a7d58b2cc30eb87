// SPDX-License-Identifier: GPL-2.0
/* What was found, kept up to date: a restored guest may meet another host. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>

#include "discovery.h"
#include "violation.h"

/**
 * commonhv_discovery_init() - get ready; nothing is found yet
 * @discovery: with @access and @draft set; zero otherwise
 *
 * Context: any.
 */
void commonhv_discovery_init(struct commonhv_discovery *discovery)
{
	mutex_init(&discovery->lock);
}

static void discovery_report_interfaces(const struct commonhv_info *info)
{
	const struct commonhv_head *head = &info->head;

	if (!head->present)
		pr_info_ratelimited("no CommonHV; %u interface(s) found by scan\n",
				    info->nr_interfaces);
	else if (head->rng)
		pr_info_ratelimited("CommonHV draft %d, %u interface(s), RNG in MSR %#x\n",
				    head->draft, info->nr_interfaces,
				    head->rng_msr);
	else
		pr_info_ratelimited("CommonHV draft %d, %u interface(s), no RNG\n",
				    head->draft, info->nr_interfaces);
}

static void discovery_report(const struct commonhv_info *info)
{
	char names[COMMONHV_VIOLATIONS_LEN];

	/* With nothing at all the load fails, and says so itself. */
	if (!commonhv_info_is_empty(info))
		discovery_report_interfaces(info);
	if (!info->head.violations)
		return;
	commonhv_violations_format(info->head.violations, names, sizeof(names));
	pr_warn_ratelimited("the hypervisor breaks the CommonHV specification: %s\n",
			    names);
}

/**
 * commonhv_discovery_look() - find out what is there now
 * @discovery: the state
 *
 * Context: process context, sleeps. One caller at a time, of this and of
 * commonhv_discovery_show().
 */
void commonhv_discovery_look(struct commonhv_discovery *discovery)
{
	struct commonhv_info *info = &discovery->info;
	struct commonhv_info *fresh = &discovery->fresh;
	bool same_interfaces;

	commonhv_info_read(discovery->access, discovery->draft, fresh);
	same_interfaces = commonhv_info_same_interfaces(info, fresh);
	if (!same_interfaces)
		discovery->is_shown = false;
	if (same_interfaces && commonhv_info_same_head(info, fresh))
		return;

	mutex_lock(&discovery->lock);
	*info = *fresh;
	mutex_unlock(&discovery->lock);
	discovery_report(info);
}

/**
 * commonhv_discovery_show() - show the interfaces that were found
 * @discovery: the state
 *
 * If they are the same as before their devices stay. If one differs, all are
 * made anew, as their numbers are their order. What fails is tried again the
 * next time.
 *
 * Context: process context, sleeps: uevents, readers that are waited for. One
 * caller at a time, of this and of commonhv_discovery_look().
 */
void commonhv_discovery_show(struct commonhv_discovery *discovery)
{
	int err;

	if (discovery->is_shown)
		return;
	commonhv_interface_set_remove(&discovery->interfaces);
	err = commonhv_interface_set_add(&discovery->interfaces,
					 &discovery->info);
	if (err)
		pr_warn_ratelimited("cannot show the interfaces: %pe\n",
				    ERR_PTR(err));
	discovery->is_shown = !err;
}

/**
 * commonhv_discovery_exit() - undo what was shown
 * @discovery: the state; nobody looks any more
 *
 * Context: process context, sleeps.
 */
void commonhv_discovery_exit(struct commonhv_discovery *discovery)
{
	commonhv_interface_set_remove(&discovery->interfaces);
	mutex_destroy(&discovery->lock);
}
