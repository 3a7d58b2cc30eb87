/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_PIPELINE_H
#define VMGENID_PIPELINE_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "../common/vmfork.h"

/* A host that never stops changing the ID must not keep a generation unpublished. */
#define VMGENID_PIPELINE_ROUNDS_MAX	8

/**
 * struct vmgenid_id - a generation ID: 16 opaque bytes
 * @words: the bytes
 */
struct vmgenid_id {
	u64 words[2];
};

struct chv_krng;
struct vmgenid_pipeline;

/**
 * struct vmgenid_pipeline_ops - what the pipeline works on
 * @listen: have each notification of the firmware call vmgenid_pipeline_check();
 *	0 or a negative errno
 * @read_id: copy the ID as it is now, once: the host may change it at any time
 * @vmfork: hand the ID to the kernel's own function for a VM fork, which mixes it
 *	and reseeds; false if this module must not call it, or there is none
 * @look: has a subscriber that is a source of forks seen one since the last call?
 * @notify: call the subscribers
 * @publish: make a generation known to user space
 *
 * All may sleep, and all but @listen are called under the pipeline's lock.
 */
struct vmgenid_pipeline_ops {
	int (*listen)(struct vmgenid_pipeline *pipeline);
	void (*read_id)(struct vmgenid_pipeline *pipeline, struct vmgenid_id *id);
	bool (*look)(struct vmgenid_pipeline *pipeline);
	bool (*vmfork)(struct vmgenid_pipeline *pipeline,
		       const struct vmgenid_id *id);
	void (*notify)(struct vmgenid_pipeline *pipeline,
		       enum vmgenid_fork_phase phase);
	void (*publish)(struct vmgenid_pipeline *pipeline, u32 generation);
};

/**
 * struct vmgenid_pipeline_counters - what sysfs shows under the same names
 * @forks: how often the ID, or another source of forks, changed
 * @reseed_failures: generations published although the last reseed before that
 *	failed
 * @last_fork_boottime_ns: CLOCK_BOOTTIME just before the publication of the last
 *	generation that such a change began; 0 if there was none
 *
 * Each is an u64, which a table in sysfs.c relies on.
 */
struct vmgenid_pipeline_counters {
	u64 forks;
	u64 reseed_failures;
	u64 last_fork_boottime_ns;
};

/**
 * struct vmgenid_pipeline - VM forks, one at a time
 * @ops: see there
 * @krng: the kernel RNG
 * @lock: guards all below; the counters are read without it
 * @id: the ID when last read
 * @generation: the generation that was published last
 * @counters: see there
 */
struct vmgenid_pipeline {
	const struct vmgenid_pipeline_ops *ops;
	struct chv_krng *krng;
	struct mutex lock; /* guards all below */
	struct vmgenid_id id;
	u32 generation;
	struct vmgenid_pipeline_counters counters;
};

u64 vmgenid_id_hash(const struct vmgenid_id *id);
void vmgenid_pipeline_init(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_pipeline_ops *ops,
			   struct chv_krng *krng);
int vmgenid_pipeline_listen(struct vmgenid_pipeline *pipeline);
bool vmgenid_pipeline_check(struct vmgenid_pipeline *pipeline);
void vmgenid_pipeline_trigger(struct vmgenid_pipeline *pipeline, u32 min);
void vmgenid_pipeline_destroy(struct vmgenid_pipeline *pipeline);

#endif /* VMGENID_PIPELINE_H */
