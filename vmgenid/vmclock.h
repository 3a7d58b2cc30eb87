/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_VMCLOCK_H
#define VMGENID_VMCLOCK_H

#include <linux/acpi.h>
#include <linux/atomic.h>
#include <linux/miscdevice.h>
#include <linux/wait.h>

#include "source.h"
#include "vmclock_page.h"

struct vmclock_page;

/**
 * struct vmgenid_vmclock - VMClock, a source of forks
 * @source: what the pipeline sees of it
 * @adev: the ACPI device, with a reference
 * @page: what the host writes
 * @phys: where that is, in pages and bytes
 * @len: its length in bytes
 * @state: what the last look found, an &enum vmgenid_vmclock_state; read without a lock
 * @told: the state that the log has
 * @misc: /dev/vmclock0, where the kernel has no driver that makes one
 * @has_node: @misc is registered
 * @disrupted: woken at each notification
 */
struct vmgenid_vmclock {
	struct vmgenid_source source;
	struct acpi_device *adev;
	const struct vmclock_page *page;
	u64 phys;
	u64 len;
	enum vmgenid_vmclock_state state;
	enum vmgenid_vmclock_state told;
	struct miscdevice misc;
	bool has_node;
	wait_queue_head_t disrupted;
};

extern struct vmgenid_vmclock vmgenid_vmclock;

void vmgenid_vmclock_tell(struct vmgenid_vmclock *vmclock);
void vmgenid_vmclock_node_register(struct vmgenid_vmclock *vmclock, struct device *parent);
void vmgenid_vmclock_node_unregister(struct vmgenid_vmclock *vmclock);

#endif /* VMGENID_VMCLOCK_H */
