// SPDX-License-Identifier: GPL-2.0
/*
 * The work items of a pool: KUnit links it, and lets them run for real.
 */
#include <linux/jiffies.h>

#include "fork.h"
#include "pool.h"
#include "tasks.h"

static void vrng_tasks_backoff_work(struct work_struct *work)
{
	vrng_pool_backoff_end(container_of(to_delayed_work(work), struct vrng_tasks,
					   backoff)->pool);
}

static void vrng_tasks_wipe_work(struct work_struct *work)
{
	vrng_pool_wipe(container_of(work, struct vrng_tasks, wipe)->pool);
}

/* Apart from the wiping: this one may have to wait while a fork is handled. */
static void vrng_tasks_seed_work(struct work_struct *work)
{
	struct vrng_tasks *tasks = container_of(work, struct vrng_tasks, seed);

	vrng_fork_late(tasks->fork, tasks->pool);
}

static void vrng_tasks_grow_work(struct work_struct *work)
{
	vrng_tasks_grow(container_of(to_delayed_work(work), struct vrng_tasks,
				     grow));
}

/**
 * vrng_tasks_init() - set up, with nothing to do
 * @tasks: to be filled
 * @pool: the pool
 * @fork: what handles VM forks
 *
 * Context: any.
 */
void vrng_tasks_init(struct vrng_tasks *tasks, struct vrng_pool *pool,
		     struct vrng_fork *fork)
{
	tasks->pool = pool;
	tasks->fork = fork;
	INIT_DELAYED_WORK(&tasks->backoff, vrng_tasks_backoff_work);
	INIT_WORK(&tasks->wipe, vrng_tasks_wipe_work);
	INIT_WORK(&tasks->seed, vrng_tasks_seed_work);
	INIT_DELAYED_WORK(&tasks->grow, vrng_tasks_grow_work);
}

/**
 * vrng_tasks_run() - schedule what the pool has to do; for &vrng_queue.work
 * @tasks: of the pool
 * @wipe: is there anything to wipe?
 * @seed: is there a seed to take?
 *
 * Context: any.
 */
void vrng_tasks_run(struct vrng_tasks *tasks, bool wipe, bool seed)
{
	if (wipe)
		schedule_work(&tasks->wipe);
	if (seed)
		schedule_work(&tasks->seed);
}

/**
 * vrng_tasks_defer() - end a back-off later; for &vrng_queue.defer
 * @tasks: of the pool
 * @ms: when
 *
 * Context: any.
 */
void vrng_tasks_defer(struct vrng_tasks *tasks, unsigned int ms)
{
	/* Bytes end a back-off too, and leave its timer. */
	cancel_delayed_work(&tasks->backoff);
	schedule_delayed_work(&tasks->backoff, msecs_to_jiffies(ms));
}

/**
 * vrng_tasks_grow() - allocate what is missing, and try again later if that fails
 * @tasks: of the pool
 *
 * Context: process context, sleeps. The next call has to follow vrng_tasks_cancel().
 * Return: true if all is there; false if another attempt will follow.
 */
bool vrng_tasks_grow(struct vrng_tasks *tasks)
{
	unsigned int ms = vrng_pool_grow(tasks->pool);

	if (ms)
		schedule_delayed_work(&tasks->grow, msecs_to_jiffies(ms));
	return !ms;
}

/**
 * vrng_tasks_cancel() - on return no work is running, or scheduled
 * @tasks: of a pool that is stopped and reclaimed, without readers
 *
 * Context: process context, sleeps; the fork's lock is not held.
 */
void vrng_tasks_cancel(struct vrng_tasks *tasks)
{
	cancel_delayed_work_sync(&tasks->grow);
	cancel_delayed_work_sync(&tasks->backoff);
	cancel_work_sync(&tasks->wipe);
	cancel_work_sync(&tasks->seed);
	/*
	 * Each of the two may have found work for the other before the pool was
	 * reclaimed, and may schedule it only now. After that there is none to find.
	 */
	cancel_work_sync(&tasks->wipe);
}
