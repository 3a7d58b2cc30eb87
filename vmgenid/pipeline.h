/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_PIPELINE_H
#define VMGENID_PIPELINE_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "../common/vmfork.h"
#include "source.h"

/* A host that never stops changing the ID must not keep a generation unpublished. */
#define VMGENID_PIPELINE_ROUNDS_MAX	8

struct chv_krng;
struct vmgenid_pipeline;

/**
 * struct vmgenid_pipeline_ops - what the pipeline works on
 * @vmfork: hand a mark to the kernel's own function for a VM fork, which mixes it
 *	and reseeds; false if this module must not call it, or there is none
 * @notify: call the subscribers. For the early phase: true if one of them has mixed
 *	fresh entropy of the host into the kernel RNG
 * @has_entropy: does each reseed take entropy from the processor?
 * @publish: make a generation known to user space
 *
 * All may sleep, and are called under the pipeline's lock.
 */
struct vmgenid_pipeline_ops {
	bool (*vmfork)(struct vmgenid_pipeline *pipeline,
		       const struct vmgenid_mark *mark);
	bool (*notify)(struct vmgenid_pipeline *pipeline,
		       enum vmgenid_fork_phase phase);
	bool (*has_entropy)(struct vmgenid_pipeline *pipeline);
	void (*publish)(struct vmgenid_pipeline *pipeline, u32 generation);
};

/**
 * struct vmgenid_pipeline_counters - what sysfs shows under the same names
 * @forks: how many forks the sources have shown
 * @reseed_failures: generations published although the last reseed before that
 *	failed
 * @forks_without_entropy: generations published although no fresh entropy came from the
 *	host or the processor: clones that see the same marks draw the same numbers
 * @last_fork_boottime_ns: CLOCK_BOOTTIME just before the publication of the last
 *	generation that a report of a source began; 0 if there was none
 *
 * Each is an u64, which a table in sysfs.c relies on.
 */
struct vmgenid_pipeline_counters {
	u64 forks;
	u64 reseed_failures;
	u64 forks_without_entropy;
	u64 last_fork_boottime_ns;
};

/**
 * struct vmgenid_pipeline - VM forks, one at a time
 * @ops: see there
 * @krng: the kernel RNG
 * @lock: guards all below; the counters are read without it
 * @sources: what tells of forks; their marks are guarded, too
 * @generation: the generation that was published last
 * @is_dry: no fresh entropy had come before that
 * @counters: see there
 */
struct vmgenid_pipeline {
	const struct vmgenid_pipeline_ops *ops;
	struct chv_krng *krng;
	struct mutex lock; /* guards all below */
	const struct vmgenid_sources *sources;
	u32 generation;
	bool is_dry;
	struct vmgenid_pipeline_counters counters;
};

u64 vmgenid_mark_hash(const struct vmgenid_mark *mark);
void vmgenid_pipeline_init(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_pipeline_ops *ops,
			   const struct vmgenid_sources *sources,
			   struct chv_krng *krng);
void vmgenid_pipeline_restored(struct vmgenid_pipeline *pipeline);
bool vmgenid_pipeline_check(struct vmgenid_pipeline *pipeline);
void vmgenid_pipeline_trigger(struct vmgenid_pipeline *pipeline, u32 min);
void vmgenid_pipeline_destroy(struct vmgenid_pipeline *pipeline);

#endif /* VMGENID_PIPELINE_H */
