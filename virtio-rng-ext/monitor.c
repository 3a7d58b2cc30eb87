// SPDX-License-Identifier: GPL-2.0
/*
 * Samples the stream for the health tests: the first word of each answer of the
 * device, and one of each 256 bytes. What is judged at once, kilobytes of a large
 * answer, is judged before any of it is used; so the tests cost a fraction of the
 * copying. What they are for, a source that is stuck, empty or goes in short
 * circles, shows in the samples as it does in the whole.
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
 * Its first word is judged; but if a word is being put together of answers that
 * are shorter than one, that goes on.
 *
 * Context: any; the caller serialises.
 */
void vrng_monitor_begin(struct vrng_monitor *monitor)
{
	if (monitor->pos >= sizeof(monitor->word))
		monitor->pos = 0;
}

/*
 * The tests remember words, which somebody may use as a key by then: let them
 * have hashes, which are as equal and as different. That also makes zero, to
 * them a way to say "nothing", a value like any other.
 */
static void monitor_judge(struct vrng_monitor *monitor, const u8 *bytes)
{
	u64 word;

	memcpy(&word, bytes, sizeof(word));
	chv_health_check(&monitor->health, siphash_1u64(word, &monitor->key));
	memzero_explicit(&word, sizeof(word));
}

/* Less than a stride: a device may give its bytes one by one. */
static size_t monitor_collect(struct vrng_monitor *monitor, const u8 *buf,
			      size_t len)
{
	size_t n = min_t(size_t, len, VRNG_MONITOR_STRIDE - monitor->pos);
	size_t i;

	for (i = 0; i < n && monitor->pos + i < sizeof(u64); i++)
		monitor->word[monitor->pos + i] = buf[i];
	if (monitor->pos < sizeof(u64) && monitor->pos + n >= sizeof(u64)) {
		monitor_judge(monitor, monitor->word);
		memzero_explicit(monitor->word, sizeof(monitor->word));
	}
	monitor->pos = (monitor->pos + n) % VRNG_MONITOR_STRIDE;
	return n;
}

/**
 * vrng_monitor_check() - judge bytes before they are used
 * @monitor: the tests' state
 * @buf: the next bytes of the stream
 * @len: how many
 *
 * Context: any; the caller serialises.
 * Return: true while the source looks healthy; false for good once it does not.
 */
bool vrng_monitor_check(struct vrng_monitor *monitor, const u8 *buf, size_t len)
{
	size_t n;

	for (; len; buf += n, len -= n) {
		if (monitor->pos || len < VRNG_MONITOR_STRIDE) {
			n = monitor_collect(monitor, buf, len);
			continue;
		}
		monitor_judge(monitor, buf);
		n = VRNG_MONITOR_STRIDE;
	}
	return !monitor->health.failed;
}
