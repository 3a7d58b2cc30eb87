/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_TASKS_H
#define VRNG_TASKS_H

#include <linux/workqueue.h>

struct vrng_fork;
struct vrng_pool;

/**
 * struct vrng_tasks - the work of a pool that takes process context
 * @pool: the pool
 * @fork: what handles VM forks
 * @backoff: ends a back-off
 * @wipe: wipes what is dirty
 * @seed: mixes the seed after a fork
 * @grow: allocates what is missing
 */
struct vrng_tasks {
	struct vrng_pool *pool;
	struct vrng_fork *fork;
	struct delayed_work backoff;
	struct work_struct wipe;
	struct work_struct seed;
	struct delayed_work grow;
};

void vrng_tasks_init(struct vrng_tasks *tasks, struct vrng_pool *pool,
		     struct vrng_fork *fork);
void vrng_tasks_run(struct vrng_tasks *tasks, bool wipe, bool seed);
void vrng_tasks_defer(struct vrng_tasks *tasks, unsigned int ms);
bool vrng_tasks_grow(struct vrng_tasks *tasks);
void vrng_tasks_cancel(struct vrng_tasks *tasks);

#endif /* VRNG_TASKS_H */
