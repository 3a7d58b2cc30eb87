/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_GENERATION_H
#define COMMONHV_GENERATION_H

#include <linux/mutex.h>

#include "decode.h"

struct chv_krng;

/* A hostile host may change the generation at each read. */
#define COMMONHV_GENERATION_TRIES_MAX	8

/**
 * enum commonhv_generation_source - where the generation is read
 * @COMMONHV_GENERATION_NONE: there is none
 * @COMMONHV_GENERATION_CPUID: leaf 4F000005H
 * @COMMONHV_GENERATION_MSR: an MSR
 */
enum commonhv_generation_source {
	COMMONHV_GENERATION_NONE,
	COMMONHV_GENERATION_CPUID,
	COMMONHV_GENERATION_MSR,
};

/**
 * struct commonhv_generation - the generation of this machine (draft 3, chapter 9)
 * @access: the way to the hypervisor
 * @krng: the kernel RNG, into which each generation is mixed
 * @draft: the draft to assume, or %COMMONHV_DRAFT_AUTO
 * @lock: guards all below; taken within the locks of the fork pipeline
 * @begun: commonhv_generation_update() was called
 * @is_stale: the leaves do not agree with @source and @msr, and no look has followed
 * @has_differed: another one was read, or a fault, and no look has followed
 * @source: where it was found last
 * @msr: the index of the MSR, where @source is %COMMONHV_GENERATION_MSR
 * @value: the generation when last looked at; 0 if there was none
 * @changes: how often it was another one
 */
struct commonhv_generation {
	const struct commonhv_access *access;
	struct chv_krng *krng;
	enum commonhv_draft draft;
	struct mutex lock; /* guards all below */
	bool begun;
	bool is_stale;
	bool has_differed;
	enum commonhv_generation_source source;
	u32 msr;
	u64 value;
	u64 changes;
};

void commonhv_generation_init(struct commonhv_generation *generation);
void commonhv_generation_update(struct commonhv_generation *generation,
				const struct commonhv_caps *caps);
void commonhv_generation_destroy(struct commonhv_generation *generation);
bool commonhv_generation_is_present(struct commonhv_generation *generation);
bool commonhv_generation_is_stale(struct commonhv_generation *generation);
bool commonhv_generation_has_changed(struct commonhv_generation *generation);
bool commonhv_generation_look(struct commonhv_generation *generation);

#endif /* COMMONHV_GENERATION_H */
