/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_ROUND_H
#define COMMONHV_ROUND_H

#include "../common/vmfork.h"
#include "discovery.h"
#include "generation.h"
#include "rng.h"

/*
 * How many rounds after an event read full batches while the kernel RNG is not
 * ready. With a quality of 16 or more they add up to the 256 bits that it needs.
 */
#define COMMONHV_ROUND_CREDIT_BATCHES	16

/**
 * struct commonhv_round - what is done at events and at intervals
 * @discovery: the interfaces
 * @rng: the RNG MSR
 * @generation: what tells forks of the VM, where the hypervisor has it
 * @fork: what is done at a fork of the VM; the caller subscribes it
 * @kick: asks for a round because of an event. Any context.
 * @nr_quiet: rounds since the last event
 */
struct commonhv_round {
	struct commonhv_discovery discovery;
	struct commonhv_rng rng;
	struct commonhv_generation generation;
	struct chv_vmfork fork;
	void (*kick)(struct commonhv_round *round);
	unsigned int nr_quiet;
};

void commonhv_round_init(struct commonhv_round *round, unsigned int quality);
void commonhv_round_destroy(struct commonhv_round *round);
void commonhv_round_resume(struct commonhv_round *round);
void commonhv_round_run(struct commonhv_round *round, bool event);

#endif /* COMMONHV_ROUND_H */
