// SPDX-License-Identifier: GPL-2.0
/* What was found, kept up to date: a restored guest may meet another host. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>

#include "discovery.h"
#include "violation.h"

/**
 * commonhv_discovery_init() - get ready; nothing is found yet
 * @discovery: with @access set; zero otherwise
 *
 * Context: any.
 */
void commonhv_discovery_init(struct commonhv_discovery *discovery)
{
	mutex_init(&discovery->lock);
}

static void commonhv_discovery_report_found(const struct commonhv_info *info)
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

static void commonhv_discovery_report(const struct commonhv_info *info)
{
	char names[COMMONHV_VIOLATIONS_LEN];

	/* With nothing at all the load fails, and says so itself. */
	if (!commonhv_info_is_empty(info))
		commonhv_discovery_report_found(info);
	if (!info->head.violations)
		return;
	commonhv_violations_format(info->head.violations, names, sizeof(names));
	pr_warn_ratelimited("the hypervisor breaks the CommonHV specification: %s\n",
			    names);
}

/**
 * commonhv_discovery_is_current() - does a look show what was found last?
 * @discovery: the state
 * @look: a look that was taken just now
 *
 * Context: that of commonhv_discovery_read().
 * Return: true if nothing differs that a look shows; the rest of the list may.
 */
bool commonhv_discovery_is_current(const struct commonhv_discovery *discovery,
				   const struct commonhv_look *look)
{
	return commonhv_head_is_same(&discovery->look.head, &look->head) &&
	       !memcmp(&discovery->look.list0, &look->list0, sizeof(look->list0));
}

/**
 * commonhv_discovery_read() - find out what is there now
 * @discovery: the state
 * @look: a look that was taken just now
 *
 * Context: process context, sleeps. One caller at a time, of this and of
 * commonhv_discovery_show().
 */
void commonhv_discovery_read(struct commonhv_discovery *discovery,
			     const struct commonhv_look *look)
{
	struct commonhv_info *info = &discovery->info;
	struct commonhv_info *fresh = &discovery->fresh;
	bool same_interfaces;

	discovery->look = *look;
	commonhv_info_read(discovery->access, look, fresh);
	same_interfaces = commonhv_info_same_interfaces(info, fresh);
	if (!same_interfaces)
		discovery->is_shown = false;
	if (same_interfaces && commonhv_info_same_head(info, fresh))
		return;

	mutex_lock(&discovery->lock);
	*info = *fresh;
	mutex_unlock(&discovery->lock);
	commonhv_discovery_report(info);
}

/**
 * commonhv_discovery_destroy() - undo commonhv_discovery_init()
 * @discovery: not in use any more
 *
 * Context: any.
 */
void commonhv_discovery_destroy(struct commonhv_discovery *discovery)
{
	mutex_destroy(&discovery->lock);
}
