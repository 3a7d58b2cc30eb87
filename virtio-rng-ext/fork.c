// SPDX-License-Identifier: GPL-2.0
/*
 * What the devices do about a VM fork: pure, KUnit links it.
 *
 * The clones have the same prefetched bytes. So the bytes of all devices, those
 * here and those on their way, are dropped before anything else happens. The
 * first new bytes are a seed for the kernel RNG, before any reader gets one.
 * The early phase waits for them for a moment, so that the reseed that follows
 * has them. Seeds that come later are mixed by vrng_fork_late(), which reseeds.
 */
#include <linux/jiffies.h>
#include <linux/string.h>

#include "fork.h"

/* Returns false if there is no seed. */
static bool vrng_fork_mix(struct vrng_fork *fork, struct vrng_pool *pool, long timeout)
{
	u8 seed[VRNG_POOL_SHORT_LEN];
	int len = vrng_pool_take_seed(pool, seed, sizeof(seed), timeout);

	if (!len)
		return false;
	fork->krng->mix(fork->krng, seed, len);
	memzero_explicit(seed, sizeof(seed));
	return true;
}

/**
 * vrng_fork_early() - the VM was forked; a reseed is to follow
 * @fork: what handles VM forks
 *
 * Context: process context, sleeps, for %VRNG_FORK_WAIT_MS at most.
 * Return: true if a seed was mixed into the kernel RNG.
 */
bool vrng_fork_early(struct vrng_fork *fork)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(VRNG_FORK_WAIT_MS);
	struct vrng_pool *pool;
	bool mixed = false;

	mutex_lock(&fork->lock);
	list_for_each_entry(pool, &fork->pools, fork_node)
		vrng_pool_drop(pool);
	list_for_each_entry(pool, &fork->pools, fork_node)
		vrng_pool_wipe(pool);
	list_for_each_entry(pool, &fork->pools, fork_node)
		mixed |= vrng_fork_mix(fork, pool, deadline - jiffies);
	mutex_unlock(&fork->lock);
	return mixed;
}

/**
 * vrng_fork_late() - reseed from a seed that came after vrng_fork_early()
 * @fork: what handles VM forks
 * @pool: whose seed it is; nothing happens if it has been taken
 *
 * Context: process context, sleeps.
 */
void vrng_fork_late(struct vrng_fork *fork, struct vrng_pool *pool)
{
	mutex_lock(&fork->lock);
	/* If this fails, what was mixed takes effect within a minute. */
	if (vrng_fork_mix(fork, pool, 0))
		fork->krng->reseed(fork->krng);
	mutex_unlock(&fork->lock);
}

/**
 * vrng_fork_add() - a pool is to be dropped on a fork
 * @fork: what handles VM forks
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
 * @fork: what handles VM forks
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
 * vrng_fork_init() - set up, without pools
 * @fork: to be filled
 * @krng: what is seeded after a fork
 *
 * Context: any.
 */
void vrng_fork_init(struct vrng_fork *fork, struct chv_krng *krng)
{
	mutex_init(&fork->lock);
	INIT_LIST_HEAD(&fork->pools);
	fork->krng = krng;
}
