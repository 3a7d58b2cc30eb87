// SPDX-License-Identifier: GPL-2.0
/*
 * What a fork sets in motion, and in which order; pure, KUnit drives it.
 *
 *	1. Mix the new ID and reseed at once. From here on this machine and its
 *	   siblings draw different numbers, and no slow host can delay that.
 *	2. Early phase: the other modules drop what they have prefetched, which
 *	   the siblings have too, and mix in fresh entropy of the host. The ID is
 *	   unique, but it is no secret.
 *	3. Reseed: that entropy takes effect.
 *	4. Read the ID again. If it has changed, the machine was forked in the
 *	   midst of this, and what was drawn since is shared again: start over.
 *	5. Publish: a program that sees the new generation may draw random numbers
 *	   at once.
 *	6. Late phase.
 *
 * A fork between 4 and 5 is not seen by this run. The generation that it then
 * publishes is followed by another, from the notification that comes with the
 * fork; in between, a few microseconds, clones may see the same generation.
 *
 * The lock is held all along. Notifications may run side by side; the second one
 * finds either the ID that the first has dealt with, or another fork.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "../common/krng.h"
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
 * @krng: the kernel's RNG; the ID is mixed into it, so that machines that were
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
	pipeline->nr_forks = 0;
	pipeline->nr_reseed_failures = 0;
	pipeline->last_fork = 0;
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

static bool vmgenid_pipeline_notice(struct vmgenid_pipeline *pipeline)
{
	struct vmgenid_id id;

	lockdep_assert_held(&pipeline->lock);
	pipeline->ops->read_id(pipeline, &id);
	if (!memcmp(&id, &pipeline->id, sizeof(id)))
		return false;
	pipeline->id = id;
	WRITE_ONCE(pipeline->nr_forks, pipeline->nr_forks + 1);
	return true;
}

/* Steps 1 to 3. Returns the result of the last reseed. */
static int vmgenid_pipeline_renew(struct vmgenid_pipeline *pipeline)
{
	const struct vmgenid_pipeline_ops *ops = pipeline->ops;
	struct chv_krng *krng = pipeline->krng;

	if (!ops->vmfork || !ops->vmfork(pipeline, &pipeline->id)) {
		krng->mix(krng, &pipeline->id, sizeof(pipeline->id));
		krng->reseed(krng);
	}
	ops->notify(pipeline, VMGENID_FORK_EARLY);
	return krng->reseed(krng);
}

static void vmgenid_pipeline_run(struct vmgenid_pipeline *pipeline, bool forked,
				 u32 min)
{
	const struct vmgenid_pipeline_ops *ops = pipeline->ops;
	unsigned int round = 1;
	int err = vmgenid_pipeline_renew(pipeline);

	/* What changes after the last round is left for the next check to find. */
	while (round++ < VMGENID_PIPELINE_ROUNDS_MAX &&
	       vmgenid_pipeline_notice(pipeline)) {
		forked = true;
		err = vmgenid_pipeline_renew(pipeline);
	}
	/*
	 * Published all the same: a program that does not learn of the fork goes
	 * on with what its siblings have. An RNG that is not ready has all that
	 * was mixed in its first seed.
	 */
	if (err && err != -ENODATA)
		WRITE_ONCE(pipeline->nr_reseed_failures,
			   pipeline->nr_reseed_failures + 1);
	if (forked)
		WRITE_ONCE(pipeline->last_fork, ktime_get_boottime_ns());
	pipeline->generation = vmgenid_counter_next(pipeline->generation, min);
	ops->publish(pipeline, pipeline->generation);
	ops->notify(pipeline, VMGENID_FORK_LATE);
}

/**
 * vmgenid_pipeline_check() - if the ID has changed, deal with the fork
 * @pipeline: state
 *
 * Context: process context, sleeps.
 * Return: true if it has.
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
 * A fork since vmgenid_pipeline_init() looked at the ID was notified to nobody: it
 * is dealt with here.
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
 * If the ID has changed as well, the same run deals with that.
 *
 * Context: process context, sleeps.
 */
void vmgenid_pipeline_trigger(struct vmgenid_pipeline *pipeline, u32 min)
{
	mutex_lock(&pipeline->lock);
	vmgenid_pipeline_run(pipeline, vmgenid_pipeline_notice(pipeline), min);
	mutex_unlock(&pipeline->lock);
}
