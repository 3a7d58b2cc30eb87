// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/string.h>

#include "info.h"
#include "scan.h"

static_assert(COMMONHV_SCAN_MAX <= COMMONHV_INTERFACES_MAX);

/**
 * commonhv_info_read() - find all interfaces
 * @access: the way to the hypervisor
 * @leaves: from commonhv_caps_decode(), just now
 * @info: receives the result
 *
 * With CommonHV and N interfaces this costs N CPUIDs of CommonHV leaves, and one
 * for each interface. The scan, which costs 256, runs only without CommonHV.
 *
 * Context: any; too slow for an atomic one.
 */
void commonhv_info_read(const struct commonhv_access *access,
			const struct commonhv_leaves *leaves,
			struct commonhv_info *info)
{
	unsigned int i;

	/* The interfaces are compared bytewise later: no padding may differ. */
	memset(info, 0, sizeof(*info));
	info->caps = leaves->caps;
	if (!info->caps.present) {
		info->nr_interfaces = commonhv_scan(access, info->interfaces);
		return;
	}
	info->nr_interfaces = commonhv_list_decode(access, &info->caps,
						   &leaves->list0, info->interfaces);
	for (i = 0; i < info->nr_interfaces; i++)
		commonhv_interface_verify(access, &info->interfaces[i]);
}

/**
 * commonhv_info_is_empty() - is there nothing at all?
 * @info: from commonhv_info_read()
 *
 * Context: any.
 * Return: true with neither CommonHV nor any other interface.
 */
bool commonhv_info_is_empty(const struct commonhv_info *info)
{
	return !info->caps.present && !info->nr_interfaces;
}

/**
 * commonhv_info_same_interfaces() - are the same interfaces there?
 * @a: from commonhv_info_read()
 * @b: from commonhv_info_read()
 *
 * Context: any.
 * Return: true if they are, in the same order and with the same properties.
 */
bool commonhv_info_same_interfaces(const struct commonhv_info *a,
				   const struct commonhv_info *b)
{
	return a->nr_interfaces == b->nr_interfaces &&
	       !memcmp(a->interfaces, b->interfaces,
		       a->nr_interfaces * sizeof(a->interfaces[0]));
}
