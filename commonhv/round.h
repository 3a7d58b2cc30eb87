/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_ROUND_H
#define COMMONHV_ROUND_H

#include "../common/vmfork.h"
#include "discovery.h"
#include "rng.h"

/*
 * How many rounds after an event read full batches for an RNG of the kernel that
 * is not ready. With a quality of 16 or more they have the 256 bits it takes.
 */
#define COMMONHV_ROUND_CREDIT_BATCHES	16

/**
 * struct commonhv_round - what is done at events, and now and then
 * @discovery: what is there
 * @rng: the RNG MSR
 * @fork: what is done at a fork of the VM; not subscribed by this
 * @kick: asks for a round because of an event. Any context.
 * @nr_quiet: rounds since the last event
 */
struct commonhv_round {
	struct commonhv_discovery discovery;
	struct commonhv_rng rng;
	struct chv_vmfork fork;
	void (*kick)(struct commonhv_round *round);
	unsigned int nr_quiet;
};

void commonhv_round_init(struct commonhv_round *round, unsigned int quality);
void commonhv_round_destroy(struct commonhv_round *round);
void commonhv_round_resume(struct commonhv_round *round);
void commonhv_round_run(struct commonhv_round *round, bool event);

#endif /* COMMONHV_ROUND_H */
