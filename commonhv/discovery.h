/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_DISCOVERY_H
#define COMMONHV_DISCOVERY_H

#include <linux/device.h>
#include <linux/mutex.h>

#include "interface_sysfs.h"

/**
 * struct commonhv_discovery - what has been found, and shown, up to now
 * @access: the way to the hypervisor
 * @draft: the draft to take for granted, or %COMMONHV_DRAFT_AUTO
 * @lock: guards @info for readers; there is one writer
 * @info: what is there
 * @fresh: the writer's: where the next look goes
 * @interfaces: the writer's: the devices that show @info.interfaces
 * @is_shown: the writer's: @interfaces are up to date
 */
struct commonhv_discovery {
	const struct commonhv_access *access;
	enum commonhv_draft draft;
	struct mutex lock; /* guards info for readers */
	struct commonhv_info info;
	struct commonhv_info fresh;
	struct commonhv_interface_set interfaces;
	bool is_shown;
};

extern const struct device_type commonhv_discovery_type;

void commonhv_discovery_init(struct commonhv_discovery *discovery);
void commonhv_discovery_look(struct commonhv_discovery *discovery);
void commonhv_discovery_show(struct commonhv_discovery *discovery);
void commonhv_discovery_exit(struct commonhv_discovery *discovery);

#endif /* COMMONHV_DISCOVERY_H */
