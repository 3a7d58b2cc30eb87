// SPDX-License-Identifier: GPL-2.0
/*
 * The generation as user space sees it: the state behind /dev/sysgenid; pure.
 * The functions neither wait nor wake: the caller wakes waiters after a change.
 */
#include <linux/errno.h>
#include <linux/minmax.h>

#include "counter.h"

/**
 * vmgenid_counter_next() - the generation after this one
 * @generation: this one
 * @min: a lower bound for the next one; 0 for none
 *
 * It wraps, and is never @generation, even if @min is: no watcher would notice.
 *
 * Context: any.
 * Return: the next generation.
 */
u32 vmgenid_counter_next(u32 generation, u32 min)
{
	u32 next = generation + 1;

	return min == generation ? next : max(min, next);
}

/**
 * vmgenid_counter_init() - begin with generation 0
 * @counter: state
 * @value: the word that user space reads
 *
 * Context: any.
 */
void vmgenid_counter_init(struct vmgenid_counter *counter, u32 *value)
{
	spin_lock_init(&counter->lock);
	counter->value = value;
	counter->serial = 0;
	counter->nr_tracked = 0;
	counter->nr_outdated = 0;
	WRITE_ONCE(*value, 0);
}

/**
 * vmgenid_counter_read() - what is the generation?
 * @counter: state
 *
 * Context: any.
 * Return: the generation.
 */
u32 vmgenid_counter_read(const struct vmgenid_counter *counter)
{
	return READ_ONCE(*counter->value);
}

/**
 * vmgenid_counter_set() - begin another generation
 * @counter: state; all its watchers are outdated from now on
 * @generation: another one than the present
 *
 * Context: process context.
 */
void vmgenid_counter_set(struct vmgenid_counter *counter, u32 generation)
{
	spin_lock(&counter->lock);
	counter->serial++;
	counter->nr_outdated = counter->nr_tracked;
	/*
	 * Pairs with the load in user space: a program that sees the generation
	 * finds the kernel RNG reseeded.
	 */
	smp_store_release(counter->value, generation);
	spin_unlock(&counter->lock);
}

/**
 * vmgenid_counter_is_settled() - has each tracked watcher acknowledged?
 * @counter: state
 *
 * Context: process context.
 * Return: true if none is outdated.
 */
bool vmgenid_counter_is_settled(struct vmgenid_counter *counter)
{
	bool settled;

	spin_lock(&counter->lock);
	settled = !counter->nr_outdated;
	spin_unlock(&counter->lock);
	return settled;
}

/**
 * vmgenid_watcher_open() - begin to watch; the generation counts as acknowledged
 * @watcher: state, to be untracked when the file is closed
 * @counter: what it watches
 *
 * Context: process context.
 */
void vmgenid_watcher_open(struct vmgenid_watcher *watcher,
			  struct vmgenid_counter *counter)
{
	spin_lock(&counter->lock);
	watcher->acked = counter->serial;
	watcher->tracked = false;
	spin_unlock(&counter->lock);
}

/**
 * vmgenid_watcher_next() - which generation is there to acknowledge?
 * @watcher: the watcher
 * @counter: what it watches
 * @generation: receives it
 *
 * Context: process context.
 * Return: true if there is one, which the watcher has not acknowledged.
 */
bool vmgenid_watcher_next(const struct vmgenid_watcher *watcher,
			  struct vmgenid_counter *counter, u32 *generation)
{
	bool outdated;

	spin_lock(&counter->lock);
	*generation = vmgenid_counter_read(counter);
	outdated = watcher->acked != counter->serial;
	spin_unlock(&counter->lock);
	return outdated;
}

/**
 * vmgenid_watcher_is_outdated() - is there a generation to acknowledge?
 * @watcher: the watcher
 * @counter: what it watches
 *
 * Context: process context.
 * Return: true if the watcher has not acknowledged the generation.
 */
bool vmgenid_watcher_is_outdated(const struct vmgenid_watcher *watcher,
				 struct vmgenid_counter *counter)
{
	u32 generation;

	return vmgenid_watcher_next(watcher, counter, &generation);
}

static void vmgenid_watcher_count_outdated(const struct vmgenid_watcher *watcher,
					   struct vmgenid_counter *counter,
					   int change)
{
	lockdep_assert_held(&counter->lock);
	if (watcher->tracked && watcher->acked != counter->serial)
		counter->nr_outdated += change;
}

/**
 * vmgenid_watcher_ack() - the watcher acknowledges a generation
 * @watcher: the watcher
 * @counter: what it watches
 * @generation: which one it has seen
 *
 * Context: process context.
 * Return: 1 if the watcher is tracked, so that the caller wakes those that wait for
 * it, else 0; or %-EINVAL if that is not the generation (any more).
 */
int vmgenid_watcher_ack(struct vmgenid_watcher *watcher,
			struct vmgenid_counter *counter, u32 generation)
{
	int err = -EINVAL;

	spin_lock(&counter->lock);
	if (generation == vmgenid_counter_read(counter)) {
		vmgenid_watcher_count_outdated(watcher, counter, -1);
		watcher->acked = counter->serial;
		err = watcher->tracked;
	}
	spin_unlock(&counter->lock);
	return err;
}

/**
 * vmgenid_watcher_track() - begin or end to track a watcher
 * @watcher: the watcher
 * @counter: what it watches
 * @track: which of the two
 *
 * Context: process context.
 * Return: true if that is a change.
 */
bool vmgenid_watcher_track(struct vmgenid_watcher *watcher,
			   struct vmgenid_counter *counter, bool track)
{
	bool changes;

	spin_lock(&counter->lock);
	changes = watcher->tracked != track;
	if (changes) {
		vmgenid_watcher_count_outdated(watcher, counter, -1);
		watcher->tracked = track;
		counter->nr_tracked += track ? 1 : -1;
		vmgenid_watcher_count_outdated(watcher, counter, 1);
	}
	spin_unlock(&counter->lock);
	return changes;
}
