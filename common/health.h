/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMON_HEALTH_H
#define COMMON_HEALTH_H

#include <linux/types.h>

#define CHV_HEALTH_HISTORY	16	/* words that a new one is compared with */
#define CHV_HEALTH_WINDOW	512	/* NIST SP 800-90B, 4.4.2, for non-binary sources */
#define CHV_HEALTH_RUN_CUTOFF	3	/* derived in health.c */
#define CHV_HEALTH_RECUR_CUTOFF	7	/* derived in health.c */

/**
 * enum chv_health_word - the worth of one word
 * @CHV_HEALTH_GOOD: not among the last %CHV_HEALTH_HISTORY words
 * @CHV_HEALTH_ZERO: zero, by which a source announces that it has nothing
 * @CHV_HEALTH_REPEAT: among the last %CHV_HEALTH_HISTORY words
 */
enum chv_health_word {
	CHV_HEALTH_GOOD,
	CHV_HEALTH_ZERO,
	CHV_HEALTH_REPEAT,
};

/**
 * struct chv_health - continuous health tests over 64-bit words
 * @history: the last words that were not zero
 * @history_len: how many of @history are valid
 * @history_next: where the next one goes
 * @run: how many times in a row the newest word came
 * @window_len: words seen in this window of the proportion test
 * @window_recurrences: how many of them were in @history
 * @failed: a test has failed; stays true until chv_health_reset()
 *
 * The caller serialises.
 */
struct chv_health {
	u64 history[CHV_HEALTH_HISTORY];
	unsigned int history_len;
	unsigned int history_next;
	unsigned int run;
	unsigned int window_len;
	unsigned int window_recurrences;
	bool failed;
};

void chv_health_reset(struct chv_health *health);
enum chv_health_word chv_health_check(struct chv_health *health, u64 word);

#endif /* COMMON_HEALTH_H */
