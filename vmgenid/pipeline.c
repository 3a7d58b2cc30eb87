// SPDX-License-Identifier: GPL-2.0
/*
 * What a VM fork sets in motion, and in which order; pure, KUnit drives it.
 *
 *	1. Mix what the sources show and reseed at once. From here on this VM and its
 *	   clones draw different numbers, if one of the sources shows them different
 *	   things, and no slow host can delay that.
 *	2. Early phase: the subscribers drop what they have prefetched, which the
 *	   clones have too, and mix in fresh entropy of the host. A VM generation
 *	   ID is unique, and no secret; VMClock's counter is neither.
 *	3. Reseed: that entropy takes effect.
 *	4. Look again. If a source has changed, the VM was forked in the midst of
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
 * finds either what the first has dealt with, or another fork.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "../common/krng.h"
#include "counter.h"
#include "pipeline.h"

/* Fixed: the same mark has the same hash on all machines. */
static const siphash_key_t vmgenid_mark_hash_key = {
	{ 0x7265746172656e65, 0x676e6f6974617265 }
};

/**
 * vmgenid_mark_hash() - a name for a mark that does not give it away
 * @mark: the mark
 *
 * 64 bits cannot stand for 128: 2^64 marks share each hash.
 *
 * Context: any.
 * Return: the hash.
 */
u64 vmgenid_mark_hash(const struct vmgenid_mark *mark)
{
	return siphash_2u64(mark->words[0], mark->words[1], &vmgenid_mark_hash_key);
}

/* The first source with a mark, or NULL: one that is asked has none. */
static const struct vmgenid_source *
vmgenid_pipeline_first(const struct vmgenid_pipeline *pipeline)
{
	const struct vmgenid_sources *sources = pipeline->sources;
	unsigned int i;

	for (i = 0; i < sources->nr; i++)
		if (sources->all[i]->is_open && sources->all[i]->ops->read)
			return sources->all[i];
	return NULL;
}

static void vmgenid_pipeline_mix(struct vmgenid_pipeline *pipeline,
				 const struct vmgenid_source *but)
{
	const struct vmgenid_sources *sources = pipeline->sources;
	struct chv_krng *krng = pipeline->krng;
	unsigned int i;

	lockdep_assert_held(&pipeline->lock);
	for (i = 0; i < sources->nr; i++)
		if (sources->all[i]->is_open && sources->all[i]->ops->read &&
		    sources->all[i] != but)
			krng->mix(krng, &sources->all[i]->mark,
				  sizeof(sources->all[i]->mark));
}

/**
 * vmgenid_pipeline_init() - begin; what the sources show now counts as no fork
 * @pipeline: state
 * @ops: what it works on; not called
 * @sources: what tells of forks
 * @krng: the kernel RNG; the marks are mixed into it, so that machines that were
 *	started from one image differ
 *
 * Context: process context, sleeps.
 */
void vmgenid_pipeline_init(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_pipeline_ops *ops,
			   const struct vmgenid_sources *sources,
			   struct chv_krng *krng)
{
	mutex_init(&pipeline->lock);
	pipeline->ops = ops;
	pipeline->sources = sources;
	pipeline->krng = krng;
	pipeline->generation = 0;
	pipeline->is_dry = false;
	pipeline->counters = (struct vmgenid_pipeline_counters) { 0 };
	mutex_lock(&pipeline->lock);
	vmgenid_sources_begin(sources);
	vmgenid_pipeline_mix(pipeline, NULL);
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
	unsigned int i;

	for (i = 0; i < pipeline->sources->nr; i++)
		memzero_explicit(&pipeline->sources->all[i]->mark,
				 sizeof(pipeline->sources->all[i]->mark));
	mutex_destroy(&pipeline->lock);
}

static void vmgenid_pipeline_count(u64 *counter)
{
	WRITE_ONCE(*counter, *counter + 1);
}

/* Has there been a fork since this was last asked, or more to do about the last one? */
static bool vmgenid_pipeline_notice(struct vmgenid_pipeline *pipeline)
{
	lockdep_assert_held(&pipeline->lock);
	switch (vmgenid_sources_look(pipeline->sources)) {
	case VMGENID_REPORT_FORK:
		vmgenid_pipeline_count(&pipeline->counters.forks);
		return true;
	case VMGENID_REPORT_ECHO:
		/*
		 * Clones may differ in this alone. If so, what programs have drawn since
		 * the publication is shared, and they have to be told again.
		 */
		if (pipeline->is_dry)
			return true;
		vmgenid_pipeline_mix(pipeline, NULL);
		pipeline->krng->reseed(pipeline->krng);
		return false;
	case VMGENID_REPORT_NONE:
		break;
	}
	return false;
}

static void vmgenid_pipeline_reseed_at_once(struct vmgenid_pipeline *pipeline)
{
	const struct vmgenid_source *first = vmgenid_pipeline_first(pipeline);
	struct chv_krng *krng = pipeline->krng;

	/* The other marks before: the kernel's function reseeds. */
	vmgenid_pipeline_mix(pipeline, first);
	if (first && pipeline->ops->vmfork(pipeline, &first->mark))
		return;
	if (first)
		krng->mix(krng, &first->mark, sizeof(first->mark));
	krng->reseed(krng);
}

static void vmgenid_pipeline_run(struct vmgenid_pipeline *pipeline, bool forked,
				 u32 min)
{
	struct vmgenid_pipeline_counters *counters = &pipeline->counters;
	const struct vmgenid_pipeline_ops *ops = pipeline->ops;
	struct chv_krng *krng = pipeline->krng;
	unsigned int round = 0;
	bool again, fresh;
	int err;

	do {
		vmgenid_pipeline_reseed_at_once(pipeline);
		/* What came for a fork before this one is shared again. */
		fresh = ops->notify(pipeline, VMGENID_FORK_EARLY);
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
		vmgenid_pipeline_count(&counters->reseed_failures);
	pipeline->is_dry = !fresh && !ops->has_entropy(pipeline);
	if (pipeline->is_dry)
		vmgenid_pipeline_count(&counters->forks_without_entropy);
	if (forked)
		WRITE_ONCE(counters->last_fork_boottime_ns,
			   ktime_get_boottime_ns());
	pipeline->generation = vmgenid_counter_next(pipeline->generation, min);
	ops->publish(pipeline, pipeline->generation);
	ops->notify(pipeline, VMGENID_FORK_LATE);
}

/**
 * vmgenid_pipeline_restored() - the machine is resumed from a hibernation image
 * @pipeline: state
 *
 * The image may be resumed in several machines, of which none was loaded from a saved
 * state: what shows each load does not show that. So whatever is reported next is a fork.
 *
 * Context: process context, sleeps.
 */
void vmgenid_pipeline_restored(struct vmgenid_pipeline *pipeline)
{
	mutex_lock(&pipeline->lock);
	vmgenid_sources_forgive(pipeline->sources);
	mutex_unlock(&pipeline->lock);
}

/**
 * vmgenid_pipeline_check() - ask all sources; if one has changed, deal with the fork
 * @pipeline: state
 *
 * Context: process context, sleeps.
 * Return: true if there is another generation now.
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
 * vmgenid_pipeline_trigger() - deal with a fork that no source shows
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
