// SPDX-License-Identifier: GPL-2.0
/*
 * What a fork of the virtual machine asks for.
 *
 * All bytes that are here or on their way are dropped, on all devices, before
 * anything else happens. The first that come then are the kernel's: with luck
 * before it reseeds, which waits for them for a moment, and if not they bring
 * about a reseed of their own. Readers come next.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <linux/string.h>

#include "../common/reseed.h"
#include "device.h"
#include "fork.h"

#define FORK_WAIT_MS	50	/* for all devices together */

static DEFINE_MUTEX(fork_lock);
static LIST_HEAD(fork_devices);
static struct reseed *fork_reseed;

static bool fork_mix_first(struct vrng_device *rng)
{
	u8 buf[VRNG_POOL_SHORT_LEN];
	int len = vrng_pool_take_first(&rng->pool, buf, sizeof(buf));

	if (!len)
		return false;
	add_device_randomness(buf, len);
	memzero_explicit(buf, sizeof(buf));
	return true;
}

static bool fork_early(void)
{
	long left = msecs_to_jiffies(FORK_WAIT_MS);
	struct vrng_device *rng;
	bool mixed = false;

	list_for_each_entry(rng, &fork_devices, fork_node)
		vrng_pool_drop(&rng->pool);
	list_for_each_entry(rng, &fork_devices, fork_node) {
		left = wait_event_timeout(rng->waiters,
					  vrng_pool_has_first(&rng->pool), left);
		mixed |= fork_mix_first(rng);
	}
	return mixed;
}

/**
 * vrng_fork_late() - reseed from the first bytes after a fork, if still to do
 * @rng: the device
 *
 * Context: kworker, sleeps.
 */
void vrng_fork_late(struct vrng_device *rng)
{
	mutex_lock(&fork_lock);
	if (fork_mix_first(rng))
		reseed_force(fork_reseed);
	mutex_unlock(&fork_lock);
}

static int fork_notify(struct notifier_block *nb, unsigned long event, void *data)
{
	mutex_lock(&fork_lock);
	if (fork_early())
		reseed_force(fork_reseed);
	mutex_unlock(&fork_lock);
	return NOTIFY_OK;
}

static struct notifier_block fork_nb = { .notifier_call = fork_notify };

/**
 * vrng_fork_add() - let forks concern a device
 * @rng: the device
 *
 * Context: process context, sleeps.
 */
void vrng_fork_add(struct vrng_device *rng)
{
	mutex_lock(&fork_lock);
	list_add_tail(&rng->fork_node, &fork_devices);
	mutex_unlock(&fork_lock);
}

/**
 * vrng_fork_remove() - undo vrng_fork_add()
 * @rng: the device
 *
 * Context: process context, sleeps: waits for a fork that is being handled.
 */
void vrng_fork_remove(struct vrng_device *rng)
{
	mutex_lock(&fork_lock);
	list_del_init(&rng->fork_node);
	mutex_unlock(&fork_lock);
}

/**
 * vrng_fork_init() - listen for forks
 *
 * Context: process context, sleeps.
 * Return: 0 or an error.
 */
int vrng_fork_init(void)
{
	int err;

	fork_reseed = reseed_open();
	if (IS_ERR(fork_reseed))
		pr_warn("no forced reseeds (%pe): what is mixed takes effect within a minute\n",
			fork_reseed);
	err = register_random_vmfork_notifier(&fork_nb);
	if (err)
		reseed_close(fork_reseed);
	return err;
}

/**
 * vrng_fork_exit() - undo vrng_fork_init()
 *
 * Context: process context, sleeps.
 */
void vrng_fork_exit(void)
{
	unregister_random_vmfork_notifier(&fork_nb);
	reseed_close(fork_reseed);
}
