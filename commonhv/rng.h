/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_RNG_H
#define COMMONHV_RNG_H

#include <linux/mutex.h>

#include "decode.h"
#include "rng_policy.h"

struct chv_krng;

/**
 * struct commonhv_rng - the RNG MSR and what is done with it
 * @access: the way to the hypervisor
 * @krng: the kernel RNG
 * @draft: the draft to assume, or %COMMONHV_DRAFT_AUTO
 * @offer_entropy: offer entropy to the host where it takes input
 * @moved: called without locks when commonhv_rng_draw() or commonhv_rng_offer()
 *	finds that the CommonHV leaves have changed
 * @lock: guards all below. Held while the MSR is accessed and while bytes are
 *	mixed or drawn, which do not wait; never held for a reseed or a credit,
 *	which may
 * @caps: where the RNG MSR is
 * @policy: state, health and counters
 * @input_is_refused: WRMSR faulted
 * @credit: a batch for the kernel to credit, see commonhv_rng_credit()
 * @credit_bits: how many bits
 */
struct commonhv_rng {
	const struct commonhv_access *access;
	struct chv_krng *krng;
	enum commonhv_draft draft;
	bool offer_entropy;
	void (*moved)(struct commonhv_rng *rng);
	struct mutex lock; /* guards all below */
	struct commonhv_caps caps;
	struct commonhv_rng_policy policy;
	bool input_is_refused;
	struct commonhv_rng_batch credit;
	size_t credit_bits;
};

void commonhv_rng_init(struct commonhv_rng *rng, unsigned int quality);
void commonhv_rng_destroy(struct commonhv_rng *rng);
void commonhv_rng_restart(struct commonhv_rng *rng);
bool commonhv_rng_is_present(struct commonhv_rng *rng);
bool commonhv_rng_is_healthy(struct commonhv_rng *rng);
bool commonhv_rng_wants_credit(struct commonhv_rng *rng);
int commonhv_rng_refresh(struct commonhv_rng *rng, unsigned int nr,
			 struct commonhv_leaves *leaves);
int commonhv_rng_reseed(struct commonhv_rng *rng);
void commonhv_rng_offer(struct commonhv_rng *rng);
void commonhv_rng_credit(struct commonhv_rng *rng);
int commonhv_rng_draw(struct commonhv_rng *rng, void *buf, size_t len);

#endif /* COMMONHV_RNG_H */
