// SPDX-License-Identifier: GPL-2.0
/*
 * Samples the stream for the health tests, a word of each 64 bytes: that is the
 * core's reading size, so each read is judged before it is used, and the tests
 * cost a fraction of the copying. What they are for, a source that is stuck,
 * empty or goes in short circles, shows in the samples as it does in the whole.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "monitor.h"

/**
 * vrng_monitor_reset() - begin anew
 * @monitor: what it remembers is wiped
 *
 * Context: any; the caller serialises.
 */
void vrng_monitor_reset(struct vrng_monitor *monitor)
{
	memzero_explicit(monitor, sizeof(*monitor));
}

/*
 * Zero, for an RNG of which it is an answer like any other, is no way to say
 * "nothing", which the tests take it for: let them see a value.
 */
static void monitor_judge(struct vrng_monitor *monitor, const u8 *bytes)
{
	u64 word;

	memcpy(&word, bytes, sizeof(word));
	rng_health_check(&monitor->health, word ?: U64_MAX);
}

/* Less than a stride: a device may give its bytes one by one. */
static size_t monitor_collect(struct vrng_monitor *monitor, const u8 *buf,
			      size_t len)
{
	size_t n = min_t(size_t, len, VRNG_MONITOR_STRIDE - monitor->pos);
	size_t i;

	for (i = 0; i < n && monitor->pos + i < sizeof(u64); i++)
		monitor->word[monitor->pos + i] = buf[i];
	if (monitor->pos < sizeof(u64) && monitor->pos + n >= sizeof(u64))
		monitor_judge(monitor, monitor->word);
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
