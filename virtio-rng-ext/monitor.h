/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_MONITOR_H
#define VRNG_MONITOR_H

#include <linux/siphash.h>

#include "../common/health.h"

#define VRNG_MONITOR_STRIDE	512	/* bytes of which the first eight are judged */

/**
 * struct vrng_monitor - health tests over a stream of bytes
 * @key: of the hash by which words are remembered
 * @health: the tests, over hashes of 64-bit words
 * @word: of the word being judged, the bytes that came so far
 * @pos: place in the stride of the next byte
 *
 * The caller serialises.
 */
struct vrng_monitor {
	siphash_key_t key;
	struct chv_health health;
	u8 word[sizeof(u64)];
	unsigned int pos;
};

void vrng_monitor_init(struct vrng_monitor *monitor, const siphash_key_t *key);
void vrng_monitor_begin(struct vrng_monitor *monitor);
bool vrng_monitor_check(struct vrng_monitor *monitor, const u8 *buf, size_t len);

#endif /* VRNG_MONITOR_H */
