/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_RNG_H
#define COMMONHV_RNG_H

#include <linux/mutex.h>

#include "decode.h"
#include "rng_policy.h"

struct reseed;

/**
 * struct commonhv_rng - the RNG MSR and what is done with it
 * @access: the way to the hypervisor
 * @draft: the draft to take for granted, or %COMMONHV_DRAFT_AUTO
 * @offer: give entropy back where the hypervisor takes it
 * @moved: called without locks when the RNG appeared, moved or went away
 * @lock: guards all below; held while the MSR is read, and never while the
 *	kernel's RNG or hw_random is called that might wait
 * @head: where the RNG is
 * @policy: what it is worth
 * @input_is_refused: WRMSR faulted
 * @credit: a batch for the kernel to credit, see commonhv_rng_credit()
 * @credit_bits: how many bits
 * @reseed: to make what was mixed take effect
 */
struct commonhv_rng {
	const struct commonhv_access *access;
	enum commonhv_draft draft;
	bool offer;
	void (*moved)(struct commonhv_rng *rng);
	struct mutex lock; /* guards all below */
	struct commonhv_head head;
	struct commonhv_rng_policy policy;
	bool input_is_refused;
	struct commonhv_rng_batch credit;
	size_t credit_bits;
	struct reseed *reseed;
};

void commonhv_rng_init(struct commonhv_rng *rng, unsigned int quality);
void commonhv_rng_destroy(struct commonhv_rng *rng);
bool commonhv_rng_is_present(struct commonhv_rng *rng);
int commonhv_rng_refresh(struct commonhv_rng *rng, unsigned int nr,
			 const struct commonhv_head *head);
int commonhv_rng_reseed(struct commonhv_rng *rng);
void commonhv_rng_offer(struct commonhv_rng *rng);
void commonhv_rng_credit(struct commonhv_rng *rng);
int commonhv_rng_draw(struct commonhv_rng *rng, void *buf, size_t len);

#endif /* COMMONHV_RNG_H */
