/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_PIPELINE_H
#define VMGENID_PIPELINE_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "vmgenid.h"

/**
 * struct vmgenid_id - a generation ID: 16 bytes, in which nothing is to be read
 * @words: the bytes
 */
struct vmgenid_id {
	u64 words[2];
};

struct vmgenid_pipeline;

/**
 * struct vmgenid_pipeline_ops - what the pipeline works on
 * @read_id: copy the ID as it is now, once: the host may change it at any time
 * @notify: tell the other modules
 * @reseed: mix in the ID, and let the kernel's RNG take all that was mixed
 * @publish: tell user space of a generation
 *
 * All are called under the pipeline's lock, and may sleep.
 */
struct vmgenid_pipeline_ops {
	void (*read_id)(struct vmgenid_pipeline *pipeline, struct vmgenid_id *id);
	void (*notify)(struct vmgenid_pipeline *pipeline,
		       enum vmgenid_fork_event event,
		       const struct vmgenid_fork *fork);
	void (*reseed)(struct vmgenid_pipeline *pipeline,
		       const struct vmgenid_id *id);
	void (*publish)(struct vmgenid_pipeline *pipeline, u32 generation);
};

/**
 * struct vmgenid_pipeline - forks, one at a time
 * @ops: see there
 * @lock: guards all below; the statistics are read without
 * @id: the ID when last seen
 * @generation: the generation that was published last
 * @nr_forks: how often the ID changed
 * @last_fork: when the RNG had been reseeded after the last time, in ns of the
 *	boot time clock; 0 if never
 */
struct vmgenid_pipeline {
	const struct vmgenid_pipeline_ops *ops;
	struct mutex lock; /* guards all below */
	struct vmgenid_id id;
	u32 generation;
	u64 nr_forks;
	u64 last_fork;
};

u64 vmgenid_id_hash(const struct vmgenid_id *id);
void vmgenid_pipeline_init(struct vmgenid_pipeline *pipeline,
			   const struct vmgenid_pipeline_ops *ops);
bool vmgenid_pipeline_check(struct vmgenid_pipeline *pipeline);
void vmgenid_pipeline_trigger(struct vmgenid_pipeline *pipeline, u32 min);
void vmgenid_pipeline_destroy(struct vmgenid_pipeline *pipeline);

#endif /* VMGENID_PIPELINE_H */
