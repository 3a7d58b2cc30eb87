// SPDX-License-Identifier: GPL-2.0
/*
 * Continuous health tests in the manner of NIST SP 800-90B, 4.4, adapted to a
 * source of 64-bit words.
 *
 * They find a source that is broken, never one that lies: a host that wants to
 * know the guest's random numbers passes every test.
 *
 * The standard's tests compare with one value. With wide words two values that
 * alternate would pass the repetition test, and would fail the proportion test only
 * after a window of 512 words, which is hours of polling. So a word counts as
 * recurring if it is among the last 16. The cutoffs assume that an honest word
 * has at least H = 16 bits of min-entropy, and allow a false alarm in 2^-30:
 *
 *	run:		1 + ceil(30 / 16) = 3 (4.4.1)
 *	recurrences:	a word recurs by chance with p = 16 * 2^-16, in a window
 *			of 512 that is 0.125 words on average; at least 7 of
 *			them have a probability of 2^-33, 6 would have 2^-28
 *			(4.4.2, Poisson's approximation)
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "health.h"

/**
 * chv_health_reset() - start over, with a source of which nothing is known
 * @health: the tests' state; what it remembers of the old source is wiped
 *
 * Context: any.
 */
void chv_health_reset(struct chv_health *health)
{
	memzero_explicit(health, sizeof(*health));
}

static bool chv_health_remembers(const struct chv_health *health, u64 word)
{
	unsigned int i;

	for (i = 0; i < health->history_len; i++)
		if (health->history[i] == word)
			return true;
	return false;
}

/**
 * chv_health_check() - judge a word from the source
 * @health: the tests' state; @failed in it is their verdict
 * @word: the word
 *
 * The tests ignore zero, by which sources announce that they have nothing.
 *
 * Context: any; the caller serialises.
 * Return: the worth of this word.
 */
enum chv_health_word chv_health_check(struct chv_health *health, u64 word)
{
	unsigned int newest = (health->history_next + CHV_HEALTH_HISTORY - 1) %
			      CHV_HEALTH_HISTORY;
	bool recurs;

	if (!word)
		return CHV_HEALTH_ZERO;
	recurs = chv_health_remembers(health, word);

	/* Repetition: runs of one word. */
	health->run = health->history[newest] == word ? health->run + 1 : 1;
	if (health->run >= CHV_HEALTH_RUN_CUTOFF)
		health->failed = true;

	/* Proportion: recurring words in a window. */
	if (health->window_len == CHV_HEALTH_WINDOW) {
		health->window_len = 0;
		health->window_recurrences = 0;
	}
	health->window_len++;
	health->window_recurrences += recurs;
	if (health->window_recurrences >= CHV_HEALTH_RECUR_CUTOFF)
		health->failed = true;

	health->history[health->history_next] = word;
	health->history_next = (health->history_next + 1) % CHV_HEALTH_HISTORY;
	if (health->history_len < CHV_HEALTH_HISTORY)
		health->history_len++;
	return recurs ? CHV_HEALTH_REPEAT : CHV_HEALTH_GOOD;
}
