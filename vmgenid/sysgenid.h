/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_SYSGENID_H
#define VMGENID_SYSGENID_H

#include <linux/miscdevice.h>
#include <linux/wait.h>

#include "counter.h"

struct device;

/**
 * struct vmgenid_sysgenid - /dev/sysgenid
 * @trigger: begin a new generation; has happened on return. May sleep.
 * @misc: the node
 * @page: what user space maps; the generation is its first word
 * @counter: the generation and its watchers
 * @outdated: woken when a generation begins
 * @settled: woken when a generation begins, and when a tracked watcher has
 *	acknowledged it or is tracked no longer
 */
struct vmgenid_sysgenid {
	void (*trigger)(struct vmgenid_sysgenid *sysgenid, u32 min);
	struct miscdevice misc;
	struct page *page;
	struct vmgenid_counter counter;
	wait_queue_head_t outdated;
	wait_queue_head_t settled;
};

int vmgenid_sysgenid_init(struct vmgenid_sysgenid *sysgenid,
			  struct device *parent);
int vmgenid_sysgenid_register(struct vmgenid_sysgenid *sysgenid,
			      struct device *parent);
void vmgenid_sysgenid_unregister(struct vmgenid_sysgenid *sysgenid);
void vmgenid_sysgenid_publish(struct vmgenid_sysgenid *sysgenid, u32 generation);

#endif /* VMGENID_SYSGENID_H */
