/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_DISCOVERY_H
#define COMMONHV_DISCOVERY_H

#include <linux/device.h>
#include <linux/mutex.h>

#include "interface_sysfs.h"

/**
 * struct commonhv_discovery - the interfaces that were found, and that are shown
 * @access: the way to the hypervisor
 * @lock: guards @info for readers; there is one writer
 * @info: the interfaces, as they were last read
 * @leaves: the writer's: the CommonHV leaves that @info is from
 * @fresh: the writer's: receives the next @info
 * @interfaces: the writer's: the devices that show @info.interfaces
 * @is_shown: the writer's: @interfaces are up to date
 */
struct commonhv_discovery {
	const struct commonhv_access *access;
	struct mutex lock; /* guards info for readers */
	struct commonhv_info info;
	struct commonhv_leaves leaves;
	struct commonhv_info fresh;
	struct commonhv_interface_set interfaces;
	bool is_shown;
};

extern const struct device_type commonhv_discovery_type;

void commonhv_discovery_init(struct commonhv_discovery *discovery);
void commonhv_discovery_destroy(struct commonhv_discovery *discovery);
bool commonhv_discovery_is_current(const struct commonhv_discovery *discovery,
				   const struct commonhv_leaves *leaves);
void commonhv_discovery_read(struct commonhv_discovery *discovery,
			     const struct commonhv_leaves *leaves);
void commonhv_discovery_show(struct commonhv_discovery *discovery);
void commonhv_discovery_hide(struct commonhv_discovery *discovery);

#endif /* COMMONHV_DISCOVERY_H */
