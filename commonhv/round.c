// SPDX-License-Identifier: GPL-2.0
/*
 * Rounds: what is done when, and in which order.
 *
 * An event (load, resume, a fork of the VM, a host that has changed) asks for all
 * of it: entropy from the host first, a reseed so that it takes effect, entropy
 * for the host, and the list of interfaces.
 *
 * Without an event a round reads the CommonHV leaves, and so finds a restore on
 * another host that nothing else announced. The MSR is read once in rounds 1, 2, 4,
 * 8 and so on. Its values may come from a pool that is never refilled, as a reviewer
 * proposed for Xen, and a fork will need them more than a kernel RNG that runs.
 */
#include <linux/log2.h>

#include "../common/krng.h"
#include "round.h"

/*
 * A generation ID is unique and not secret. The values that are read here, before
 * the reseed, make the random numbers of this clone differ from its siblings'.
 */
static bool commonhv_round_fork_early(struct chv_vmfork *fork)
{
	struct commonhv_round *round = container_of(fork, struct commonhv_round, fork);
	struct commonhv_leaves leaves;

	commonhv_rng_restart(&round->rng);
	return !commonhv_rng_refresh(&round->rng, COMMONHV_RNG_BATCH_MAX, &leaves) &&
	       commonhv_rng_is_healthy(&round->rng);
}

static bool commonhv_round_fork_look(struct chv_vmfork *fork)
{
	struct commonhv_round *round = container_of(fork, struct commonhv_round, fork);

	bool forked = commonhv_generation_look(&round->generation);

	fork->is_source = commonhv_generation_is_present(&round->generation);
	return forked;
}

/* The list and the rest can wait for the worker. */
static void commonhv_round_fork_late(struct chv_vmfork *fork)
{
	struct commonhv_round *round = container_of(fork, struct commonhv_round, fork);

	round->kick(round);
}

static void commonhv_round_moved(struct commonhv_rng *rng)
{
	struct commonhv_round *round = container_of(rng, struct commonhv_round, rng);

	round->kick(round);
}

/**
 * commonhv_round_init() - initialise; nothing is read yet
 * @round: with @kick, and what the inits of its parts ask for, set; zero otherwise
 * @quality: bits of entropy that 1024 bits read are trusted to have
 *
 * Context: process context, sleeps.
 */
void commonhv_round_init(struct commonhv_round *round, unsigned int quality)
{
	round->rng.moved = commonhv_round_moved;
	round->fork.look = commonhv_round_fork_look;
	round->fork.early = commonhv_round_fork_early;
	round->fork.late = commonhv_round_fork_late;
	round->fork.krng = round->rng.krng;
	commonhv_discovery_init(&round->discovery);
	commonhv_rng_init(&round->rng, quality);
	commonhv_generation_init(&round->generation);
}

/**
 * commonhv_round_destroy() - undo commonhv_round_init()
 * @round: no longer in use
 *
 * Context: process context, sleeps.
 */
void commonhv_round_destroy(struct commonhv_round *round)
{
	commonhv_generation_destroy(&round->generation);
	commonhv_rng_destroy(&round->rng);
	commonhv_discovery_destroy(&round->discovery);
}

/**
 * commonhv_round_resume() - the machine has slept, and may be on another host
 * @round: the state
 *
 * Context: process context, sleeps.
 */
void commonhv_round_resume(struct commonhv_round *round)
{
	commonhv_rng_restart(&round->rng);
	round->kick(round);
}

/* The number of values that a round without an event reads. */
static unsigned int commonhv_round_words(struct commonhv_round *round)
{
	unsigned int nr = ++round->nr_quiet;

	if (nr <= COMMONHV_ROUND_CREDIT_BATCHES &&
	    commonhv_rng_wants_credit(&round->rng))
		return COMMONHV_RNG_BATCH_MAX;
	return is_power_of_2(nr) ? 1 : 0;
}

/**
 * commonhv_round_run() - do a round
 * @round: the state
 * @event: there is a reason to think that something has changed
 *
 * Values that may be credited wait for commonhv_rng_credit().
 *
 * Context: process context, sleeps. One caller at a time.
 */
void commonhv_round_run(struct commonhv_round *round, bool event)
{
	struct commonhv_leaves leaves;

	if (!event) {
		commonhv_rng_refresh(&round->rng, commonhv_round_words(round), &leaves);
		commonhv_generation_update(&round->generation, &leaves.caps);
		if (commonhv_discovery_is_current(&round->discovery, &leaves))
			return;
	}
	round->nr_quiet = 0;
	if (!commonhv_rng_refresh(&round->rng, COMMONHV_RNG_BATCH_MAX, &leaves) &&
	    !commonhv_rng_reseed(&round->rng))
		commonhv_rng_offer(&round->rng);
	commonhv_generation_update(&round->generation, &leaves.caps);
	commonhv_discovery_read(&round->discovery, &leaves);
}
