/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_RNG_POLICY_H
#define COMMONHV_RNG_POLICY_H

#include "../common/health.h"
#include "access.h"

/* The first batch is the start-up test too: it is long enough for each cutoff. */
#define COMMONHV_RNG_BATCH_MAX		16
#define COMMONHV_RNG_QUALITY_MAX	1024

/**
 * enum commonhv_rng_state - the state of the RNG MSR
 * @COMMONHV_RNG_ABSENT: the hypervisor offers none
 * @COMMONHV_RNG_OK: the last batch was healthy and did not end with zero
 * @COMMONHV_RNG_EXHAUSTED: the last value was zero: the host has no more, for now
 * @COMMONHV_RNG_FAULTED: the last read faulted
 * @COMMONHV_RNG_UNHEALTHY: a health test failed since the last restart
 */
enum commonhv_rng_state {
	COMMONHV_RNG_ABSENT,
	COMMONHV_RNG_OK,
	COMMONHV_RNG_EXHAUSTED,
	COMMONHV_RNG_FAULTED,
	COMMONHV_RNG_UNHEALTHY,
};

/**
 * struct commonhv_rng_counters - since the module was loaded
 * @reads: RDMSRs, faults included
 * @zeros: values that were zero
 * @repeats: values that were among the sixteen before them
 * @faults: RDMSRs and WRMSRs that faulted
 * @bytes_mixed: bytes that were mixed into the kernel RNG
 * @bits_credited: bits of entropy that were credited to the kernel RNG
 */
struct commonhv_rng_counters {
	u64 reads;
	u64 zeros;
	u64 repeats;
	u64 faults;
	u64 bytes_mixed;
	u64 bits_credited;
};

/**
 * struct commonhv_rng_batch - values read in a row
 * @words: all of them, in order
 * @nr: how many
 * @good: bit i: word i passed the checks
 */
struct commonhv_rng_batch {
	u64 words[COMMONHV_RNG_BATCH_MAX];
	unsigned int nr;
	unsigned long good;
};

/**
 * struct commonhv_rng_policy - how far the RNG MSR is trusted
 * @quality: bits of entropy that 1024 bits read are trusted to have
 * @state: its state
 * @health: the continuous tests
 * @counters: for sysfs
 *
 * The caller serialises.
 */
struct commonhv_rng_policy {
	unsigned int quality;
	enum commonhv_rng_state state;
	struct chv_health health;
	struct commonhv_rng_counters counters;
};

const char *commonhv_rng_state_name(enum commonhv_rng_state state);
unsigned int commonhv_rng_policy_quality(unsigned int quality,
					 bool confidential);
bool commonhv_rng_policy_offers(bool offer_entropy, bool confidential);
void commonhv_rng_policy_restart(struct commonhv_rng_policy *policy,
				 bool present);
void commonhv_rng_policy_read(struct commonhv_rng_policy *policy,
			      const struct commonhv_access *access, u32 msr,
			      unsigned int nr, struct commonhv_rng_batch *batch);
size_t commonhv_rng_policy_worth(const struct commonhv_rng_policy *policy,
				 const struct commonhv_rng_batch *batch);
size_t commonhv_rng_policy_copy(const struct commonhv_rng_policy *policy,
				const struct commonhv_rng_batch *batch,
				void *buf, size_t len);

#endif /* COMMONHV_RNG_POLICY_H */
