// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>

#include <linux/string.h>

#include "krng_fake.h"

#define to_fake(krng_) container_of(krng_, struct fake_krng, krng)

static void fake_krng_record(struct chv_krng *krng, enum fake_krng_op op,
			     const void *buf, size_t len, size_t bits)
{
	struct fake_krng *fake = to_fake(krng);
	struct fake_krng_call *call;

	if (fake->nr_calls < FAKE_KRNG_MAX_CALLS) {
		fake->steps[fake->nr_calls] = op;
		call = &fake->calls[fake->nr_calls++];
		call->op = op;
		call->len = len;
		call->bits = bits;
		memcpy(call->words, buf, min(len, sizeof(call->words)));
	}
	if (fake->on_step)
		fake->on_step(fake, op);
}

static bool fake_krng_is_ready(struct chv_krng *krng)
{
	return to_fake(krng)->ready;
}

static void fake_krng_mix(struct chv_krng *krng, const void *buf, size_t len)
{
	fake_krng_record(krng, FAKE_KRNG_MIX, buf, len, 0);
}

static void fake_krng_credit(struct chv_krng *krng, const void *buf, size_t len,
			     size_t bits)
{
	fake_krng_record(krng, FAKE_KRNG_CREDIT, buf, len, bits);
}

static int fake_krng_reseed(struct chv_krng *krng)
{
	fake_krng_record(krng, FAKE_KRNG_RESEED, "", 0, 0);
	return to_fake(krng)->reseed_error;
}

static u64 fake_krng_draw(struct chv_krng *krng)
{
	u64 value = ++to_fake(krng)->nr_drawn;

	fake_krng_record(krng, FAKE_KRNG_DRAW, &value, sizeof(value), 0);
	return value;
}

/**
 * fake_krng_init() - an RNG that is ready, and that nothing was done to
 * @fake: to be filled
 */
void fake_krng_init(struct fake_krng *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->krng = (struct chv_krng) {
		.is_ready = fake_krng_is_ready,
		.mix = fake_krng_mix,
		.credit = fake_krng_credit,
		.reseed = fake_krng_reseed,
		.draw = fake_krng_draw,
	};
	fake->ready = true;
}

/**
 * fake_krng_forget() - forget all calls; what was set up stays
 * @fake: the RNG
 */
void fake_krng_forget(struct fake_krng *fake)
{
	fake->nr_calls = 0;
	memset(fake->calls, 0, sizeof(fake->calls));
	memset(fake->steps, 0, sizeof(fake->steps));
}
