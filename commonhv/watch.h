/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_WATCH_H
#define COMMONHV_WATCH_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct chv_vmfork;
struct commonhv_generation;

/**
 * struct commonhv_watch - looks at the generation, now and again
 * @generation: what is looked at
 * @fork: what is told of a change
 * @interval_ms: milliseconds between two looks; 0: only when asked
 * @lock: guards @started
 * @started: looks are allowed
 * @work: the look
 */
struct commonhv_watch {
	struct commonhv_generation *generation;
	struct chv_vmfork *fork;
	unsigned int interval_ms;
	spinlock_t lock; /* guards started */
	bool started;
	struct delayed_work work;
};

void commonhv_watch_init(struct commonhv_watch *watch);
void commonhv_watch_start(struct commonhv_watch *watch);
void commonhv_watch_look(struct commonhv_watch *watch);
void commonhv_watch_look_soon(struct commonhv_watch *watch);
void commonhv_watch_stop(struct commonhv_watch *watch);

#endif /* COMMONHV_WATCH_H */
