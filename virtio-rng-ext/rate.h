/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_RATE_H
#define VRNG_RATE_H

#include <linux/types.h>

/**
 * struct vrng_rate - how fast a device is while it is asked
 * @since: when the time that is not yet accounted began, in ns
 * @busy: time that a request was outstanding in this window, in ns
 * @bytes: what came of it
 * @last: bytes a second in the last full window; 0 before there was one
 *
 * The caller serialises.
 */
struct vrng_rate {
	u64 since;
	u64 busy;
	u64 bytes;
	u64 last;
};

void vrng_rate_begin(struct vrng_rate *rate, u64 now);
void vrng_rate_account(struct vrng_rate *rate, unsigned int bytes, u64 now);
u64 vrng_rate_get(const struct vrng_rate *rate);

#endif /* VRNG_RATE_H */
