// SPDX-License-Identifier: GPL-2.0
/*
 * What a fork of the virtual machine asks for: pure, KUnit links it.
 *
 * All bytes that are here or on their way are dropped, on all devices, before
 * anything else happens. The first that come then are the kernel's: with luck
 * before it reseeds, which waits for them for a moment, and if not they bring
 * about a reseed of their own. Readers come next.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "fork.h"

static bool vrng_fork_mix(struct vrng_fork *fork, struct vrng_pool *pool)
{
	u8 buf[VRNG_POOL_SHORT_LEN];
	int len = vrng_pool_take_first(pool, buf, sizeof(buf));

	if (!len)
		return false;
	fork->krng->mix(fork->krng, buf, len);
	memzero_explicit(buf, sizeof(buf));
	return true;
}

/*
 * Not for a device that cannot answer, or has just shown that it has nothing:
 * the reseed that all of this is for waits as well.
 */
static void vrng_fork_wait(struct vrng_pool *pool, unsigned long deadline)
{
	long left = deadline - jiffies;

	if (left > 0)
		wait_event_timeout(pool->waiters,
				   vrng_pool_has_first(pool) ||
				   !vrng_pool_can_answer(pool), left);
}

/**
 * vrng_fork_early() - the machine was forked, and a reseed is to follow
 * @fork: the machine
 *
 * Context: process context, sleeps, for %VRNG_FORK_WAIT_MS at most.
 */
void vrng_fork_early(struct vrng_fork *fork)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(VRNG_FORK_WAIT_MS);
	struct vrng_pool *pool;

	mutex_lock(&fork->lock);
	list_for_each_entry(pool, &fork->pools, fork_node)
		vrng_pool_drop(pool);
	list_for_each_entry(pool, &fork->pools, fork_node)
		vrng_pool_wipe(pool);
	list_for_each_entry(pool, &fork->pools, fork_node) {
		vrng_fork_wait(pool, deadline);
		vrng_fork_mix(fork, pool);
	}
	mutex_unlock(&fork->lock);
}

/**
 * vrng_fork_late() - reseed from the first bytes after a fork, if still to do
 * @fork: the machine
 * @pool: for which vrng_pool_has_first() said so
 *
 * Context: process context, sleeps.
 */
void vrng_fork_late(struct vrng_fork *fork, struct vrng_pool *pool)
{
	mutex_lock(&fork->lock);
	/* If it fails, what was mixed takes effect within a minute. */
	if (vrng_fork_mix(fork, pool))
		fork->krng->reseed(fork->krng);
	mutex_unlock(&fork->lock);
}

/**
 * vrng_fork_add() - let forks concern a pool
 * @fork: the machine
 * @pool: the pool
 *
 * Context: process context, sleeps.
 */
void vrng_fork_add(struct vrng_fork *fork, struct vrng_pool *pool)
{
	mutex_lock(&fork->lock);
	list_add_tail(&pool->fork_node, &fork->pools);
	mutex_unlock(&fork->lock);
}

/**
 * vrng_fork_remove() - undo vrng_fork_add()
 * @fork: the machine
 * @pool: the pool
 *
 * Context: process context, sleeps: waits for a fork that is being handled.
 */
void vrng_fork_remove(struct vrng_fork *fork, struct vrng_pool *pool)
{
	mutex_lock(&fork->lock);
	list_del_init(&pool->fork_node);
	mutex_unlock(&fork->lock);
}

/**
 * vrng_fork_init() - a machine without pools
 * @fork: to be filled
 * @krng: where the first bytes after a fork go
 *
 * Context: any.
 */
void vrng_fork_init(struct vrng_fork *fork, struct chv_krng *krng)
{
	mutex_init(&fork->lock);
	INIT_LIST_HEAD(&fork->pools);
	fork->krng = krng;
}
