// SPDX-License-Identifier: GPL-2.0
/*
 * What a VM fork sets in motion, and in which order; pure, KUnit drives it.
 *
 *	1. Mix the new ID and reseed at once. From here on this VM and its clones
 *	   draw different numbers, and no slow host can delay that.
 *	2. Early phase: the subscribers drop what they have prefetched, which the
 *	   clones have too, and mix in fresh entropy of the host. The ID is unique,
 *	   but it is no secret.
 *	3. Reseed: that entropy takes effect.
 *	4. Read the ID again. If it has changed, the VM was forked in the midst of
 *	   this, and what was drawn since is shared again: start over.
 *	5. Publish: a program that sees the new generation may draw random numbers
 *	   at once.
 *	6. Late phase.
 *
 * A fork between 4 and 5 is not seen by this run. The generation that it then
 * publishes is followed by another, from the notification that comes with the
 * fork; in between, a few microseconds, clones may see the same generation.
 *
 * The lock is held throughout. Notifications may run side by side; the second one
 * finds either the ID that the first has dealt with, or another fork.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "../common/krng.h"
#include "counter.h"
#include "pipeline.h"

/* Fixed: the same ID has the same hash on all machines. */
static const siphash_key_t vmgenid_id_hash_key = {
	{ 0x7265746172656e65, 0x676e6f6974617265 }
};

/**
 * vmgenid_id_hash() - a name for an ID that does not give it away
 * @id: the ID
 *
 * 64 bits cannot stand for 128: 2^64 IDs share each hash.
 *
 * Context: any.
 * Return: the hash.
 */
u64 vmgenid_id_hash(const struct vmgenid_id *id)
{
	return siphash_2u64(id->words[0], id->words[1], &vmgenid_id_hash_key);
}

/**
 * vmgenid_pipeline_init() - begin; the present ID counts as no fork
 * @pipeline: state
 * @ops: what it works on; only @read_id is called
 * @krng: the kernel RNG; the ID is mixed into it, so that machines that were
 *	started from one image differ
 *
 * Context: process context, sleeps.
 */
void vmgenid_pipeline_init(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_pipeline_ops *ops,
			   struct chv_krng *krng)
{
	mutex_init(&pipeline->lock);
	pipeline->ops = ops;
	pipeline->krng = krng;
	pipeline->generation = 0;
	pipeline->counters = (struct vmgenid_pipeline_counters) { 0 };
	mutex_lock(&pipeline->lock);
	ops->read_id(pipeline, &pipeline->id);
	krng->mix(krng, &pipeline->id, sizeof(pipeline->id));
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

/*
 * Has the machine been forked since this was last asked? All sources are asked each time,
 * so that a fork which several of them report is one fork.
 */
static bool vmgenid_pipeline_notice(struct vmgenid_pipeline *pipeline)
{
	bool forked = pipeline->ops->look(pipeline);
	struct vmgenid_id id;

	lockdep_assert_held(&pipeline->lock);
	pipeline->ops->read_id(pipeline, &id);
	if (!forked && !memcmp(&id, &pipeline->id, sizeof(id)))
		return false;
	pipeline->id = id;
	WRITE_ONCE(pipeline->counters.forks, pipeline->counters.forks + 1);
	return true;
}

static void vmgenid_pipeline_run(struct vmgenid_pipeline *pipeline, bool forked,
				 u32 min)
{
	struct vmgenid_pipeline_counters *counters = &pipeline->counters;
	const struct vmgenid_pipeline_ops *ops = pipeline->ops;
	struct chv_krng *krng = pipeline->krng;
	unsigned int round = 0;
	bool again;
	int err;

	do {
		if (!ops->vmfork(pipeline, &pipeline->id)) {
			krng->mix(krng, &pipeline->id, sizeof(pipeline->id));
			krng->reseed(krng);
		}
		ops->notify(pipeline, VMGENID_FORK_EARLY);
		err = krng->reseed(krng);
		/* A change after the last round is left to the next check. */
		again = ++round < VMGENID_PIPELINE_ROUNDS_MAX &&
			vmgenid_pipeline_notice(pipeline);
		forked |= again;
	} while (again);

	/*
	 * Publish even if the reseed failed: a program that does not learn of the
	 * fork goes on with what the clones have. A kernel RNG that is not ready
	 * has all that was mixed in its first seed.
	 */
	if (err && err != -ENODATA)
		WRITE_ONCE(counters->reseed_failures,
			   counters->reseed_failures + 1);
	if (forked)
		WRITE_ONCE(counters->last_fork_boottime_ns,
			   ktime_get_boottime_ns());
	pipeline->generation = vmgenid_counter_next(pipeline->generation, min);
	ops->publish(pipeline, pipeline->generation);
	ops->notify(pipeline, VMGENID_FORK_LATE);
}

/**
 * vmgenid_pipeline_check() - ask all sources; if one has changed, deal with the fork
 * @pipeline: state
 *
 * Context: process context, sleeps.
 * Return: true if one has.
 */
bool vmgenid_pipeline_check(struct vmgenid_pipeline *pipeline)
{
	bool forked;

	mutex_lock(&pipeline->lock);
	forked = vmgenid_pipeline_notice(pipeline);
	if (forked)
		vmgenid_pipeline_run(pipeline, true, 0);
	mutex_unlock(&pipeline->lock);
	return forked;
}

/**
 * vmgenid_pipeline_listen() - begin to be notified of forks
 * @pipeline: state
 *
 * No notification came for a fork since vmgenid_pipeline_init() read the ID: such
 * a fork is dealt with here.
 *
 * Context: process context, sleeps.
 * Return: 1 if there was one, 0 if not; or the error of @listen.
 */
int vmgenid_pipeline_listen(struct vmgenid_pipeline *pipeline)
{
	return pipeline->ops->listen(pipeline) ?: vmgenid_pipeline_check(pipeline);
}

/**
 * vmgenid_pipeline_trigger() - deal with a fork that no ID shows
 * @pipeline: state
 * @min: the least that the new generation should be
 *
 * If a source has changed as well, the same run deals with that.
 *
 * Context: process context, sleeps.
 */
void vmgenid_pipeline_trigger(struct vmgenid_pipeline *pipeline, u32 min)
{
	mutex_lock(&pipeline->lock);
	vmgenid_pipeline_run(pipeline, vmgenid_pipeline_notice(pipeline), min);
	mutex_unlock(&pipeline->lock);
}
