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
#include <linux/random.h>
#include <linux/string.h>

#include "../common/fork.h"
#include "../common/reseed.h"
#include "device.h"
#include "vmfork.h"

#define VMFORK_WAIT_MS	50	/* for all devices together */

static DEFINE_MUTEX(vmfork_lock);
static LIST_HEAD(vmfork_devices);
static struct reseed *vmfork_reseed;
static struct fork_subscription vmfork_subscription;

static bool vmfork_mix_first(struct vrng_device *rng)
{
	u8 buf[VRNG_POOL_SHORT_LEN];
	int len = vrng_pool_take_first(&rng->pool, buf, sizeof(buf));

	if (!len)
		return false;
	add_device_randomness(buf, len);
	memzero_explicit(buf, sizeof(buf));
	return true;
}

static void vmfork_early(struct fork_subscription *sub)
{
	long left = msecs_to_jiffies(VMFORK_WAIT_MS);
	struct vrng_device *rng;

	mutex_lock(&vmfork_lock);
	list_for_each_entry(rng, &vmfork_devices, fork_node)
		vrng_pool_drop(&rng->pool);
	list_for_each_entry(rng, &vmfork_devices, fork_node) {
		left = wait_event_timeout(rng->waiters,
					  vrng_pool_has_first(&rng->pool), left);
		vmfork_mix_first(rng);
	}
	mutex_unlock(&vmfork_lock);
}

/**
 * vrng_vmfork_late() - reseed from the first bytes after a fork, if still to do
 * @rng: the device
 *
 * Context: kworker, sleeps.
 */
void vrng_vmfork_late(struct vrng_device *rng)
{
	mutex_lock(&vmfork_lock);
	if (vmfork_mix_first(rng))
		reseed_force(vmfork_reseed);
	mutex_unlock(&vmfork_lock);
}

/**
 * vrng_vmfork_add() - let forks concern a device
 * @rng: the device
 *
 * Context: process context, sleeps.
 */
void vrng_vmfork_add(struct vrng_device *rng)
{
	mutex_lock(&vmfork_lock);
	list_add_tail(&rng->fork_node, &vmfork_devices);
	mutex_unlock(&vmfork_lock);
}

/**
 * vrng_vmfork_remove() - undo vrng_vmfork_add()
 * @rng: the device
 *
 * Context: process context, sleeps: waits for a fork that is being handled.
 */
void vrng_vmfork_remove(struct vrng_device *rng)
{
	mutex_lock(&vmfork_lock);
	list_del_init(&rng->fork_node);
	mutex_unlock(&vmfork_lock);
}

/**
 * vrng_vmfork_init() - listen for forks
 *
 * Context: process context, sleeps.
 * Return: 0 or an error.
 */
int vrng_vmfork_init(void)
{
	int err;

	vmfork_reseed = reseed_open();
	if (IS_ERR(vmfork_reseed))
		pr_warn("no forced reseeds (%pe): what is mixed takes effect within a minute\n",
			vmfork_reseed);
	err = fork_subscribe(&vmfork_subscription, vmfork_early, NULL,
			     vmfork_reseed);
	if (err)
		reseed_close(vmfork_reseed);
	return err;
}

/**
 * vrng_vmfork_exit() - undo vrng_vmfork_init()
 *
 * Context: process context, sleeps.
 */
void vrng_vmfork_exit(void)
{
	fork_unsubscribe(&vmfork_subscription);
	reseed_close(vmfork_reseed);
}
