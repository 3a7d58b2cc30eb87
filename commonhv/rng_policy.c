// SPDX-License-Identifier: GPL-2.0
/*
 * What the values of the RNG MSR are worth: pure, KUnit drives it.
 *
 * Mixing is always safe, and every value is mixed, whatever it looks like.
 * Credit is a matter of trust: only words that passed the health tests count,
 * only at the quality that the administrator set, and only when the whole batch
 * left the RNG healthy.
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
 * commonhv_rng_policy_quality() - what the administrator's quality comes to
 * @quality: bits of entropy to believe in for 1024 bits read
 * @confidential: the guest's memory is encrypted against the host
 *
 * The host is the adversary of a confidential guest: what it calls random is
 * worth nothing there.
 *
 * Context: any.
 * Return: the quality to go by.
 */
unsigned int commonhv_rng_policy_quality(unsigned int quality, bool confidential)
{
	return confidential ? 0 : min_t(unsigned int, quality,
					COMMONHV_RNG_QUALITY_MAX);
}

/**
 * commonhv_rng_policy_restart() - what follows may come from another RNG
 * @policy: state; counters are kept, the health tests start over
 * @present: is there an RNG?
 *
 * Context: any; the caller serialises.
 */
void commonhv_rng_policy_restart(struct commonhv_rng_policy *policy,
				 bool present)
{
	chv_health_reset(&policy->health);
	policy->state = present ? COMMONHV_RNG_OK : COMMONHV_RNG_ABSENT;
}

static void commonhv_policy_judge(struct commonhv_rng_policy *policy, u64 word,
				  struct commonhv_rng_batch *batch)
{
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

static enum commonhv_rng_state
commonhv_policy_state(const struct commonhv_rng_policy *policy,
		      const struct commonhv_rng_batch *batch)
{
	if (policy->health.failed)
		return COMMONHV_RNG_UNHEALTHY;
	if (batch->nr && !batch->words[batch->nr - 1])
		return COMMONHV_RNG_EXHAUSTED;
	return COMMONHV_RNG_OK;
}

/**
 * commonhv_rng_policy_read() - read the MSR some times in a row and judge
 * @policy: state, counters and health are updated
 * @access: the way to the hypervisor
 * @msr: index of the RNG MSR
 * @nr: how many values, %COMMONHV_RNG_BATCH_MAX at most
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
	/* What was not asked has not changed. */
	if (!nr)
		return;
	while (batch->nr < nr) {
		policy->counters.reads++;
		if (access->read_msr(access, msr, &word)) {
			policy->counters.faults++;
			policy->state = COMMONHV_RNG_FAULTED;
			return;
		}
		commonhv_policy_judge(policy, word, batch);
	}
	policy->state = commonhv_policy_state(policy, batch);
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
