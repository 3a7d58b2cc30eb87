// SPDX-License-Identifier: GPL-2.0
/*
 * The RNG MSR: where it is, when it is read, where its values go.
 *
 * The machine can be restored on another host between any two instructions, and
 * a stale index would read, or with offer_entropy=1 write, some other MSR. So the
 * CommonHV leaves are read, by five CPUIDs, before each batch of reads and before
 * each write. One race remains: a restore between the leaves and the access that
 * follows. It ends when the leaves are read next.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>

#include "../common/krng.h"
#include "rng.h"

/**
 * commonhv_rng_init() - initialise; there is no RNG MSR yet
 * @rng: with @access, @krng, @draft, @offer_entropy and @moved set; zero otherwise
 * @quality: bits of entropy that 1024 bits read are trusted to have
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_init(struct commonhv_rng *rng, unsigned int quality)
{
	mutex_init(&rng->lock);
	commonhv_rng_policy_restart(&rng->policy, false);
	rng->policy.quality = quality;
}

static void commonhv_rng_drop_credit(struct commonhv_rng *rng)
{
	memzero_explicit(&rng->credit, sizeof(rng->credit));
	rng->credit_bits = 0;
}

/**
 * commonhv_rng_destroy() - undo commonhv_rng_init()
 * @rng: no longer in use
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_destroy(struct commonhv_rng *rng)
{
	commonhv_rng_drop_credit(rng);
	chv_health_reset(&rng->policy.health);
	mutex_destroy(&rng->lock);
}

static void commonhv_rng_start_over(struct commonhv_rng *rng)
{
	lockdep_assert_held(&rng->lock);
	commonhv_rng_policy_restart(&rng->policy, rng->caps.rng);
	rng->input_is_refused = false;
	/* Other clones of this machine have the same values. */
	commonhv_rng_drop_credit(rng);
}

/**
 * commonhv_rng_restart() - another host may implement the MSR from now on
 * @rng: the RNG
 *
 * For events after which the same index can belong to another RNG: health tests
 * start over, and values that wait for credit are dropped.
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_restart(struct commonhv_rng *rng)
{
	mutex_lock(&rng->lock);
	commonhv_rng_start_over(rng);
	mutex_unlock(&rng->lock);
}

/* Reads the leaves and goes where the RNG MSR is now. Returns true on any change. */
static bool commonhv_rng_locate(struct commonhv_rng *rng,
				struct commonhv_leaves *leaves)
{
	const struct commonhv_caps old = rng->caps;
	const struct commonhv_caps *caps = &leaves->caps;

	lockdep_assert_held(&rng->lock);
	commonhv_caps_decode(rng->access, rng->draft, leaves);
	if (commonhv_caps_is_same(&old, caps))
		return false;

	rng->caps = *caps;
	commonhv_rng_start_over(rng);
	if (old.rng && !caps->rng)
		pr_info_ratelimited("RNG MSR %#x is gone\n", old.rng_msr);
	else if (old.rng && old.rng_msr != caps->rng_msr)
		pr_info_ratelimited("RNG MSR moved from %#x to %#x\n",
				    old.rng_msr, caps->rng_msr);
	return true;
}

/**
 * commonhv_rng_is_present() - was there an RNG MSR when the leaves were last read?
 * @rng: the RNG
 *
 * Context: process context, sleeps.
 * Return: true if there was one, whatever its state.
 */
bool commonhv_rng_is_present(struct commonhv_rng *rng)
{
	bool present;

	mutex_lock(&rng->lock);
	present = rng->caps.rng;
	mutex_unlock(&rng->lock);
	return present;
}

/**
 * commonhv_rng_is_healthy() - were the values read last more than zeros and repetitions?
 * @rng: the RNG
 *
 * Context: process context, sleeps.
 * Return: true if they were.
 */
bool commonhv_rng_is_healthy(struct commonhv_rng *rng)
{
	bool healthy;

	mutex_lock(&rng->lock);
	healthy = rng->policy.state == COMMONHV_RNG_OK;
	mutex_unlock(&rng->lock);
	return healthy;
}

/**
 * commonhv_rng_wants_credit() - can credit make the kernel RNG ready?
 * @rng: the RNG
 *
 * Context: any.
 * Return: true while the kernel RNG is not ready and the quality allows credit.
 */
bool commonhv_rng_wants_credit(struct commonhv_rng *rng)
{
	return rng->policy.quality && !rng->krng->is_ready(rng->krng);
}

static int commonhv_rng_read(struct commonhv_rng *rng, unsigned int nr,
			     struct commonhv_rng_batch *batch)
{
	const enum commonhv_rng_state *state = &rng->policy.state;
	enum commonhv_rng_state old = *state;

	if (!rng->caps.rng)
		return -ENODEV;
	commonhv_rng_policy_read(&rng->policy, rng->access, rng->caps.rng_msr,
				 nr, batch);
	if (*state != old && *state != COMMONHV_RNG_OK)
		pr_warn_ratelimited("RNG MSR is %s\n", commonhv_rng_state_name(*state));
	return 0;
}

/**
 * commonhv_rng_refresh() - mix fresh values of the host into the kernel RNG
 * @rng: the RNG
 * @nr: how many values, %COMMONHV_RNG_BATCH_MAX at most; 0: only read the leaves
 * @leaves: receives the leaves, read just before the values. @moved is not called.
 *
 * What may be credited waits for commonhv_rng_credit(). Follow with
 * commonhv_rng_reseed() where the values must take effect at once.
 *
 * Context: process context, sleeps. Does not allocate, so a fork can use it.
 * Return: 0, or %-ENODEV without an RNG MSR.
 */
int commonhv_rng_refresh(struct commonhv_rng *rng, unsigned int nr,
			 struct commonhv_leaves *leaves)
{
	struct commonhv_rng_batch batch;
	size_t len, bits;
	int err;

	mutex_lock(&rng->lock);
	commonhv_rng_locate(rng, leaves);
	err = commonhv_rng_read(rng, nr, &batch);
	if (err || !batch.nr)
		goto unlock;

	len = batch.nr * sizeof(batch.words[0]);
	rng->krng->mix(rng->krng, batch.words, len);
	rng->policy.counters.bytes_mixed += len;

	/* There is room for one batch: one that follows too soon is only mixed. */
	bits = commonhv_rng_policy_worth(&rng->policy, &batch);
	if (bits && !rng->credit_bits && !rng->krng->is_ready(rng->krng)) {
		rng->credit = batch;
		rng->credit_bits = bits;
	}
	memzero_explicit(&batch, sizeof(batch));
unlock:
	mutex_unlock(&rng->lock);
	return err;
}

/**
 * commonhv_rng_reseed() - let the values that were mixed take effect now
 * @rng: the RNG
 *
 * Context: process context, sleeps.
 * Return: as @reseed of &struct chv_krng.
 */
int commonhv_rng_reseed(struct commonhv_rng *rng)
{
	return rng->krng->reseed(rng->krng);
}

/**
 * commonhv_rng_offer() - offer entropy to the host, where that is wanted and taken
 * @rng: the RNG
 *
 * Only directly after a commonhv_rng_reseed() that succeeded, and never in the
 * early phase of a fork: the value is drawn from the kernel RNG for this alone,
 * but until a clone has reseeded, its siblings and the machine that it was cloned
 * from are about to draw the same value. Nor while the kernel RNG is not ready:
 * its state could be guessed from the value. A host that has changed since the
 * refresh gets nothing this time.
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_offer(struct commonhv_rng *rng)
{
	struct commonhv_leaves leaves;
	bool moved;
	u64 value;

	if (!rng->offer_entropy)
		return;
	mutex_lock(&rng->lock);
	if (!rng->caps.rng_input || rng->input_is_refused ||
	    !rng->krng->is_ready(rng->krng)) {
		mutex_unlock(&rng->lock);
		return;
	}
	value = rng->krng->draw(rng->krng);
	moved = commonhv_rng_locate(rng, &leaves);
	if (!moved && rng->access->write_msr(rng->access, rng->caps.rng_msr, value)) {
		rng->policy.counters.faults++;
		rng->input_is_refused = true;
		pr_warn_ratelimited("RNG MSR announces input, and WRMSR faults: no more entropy is offered\n");
	}
	mutex_unlock(&rng->lock);
	if (moved)
		rng->moved(rng);
}

/**
 * commonhv_rng_credit() - credit the batch that the last refresh left for it
 * @rng: the RNG
 *
 * Context: a kthread of the module's own. On 6.1 the kernel lets the thread that
 * made its RNG ready sleep for up to a minute; waking the thread ends that.
 */
void commonhv_rng_credit(struct commonhv_rng *rng)
{
	struct commonhv_rng_batch batch;
	size_t bits;

	mutex_lock(&rng->lock);
	batch = rng->credit;
	bits = rng->credit_bits;
	commonhv_rng_drop_credit(rng);
	/* It may have become ready without this batch, and then credit is void. */
	if (rng->krng->is_ready(rng->krng))
		bits = 0;
	/* Counted before the call: on 6.1 it credits, and then sleeps. */
	rng->policy.counters.bits_credited += bits;
	mutex_unlock(&rng->lock);

	if (bits)
		rng->krng->credit(rng->krng, batch.words,
				  batch.nr * sizeof(batch.words[0]), bits);
	memzero_explicit(&batch, sizeof(batch));
}

/**
 * commonhv_rng_draw() - draw random bytes for a reader of /dev/hwrng
 * @rng: the RNG
 * @buf: receives them
 * @len: how many are wanted
 *
 * Context: process context, sleeps; each eight bytes cost a VM exit.
 * Return: the number of bytes, at least one; %-ENODEV without an RNG MSR,
 * %-ENODATA if it is exhausted, %-EIO if it faults or is unhealthy.
 */
int commonhv_rng_draw(struct commonhv_rng *rng, void *buf, size_t len)
{
	unsigned int nr = min_t(size_t, DIV_ROUND_UP(len, sizeof(u64)),
				COMMONHV_RNG_BATCH_MAX);
	struct commonhv_rng_batch batch;
	struct commonhv_leaves leaves;
	bool moved;
	int ret;

	mutex_lock(&rng->lock);
	moved = commonhv_rng_locate(rng, &leaves);
	ret = commonhv_rng_read(rng, nr, &batch);
	if (!ret) {
		ret = commonhv_rng_policy_copy(&rng->policy, &batch, buf, len);
		if (!ret)
			ret = rng->policy.state == COMMONHV_RNG_EXHAUSTED ?
			      -ENODATA : -EIO;
		memzero_explicit(&batch, sizeof(batch));
	}
	mutex_unlock(&rng->lock);
	if (moved)
		rng->moved(rng);
	return ret;
}
