/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KRNG_FAKE_H
#define KRNG_FAKE_H

#include "../common/krng.h"

#define FAKE_KRNG_MAX_CALLS	256
#define FAKE_KRNG_MAX_WORDS	16

/* The letters that fake_krng.steps is made of. */
enum fake_krng_op {
	FAKE_KRNG_MIX	 = 'm',
	FAKE_KRNG_CREDIT = 'c',
	FAKE_KRNG_RESEED = 'r',
	FAKE_KRNG_DRAW	 = 'd',
};

struct fake_krng_call {
	enum fake_krng_op op;
	size_t len;		/* bytes mixed or credited */
	size_t bits;		/* credited */
	u64 words[FAKE_KRNG_MAX_WORDS];	/* the first of the bytes, or what was drawn */
};

/**
 * struct fake_krng - a kernel RNG that records what is done to it
 * @krng: give this to the code under test
 * @ready: is it seeded?
 * @reseed_error: what a reseed returns
 * @on_step: called at each step, if set
 * @data: for @on_step
 * @nr_calls: how many of @calls are valid
 * @calls: in order
 * @steps: the same as a string, see &enum fake_krng_op; last, where KASAN sees
 *	an overrun
 *
 * What is drawn counts up from 1, so that no two values are alike.
 */
struct fake_krng {
	struct chv_krng krng;
	bool ready;
	int reseed_error;
	void (*on_step)(struct fake_krng *fake, enum fake_krng_op op);
	void *data;
	u64 nr_drawn;
	unsigned int nr_calls;
	struct fake_krng_call calls[FAKE_KRNG_MAX_CALLS];
	char steps[FAKE_KRNG_MAX_CALLS + 1];
};

void fake_krng_init(struct fake_krng *fake);
void fake_krng_forget(struct fake_krng *fake);

#endif /* KRNG_FAKE_H */
