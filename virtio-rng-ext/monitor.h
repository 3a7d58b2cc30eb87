/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_MONITOR_H
#define VRNG_MONITOR_H

#include "../common/health.h"

#define VRNG_MONITOR_STRIDE	64	/* bytes of which the first eight are judged */

/**
 * struct vrng_monitor - health tests over a stream of bytes
 * @health: the tests, over 64-bit words
 * @word: of the word being judged, the bytes that came so far
 * @pos: place in the stride of the next byte
 *
 * The caller serialises.
 */
struct vrng_monitor {
	struct rng_health health;
	u8 word[sizeof(u64)];
	unsigned int pos;
};

void vrng_monitor_reset(struct vrng_monitor *monitor);
bool vrng_monitor_check(struct vrng_monitor *monitor, const u8 *buf, size_t len);

#endif /* VRNG_MONITOR_H */
