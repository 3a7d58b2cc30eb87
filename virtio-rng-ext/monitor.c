// SPDX-License-Identifier: GPL-2.0
/*
 * Samples of the stream for the health tests: the first word of each answer, and
 * of each %VRNG_MONITOR_STRIDE bytes of a longer one. The bytes between samples
 * are used unseen, so the tests cost a fraction of the copying. A source that is
 * stuck, empty, or repeats a short sequence shows in the samples too.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "monitor.h"

/**
 * vrng_monitor_init() - begin with a source of which nothing is known
 * @monitor: zeroed memory
 * @key: random, and the monitor's own
 *
 * Context: any.
 */
void vrng_monitor_init(struct vrng_monitor *monitor, const siphash_key_t *key)
{
	monitor->key = *key;
	chv_health_reset(&monitor->health);
}

/**
 * vrng_monitor_begin() - what comes next is another answer of the device
 * @monitor: the tests' state
 *
 * The first word of an answer is judged. A word that is being put together from
 * answers shorter than a word is completed first.
 *
 * Context: any; the caller serialises.
 */
void vrng_monitor_begin(struct vrng_monitor *monitor)
{
	if (monitor->pos >= sizeof(monitor->word))
		monitor->pos = 0;
}

/**
 * vrng_monitor_check() - judge bytes before they are used
 * @monitor: the tests' state
 * @buf: the next bytes of the stream; any number, as a device may give its bytes
 *	one by one
 * @len: how many
 *
 * The tests remember words, and a word may be a key by then. So they get hashes,
 * which repeat where the words do. A hash is not zero, which the tests take for
 * "nothing": a source of zeros is stuck.
 *
 * Context: any; the caller serialises.
 * Return: true while the source looks healthy; false ever after it did not.
 */
bool vrng_monitor_check(struct vrng_monitor *monitor, const u8 *buf, size_t len)
{
	size_t n, i;
	u64 word;

	for (; len; buf += n, len -= n) {
		n = min_t(size_t, len, VRNG_MONITOR_STRIDE - monitor->pos);
		for (i = 0; i < n && monitor->pos + i < sizeof(word); i++)
			monitor->word[monitor->pos + i] = buf[i];
		if (monitor->pos < sizeof(word) && monitor->pos + n >= sizeof(word)) {
			memcpy(&word, monitor->word, sizeof(word));
			memzero_explicit(monitor->word, sizeof(word));
			chv_health_check(&monitor->health,
					 siphash_1u64(word, &monitor->key));
			memzero_explicit(&word, sizeof(word));
		}
		monitor->pos = (monitor->pos + n) % VRNG_MONITOR_STRIDE;
	}
	return !monitor->health.failed;
}
