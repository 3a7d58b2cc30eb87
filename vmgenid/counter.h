/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_COUNTER_H
#define VMGENID_COUNTER_H

#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct vmgenid_counter - the generation, and how many have yet to acknowledge it
 * @value: the generation, in a page that user space may have mapped; written
 *	under @lock, read at any time
 * @lock: guards all below, and the watchers; a leaf
 * @serial: counts the generations. The number that user space reads can wrap, and a
 *	trigger can set it: it may be one that a watcher has acknowledged before
 * @nr_tracked: watchers that asked to be waited for
 * @nr_outdated: how many of them have not acknowledged the generation
 */
struct vmgenid_counter {
	u32 *value;
	spinlock_t lock; /* guards all below, and the watchers */
	u64 serial;
	unsigned int nr_tracked;
	unsigned int nr_outdated;
};

/**
 * struct vmgenid_watcher - an open file
 * @acked: the serial number of the generation that it has acknowledged
 * @tracked: it asked to be waited for
 */
struct vmgenid_watcher {
	u64 acked;
	bool tracked;
};

u32 vmgenid_counter_next(u32 generation, u32 min);
void vmgenid_counter_init(struct vmgenid_counter *counter, u32 *value);
u32 vmgenid_counter_read(const struct vmgenid_counter *counter);
void vmgenid_counter_set(struct vmgenid_counter *counter, u32 generation);
bool vmgenid_counter_is_settled(struct vmgenid_counter *counter);

void vmgenid_watcher_open(struct vmgenid_watcher *watcher,
			  struct vmgenid_counter *counter);
bool vmgenid_watcher_is_outdated(const struct vmgenid_watcher *watcher,
				 struct vmgenid_counter *counter);
bool vmgenid_watcher_next(const struct vmgenid_watcher *watcher,
			  struct vmgenid_counter *counter, u32 *generation);
int vmgenid_watcher_ack(struct vmgenid_watcher *watcher,
			struct vmgenid_counter *counter, u32 generation);
bool vmgenid_watcher_track(struct vmgenid_watcher *watcher,
			   struct vmgenid_counter *counter, bool track);

#endif /* VMGENID_COUNTER_H */
