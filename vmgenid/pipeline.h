/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_PIPELINE_H
#define VMGENID_PIPELINE_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "../common/vmfork.h"

/* A host that changes the ID all the time does not keep the guest from going on. */
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
 * @listen: let the firmware's notifications bring about vmgenid_pipeline_check();
 *	0 or a negative errno
 * @read_id: copy the ID as it is now, once: the host may change it at any time
 * @vmfork: hand the ID to the kernel's own function for a fork, which mixes it
 *	and reseeds; false if there is none for us to call. May be %NULL.
 * @notify: call the other modules
 * @publish: let user space know of a generation
 *
 * All may sleep, and all but @listen are called under the pipeline's lock.
 */
struct vmgenid_pipeline_ops {
	int (*listen)(struct vmgenid_pipeline *pipeline);
	void (*read_id)(struct vmgenid_pipeline *pipeline, struct vmgenid_id *id);
	bool (*vmfork)(struct vmgenid_pipeline *pipeline,
		       const struct vmgenid_id *id);
	void (*notify)(struct vmgenid_pipeline *pipeline,
		       enum vmgenid_fork_phase phase);
	void (*publish)(struct vmgenid_pipeline *pipeline, u32 generation);
};

/**
 * struct vmgenid_pipeline - forks, one at a time
 * @ops: see there
 * @krng: the kernel's RNG
 * @lock: guards all below; the statistics are read without
 * @id: the ID when last seen
 * @generation: the generation that was published last
 * @nr_forks: how often the ID changed
 * @nr_reseed_failures: generations published although the last reseed before
 *	that failed
 * @last_fork: when the last generation that a change of the ID began was about
 *	to be published, in ns of the boot time clock; 0 if there was none
 */
struct vmgenid_pipeline {
	const struct vmgenid_pipeline_ops *ops;
	struct chv_krng *krng;
	struct mutex lock; /* guards all below */
	struct vmgenid_id id;
	u32 generation;
	u64 nr_forks;
	u64 nr_reseed_failures;
	u64 last_fork;
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
