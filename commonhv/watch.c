// SPDX-License-Identifier: GPL-2.0
/*
 * Watching the generation, which changes without a notification.
 *
 * The work sleeps where there is no generation. Each round of the worker learns whether
 * one has come, and asks for a look. A fork asks for a round, so such a look has to wait:
 * on a host whose generation never stays, forks and rounds would follow each other without
 * a pause.
 */
#include <linux/jiffies.h>

#include "../common/vmfork.h"
#include "generation.h"
#include "watch.h"

#define COMMONHV_WATCH_PAUSE_MS	100

static void commonhv_watch_run(struct work_struct *work)
{
	struct commonhv_watch *watch = container_of(to_delayed_work(work),
						    struct commonhv_watch, work);

	if (commonhv_generation_has_changed(watch->generation))
		chv_vmfork_check(watch->fork);
	/* Freezable: at resume there is a look of its own. */
	if (watch->interval_ms && commonhv_generation_is_present(watch->generation))
		queue_delayed_work(system_freezable_power_efficient_wq, &watch->work,
				   msecs_to_jiffies(watch->interval_ms));
}

/**
 * commonhv_watch_init() - initialise; there are no looks yet
 * @watch: with @generation, @fork and @interval_ms set; zero otherwise
 *
 * Context: any.
 */
void commonhv_watch_init(struct commonhv_watch *watch)
{
	spin_lock_init(&watch->lock);
	INIT_DELAYED_WORK(&watch->work, commonhv_watch_run);
}

/**
 * commonhv_watch_start() - begin to look
 * @watch: the watch; @fork is subscribed
 *
 * Context: process context.
 */
void commonhv_watch_start(struct commonhv_watch *watch)
{
	spin_lock(&watch->lock);
	watch->started = true;
	spin_unlock(&watch->lock);
	commonhv_watch_look(watch);
}

static void commonhv_watch_look_in(struct commonhv_watch *watch, unsigned int ms)
{
	spin_lock(&watch->lock);
	if (watch->started)
		mod_delayed_work(system_freezable_power_efficient_wq, &watch->work,
				 msecs_to_jiffies(ms));
	spin_unlock(&watch->lock);
}

/**
 * commonhv_watch_look() - look now, and not only when the interval is over
 * @watch: the watch; nothing happens while it is not started
 *
 * For events from outside: not for those that a fork causes.
 *
 * Context: process context.
 */
void commonhv_watch_look(struct commonhv_watch *watch)
{
	commonhv_watch_look_in(watch, 0);
}

/**
 * commonhv_watch_look_soon() - look after a pause
 * @watch: the watch; nothing happens while it is not started
 *
 * Context: process context.
 */
void commonhv_watch_look_soon(struct commonhv_watch *watch)
{
	commonhv_watch_look_in(watch, COMMONHV_WATCH_PAUSE_MS);
}

/**
 * commonhv_watch_stop() - undo commonhv_watch_start()
 * @watch: the watch
 *
 * Context: process context, sleeps: waits for a fork that is being handled.
 */
void commonhv_watch_stop(struct commonhv_watch *watch)
{
	spin_lock(&watch->lock);
	watch->started = false;
	spin_unlock(&watch->lock);
	cancel_delayed_work_sync(&watch->work);
}
