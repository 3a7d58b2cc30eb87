/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_FAKE_H
#define VMGENID_FAKE_H

#include "../vmgenid/pipeline.h"
#include "krng_fake.h"

#define NR_FORKS	20
#define ONE_FORK	"mrErPL"
#define ONE_FORK_LEN	(sizeof(ONE_FORK) - 1)

/**
 * struct fake_machine - what the pipeline works on, recorded
 * @pipeline: state under test
 * @id_source: shows @id
 * @asked_source: reports what is set in @reported
 * @all: both
 * @sources: the same
 * @id: the ID that the hypervisor shows
 * @is_exact: that source shows each fork
 * @is_fresh: the early phase brings fresh entropy
 * @has_entropy: the processor has some
 * @reported: another source has seen a fork
 * @inside: the task that is within a run; a second one is a mistake
 * @overlaps: how often that was seen
 * @during_early: what happens while the early phase is under way
 * @nr_early: for @during_early to count with
 * @published: the generations that were published
 * @nr_published: how many
 * @krng: what happens to the kernel RNG
 * @has_vmfork: the kernel's own function for a fork can be called
 * @vmforked_with: the ID that it got last
 * @steps: m)ix, r)eseed, v)mfork, E)arly, P)ublish, L)ate; last, so that KASAN
 *	sees an overrun
 */
struct fake_machine {
	struct vmgenid_pipeline pipeline;
	struct vmgenid_source id_source, asked_source;
	struct vmgenid_source *all[2];
	struct vmgenid_sources sources;
	struct vmgenid_mark id;
	bool is_exact;
	bool is_fresh;
	bool has_entropy;
	bool reported;
	struct task_struct *inside;
	atomic_t overlaps;
	void (*during_early)(struct fake_machine *m);
	unsigned int nr_early;
	u32 published[NR_FORKS];
	unsigned int nr_published;
	struct fake_krng krng;
	bool has_vmfork;
	struct vmgenid_mark vmforked_with;
	char steps[ONE_FORK_LEN * NR_FORKS + 1];
};

#define to_machine(p) container_of(p, struct fake_machine, pipeline)

struct kunit;

int fake_machine_init(struct kunit *test);
void fake_machine_exit(struct kunit *test);

#endif /* VMGENID_FAKE_H */
