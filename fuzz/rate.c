// SPDX-License-Identifier: GPL-2.0
/*
 * The rate of a device: virtio-rng-ext/rate.c.
 *
 * Input: requests and answers, and a clock that may also go back.
 *
 * Rules: the quotient of what came and of the time that a request was out, over windows
 * of four seconds, computed with 128 bits.
 */
#include "../virtio-rng-ext/rate.h"
#include "fuzz.h"

struct rate_model {
	u64 since;
	unsigned __int128 busy, bytes;
	u64 last;
};

static u64 rate_quotient(const struct rate_model *model)
{
	u64 us = model->busy / 1000;

	return us ? (u64)(model->bytes * 1000000 / us) : 0;
}

static void rate_expect(struct rate_model *model, unsigned int bytes, u64 now)
{
	if (now > model->since)
		model->busy += now - model->since;
	model->since = now;
	model->bytes += bytes;
	if (model->busy >= 4000000000ull) {
		model->last = rate_quotient(model);
		model->busy = 0;
		model->bytes = 0;
	}
}

FUZZ_TARGET(rate)
{
	struct vrng_rate rate = {};
	struct rate_model model = {};
	u64 now = 1ull << 62;	/* 146 years: the clock does not wrap */

	while (in->left) {
		u8 op = fuzz_u8(in);
		u64 step = (u64)fuzz_u16(in) << (op >> 3);
		unsigned int bytes;

		now = op & 1 ? now - step : now + step;
		if ((op & 6) == 6) {
			vrng_rate_begin(&rate, now);
			model.since = now;
		} else {
			/* No buffer is larger. */
			bytes = (u32)fuzz_u16(in) << (op & 2 ? 4 : 0);
			vrng_rate_account(&rate, bytes, now);
			rate_expect(&model, bytes, now);
		}
		fuzz_check(vrng_rate_get(&rate) == (model.last ?: rate_quotient(&model)));
	}
}
