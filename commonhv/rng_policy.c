// SPDX-License-Identifier: GPL-2.0
/*
 * The worth of the RNG MSR's values: pure, KUnit drives it.
 *
 * Mixing is always safe, and every value is mixed. Credit is a matter of trust:
 * only words that passed the health tests count, only at the quality that the
 * administrator set, and only if the RNG is healthy after the whole batch.
 */
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "rng_policy.h"

static const char * const commonhv_rng_state_names[] = {
	[COMMONHV_RNG_ABSENT]	 = "absent",
	[COMMONHV_RNG_OK]	 = "ok",
	[COMMONHV_RNG_EXHAUSTED] = "exhausted",
	[COMMONHV_RNG_FAULTED]	 = "faulted",
	[COMMONHV_RNG_UNHEALTHY] = "unhealthy",
};

/**
 * commonhv_rng_state_name() - the name that user space sees
 * @state: which
 *
 * Context: any.
 * Return: a static string; part of the sysfs ABI.
 */
const char *commonhv_rng_state_name(enum commonhv_rng_state state)
{
	return commonhv_rng_state_names[state];
}

/**
 * commonhv_rng_policy_quality() - the quality that takes effect
 * @quality: the administrator's: bits of entropy to credit for 1024 bits read
 * @confidential: the guest's memory is encrypted against the host
 *
 * The host is the adversary of a confidential guest: its values are worth nothing
 * there.
 *
 * Context: any.
 * Return: the quality, at most %COMMONHV_RNG_QUALITY_MAX.
 */
unsigned int commonhv_rng_policy_quality(unsigned int quality, bool confidential)
{
	return confidential ? 0 : min_t(unsigned int, quality,
					COMMONHV_RNG_QUALITY_MAX);
}

/**
 * commonhv_rng_policy_offers() - does the guest write the RNG MSR?
 * @offer_entropy: the administrator's wish
 * @confidential: the guest's memory is encrypted against the host
 *
 * Context: any.
 * Return: true if it may; draft 3, CHV-10.3.
 */
bool commonhv_rng_policy_offers(bool offer_entropy, bool confidential)
{
	return offer_entropy && !confidential;
}

/**
 * commonhv_rng_policy_restart() - the next values may come from another RNG
 * @policy: state; counters are kept, the health tests start over
 * @present: is there an RNG MSR?
 *
 * Context: any; the caller serialises.
 */
void commonhv_rng_policy_restart(struct commonhv_rng_policy *policy,
				 bool present)
{
	chv_health_reset(&policy->health);
	policy->state = present ? COMMONHV_RNG_OK : COMMONHV_RNG_ABSENT;
}

/**
 * commonhv_rng_policy_read() - read the MSR some times in a row and judge
 * @policy: state, counters and health are updated
 * @access: the way to the hypervisor
 * @msr: index of the RNG MSR
 * @nr: how many values, %COMMONHV_RNG_BATCH_MAX at most; 0 leaves the state as it is
 * @batch: receives them; fewer than @nr if a read faults. The caller wipes it.
 *
 * Context: any; each value costs a VM exit. The caller serialises.
 */
void commonhv_rng_policy_read(struct commonhv_rng_policy *policy,
			      const struct commonhv_access *access, u32 msr,
			      unsigned int nr, struct commonhv_rng_batch *batch)
{
	u64 word;

	batch->nr = 0;
	batch->good = 0;
	nr = min_t(unsigned int, nr, COMMONHV_RNG_BATCH_MAX);
	if (!nr)
		return;
	while (batch->nr < nr) {
		policy->counters.reads++;
		if (access->read_msr(access, msr, &word)) {
			policy->counters.faults++;
			policy->state = COMMONHV_RNG_FAULTED;
			return;
		}
		switch (chv_health_check(&policy->health, word)) {
		case CHV_HEALTH_GOOD:
			batch->good |= BIT(batch->nr);
			break;
		case CHV_HEALTH_ZERO:
			policy->counters.zeros++;
			break;
		case CHV_HEALTH_REPEAT:
			policy->counters.repeats++;
			break;
		}
		batch->words[batch->nr++] = word;
	}
	if (policy->health.failed)
		policy->state = COMMONHV_RNG_UNHEALTHY;
	else if (!word)
		policy->state = COMMONHV_RNG_EXHAUSTED;
	else
		policy->state = COMMONHV_RNG_OK;
}

/**
 * commonhv_rng_policy_worth() - how much entropy a batch may be credited with
 * @policy: from commonhv_rng_policy_read() of this batch
 * @batch: what was read
 *
 * Context: any; the caller serialises.
 * Return: bits of entropy; 0 if nothing in the batch is worth anything.
 */
size_t commonhv_rng_policy_worth(const struct commonhv_rng_policy *policy,
				 const struct commonhv_rng_batch *batch)
{
	if (policy->health.failed)
		return 0;
	return hweight_long(batch->good) * 64 * policy->quality /
	       COMMONHV_RNG_QUALITY_MAX;
}

/**
 * commonhv_rng_policy_copy() - hand out a batch as random bytes
 * @policy: from commonhv_rng_policy_read() of this batch
 * @batch: what was read
 * @buf: receives the good words
 * @len: size of @buf in bytes
 *
 * Context: any.
 * Return: the number of bytes; 0 if nothing in the batch is worth anything.
 */
size_t commonhv_rng_policy_copy(const struct commonhv_rng_policy *policy,
				const struct commonhv_rng_batch *batch,
				void *buf, size_t len)
{
	size_t copied = 0;
	unsigned int i;

	if (policy->health.failed)
		return 0;
	for_each_set_bit(i, &batch->good, batch->nr) {
		size_t part = min(len - copied, sizeof(batch->words[i]));

		memcpy(buf + copied, &batch->words[i], part);
		copied += part;
	}
	return copied;
}
