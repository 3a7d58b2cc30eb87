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
		pr_info("no CommonHV; %u interface(s) found by scan\n",
			info->nr_interfaces);
	else if (head->rng)
		pr_info("CommonHV draft %d, %u interface(s), RNG in MSR %#x\n",
			head->draft, info->nr_interfaces, head->rng_msr);
	else
		pr_info("CommonHV draft %d, %u interface(s), no RNG\n",
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

static void discovery_show_interfaces(struct commonhv_discovery *discovery)
{
	int err;

	commonhv_interface_set_remove(&discovery->interfaces);
	err = commonhv_interface_set_add(&discovery->interfaces,
					 &discovery->info);
	if (err)
		pr_warn_ratelimited("cannot show the interfaces: %pe\n",
				    ERR_PTR(err));
}

/**
 * commonhv_discovery_update() - look at the hypervisor, and show what is new
 * @discovery: the state
 *
 * The devices of interfaces that are the same as before stay. If one differs,
 * all are made anew, as their numbers are their order.
 *
 * Context: process context, sleeps. One caller at a time.
 */
void commonhv_discovery_update(struct commonhv_discovery *discovery)
{
	struct commonhv_info *info = &discovery->info;
	struct commonhv_info *fresh = &discovery->fresh;
	bool same_head, same_interfaces;

	commonhv_info_read(discovery->access, discovery->draft, fresh);
	same_head = commonhv_info_same_head(info, fresh);
	/* The second half is false after a failure to show them: try again. */
	same_interfaces = commonhv_info_same_interfaces(info, fresh) &&
			  discovery->interfaces.nr == info->nr_interfaces;
	if (same_head && same_interfaces)
		return;

	mutex_lock(&discovery->lock);
	*info = *fresh;
	mutex_unlock(&discovery->lock);
	discovery_report(info);
	if (!same_interfaces)
		discovery_show_interfaces(discovery);
}

/**
 * commonhv_discovery_exit() - undo what the updates showed
 * @discovery: the state; no update is running
 *
 * Context: process context, sleeps.
 */
void commonhv_discovery_exit(struct commonhv_discovery *discovery)
{
	commonhv_interface_set_remove(&discovery->interfaces);
	mutex_destroy(&discovery->lock);
}
