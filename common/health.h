/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMON_HEALTH_H
#define COMMON_HEALTH_H

#include <linux/types.h>

#define RNG_HEALTH_HISTORY	16	/* words that a new one is compared with */
#define RNG_HEALTH_WINDOW	512	/* NIST SP 800-90B, 4.4.2, for non-binary sources */
#define RNG_HEALTH_RUN_CUTOFF	3	/* derived in health.c */
#define RNG_HEALTH_RECUR_CUTOFF	7	/* derived in health.c */

/**
 * enum rng_health_word - what one word is worth
 * @RNG_HEALTH_GOOD: not seen lately
 * @RNG_HEALTH_ZERO: zero: the source's way to say that it has nothing
 * @RNG_HEALTH_REPEAT: among the last %RNG_HEALTH_HISTORY words
 */
enum rng_health_word {
	RNG_HEALTH_GOOD,
	RNG_HEALTH_ZERO,
	RNG_HEALTH_REPEAT,
};

/**
 * struct rng_health - continuous health tests over 64-bit words
 * @history: the last words that were not zero
 * @history_len: how many of @history are valid
 * @history_next: where the next one goes
 * @run: how often the newest word came in a row
 * @window_len: words seen in this window of the proportion test
 * @window_recurrences: how many of them were in @history
 * @failed: a test failed; stays so until rng_health_reset()
 *
 * The caller serialises.
 */
struct rng_health {
	u64 history[RNG_HEALTH_HISTORY];
	unsigned int history_len;
	unsigned int history_next;
	unsigned int run;
	unsigned int window_len;
	unsigned int window_recurrences;
	bool failed;
};

void rng_health_reset(struct rng_health *health);
enum rng_health_word rng_health_check(struct rng_health *health, u64 word);

#endif /* COMMON_HEALTH_H */
