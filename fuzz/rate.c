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
	u128 busy, bytes;
	u64 since;
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

/* Anything, or what fills the window but for a nanosecond. */
static u64 rate_step(const struct rate_model *model, struct fuzz_input *in, u8 op)
{
	if (op & 0x80)
		return 4000000000ull - (u64)model->busy + fuzz_u8(in) % 3 - 1;
	return (u64)fuzz_u16(in) << (op >> 3 & 15) * 2;
}

FUZZ_TARGET(rate)
{
	struct vrng_rate rate = {};
	struct rate_model model = {};
	u64 now = 1ull << 62;	/* 146 years: the clock does not wrap */
	unsigned int bytes;

	vrng_rate_begin(&rate, now);
	model.since = now;
	while (in->left) {
		u8 op = fuzz_u8(in);
		u64 step = rate_step(&model, in, op);

		now = (op & 7) == 7 ? now - step : now + step;
		if ((op & 7) == 6) {
			vrng_rate_begin(&rate, now);
			model.since = now;
		} else {
			bytes = (u32)fuzz_u16(in) << (op & 2 ? 14 : 0);
			vrng_rate_account(&rate, bytes, now);
			rate_expect(&model, bytes, now);
		}
		fuzz_check(vrng_rate_get(&rate) == (model.last ?: rate_quotient(&model)));
	}
}
