// SPDX-License-Identifier: GPL-2.0
/*
 * What a fork sets in motion, in the only order that is safe; pure.
 *
 * What was prefetched is on the other machines too, so it is dropped first. The
 * ID is unique but not secret, so the host's fresh entropy has to come before
 * the reseed. And whoever is told may ask for random numbers at once, so the
 * reseed comes before user space is told.
 *
 * The lock is held all along: notifications may run side by side, and the one
 * that comes second finds either the ID that the first has dealt with, or
 * another, which is another fork. A machine that is saved in the midst of this
 * goes on where it was, and then deals with the fork that it woke up to.
 */
#include <linux/ktime.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "counter.h"
#include "pipeline.h"

/**
 * vmgenid_id_hash() - a name for an ID that does not give it away
 * @id: the ID
 *
 * 64 bits cannot stand for 128: 2^64 IDs share each hash. With a fixed key, as
 * the same ID should have the same name on all machines.
 *
 * Context: any.
 * Return: the hash.
 */
u64 vmgenid_id_hash(const struct vmgenid_id *id)
{
	static const siphash_key_t key = { { 0x7265746172656e65, 0x676e6f6974617265 } };

	return siphash_2u64(id->words[0], id->words[1], &key);
}

/**
 * vmgenid_pipeline_init() - begin: the ID that is there now is no fork
 * @pipeline: state
 * @ops: what it works on; only @read_id is called
 *
 * Context: process context, sleeps.
 */
void vmgenid_pipeline_init(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_pipeline_ops *ops)
{
	mutex_init(&pipeline->lock);
	pipeline->ops = ops;
	pipeline->generation = 0;
	pipeline->nr_forks = 0;
	pipeline->last_fork = 0;
	mutex_lock(&pipeline->lock);
	ops->read_id(pipeline, &pipeline->id);
	mutex_unlock(&pipeline->lock);
}

/**
 * vmgenid_pipeline_destroy() - undo vmgenid_pipeline_init()
 * @pipeline: not in use any more
 *
 * Context: any.
 */
void vmgenid_pipeline_destroy(struct vmgenid_pipeline *pipeline)
{
	memzero_explicit(&pipeline->id, sizeof(pipeline->id));
	mutex_destroy(&pipeline->lock);
}

static bool pipeline_notice(struct vmgenid_pipeline *pipeline)
{
	struct vmgenid_id id;

	pipeline->ops->read_id(pipeline, &id);
	if (!memcmp(&id, &pipeline->id, sizeof(id)))
		return false;
	pipeline->id = id;
	return true;
}

/* Before it is told: who is told may look. */
static void pipeline_count(struct vmgenid_pipeline *pipeline)
{
	WRITE_ONCE(pipeline->nr_forks, pipeline->nr_forks + 1);
	WRITE_ONCE(pipeline->last_fork, ktime_get_boottime_ns());
}

static void pipeline_run(struct vmgenid_pipeline *pipeline, bool forked, u32 min)
{
	const struct vmgenid_pipeline_ops *ops = pipeline->ops;
	const struct vmgenid_fork fork = {
		.generation = vmgenid_counter_next(pipeline->generation, min),
		.id_hash = vmgenid_id_hash(&pipeline->id),
	};

	lockdep_assert_held(&pipeline->lock);
	ops->notify(pipeline, VMGENID_FORK_EARLY, &fork);
	ops->reseed(pipeline, &pipeline->id);
	pipeline->generation = fork.generation;
	if (forked)
		pipeline_count(pipeline);
	ops->publish(pipeline, fork.generation);
	ops->notify(pipeline, VMGENID_FORK_LATE, &fork);
}

/**
 * vmgenid_pipeline_check() - if the ID has changed, deal with the fork
 * @pipeline: state
 *
 * Context: a kernel thread's, sleeps.
 * Return: true if it has.
 */
bool vmgenid_pipeline_check(struct vmgenid_pipeline *pipeline)
{
	bool forked;

	mutex_lock(&pipeline->lock);
	forked = pipeline_notice(pipeline);
	if (forked)
		pipeline_run(pipeline, forked, 0);
	mutex_unlock(&pipeline->lock);
	return forked;
}

/**
 * vmgenid_pipeline_trigger() - deal with a fork that the ID does not tell of
 * @pipeline: state
 * @min: the least that the new generation should be
 *
 * One that it does tell of, if there is one, is dealt with by the same run.
 *
 * Context: a kernel thread's, sleeps.
 */
void vmgenid_pipeline_trigger(struct vmgenid_pipeline *pipeline, u32 min)
{
	mutex_lock(&pipeline->lock);
	pipeline_run(pipeline, pipeline_notice(pipeline), min);
	mutex_unlock(&pipeline->lock);
}
