// SPDX-License-Identifier: GPL-2.0
/*
 * The RNG MSR at work: where it is, when it is read, where its values go.
 *
 * The machine can be restored on another host between any two instructions. So
 * each batch of reads, and each write, follows a look at the CommonHV leaves,
 * five CPUIDs: a stale index would read, or with offer=1 write, some other MSR.
 * What is left of the race is a restore between the look and the access behind
 * it, and it ends at the next look.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>

#include "../common/krng.h"
#include "rng.h"

/**
 * commonhv_rng_init() - get ready; there is no RNG yet
 * @rng: with @access, @krng, @draft, @offer and @moved set; zero otherwise
 * @quality: bits of entropy to believe in for 1024 bits read
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
 * @rng: not in use any more
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
	commonhv_rng_policy_restart(&rng->policy, rng->head.rng);
	rng->input_is_refused = false;
	/* The machines that this one was cloned with have these values as well. */
	commonhv_rng_drop_credit(rng);
}

/**
 * commonhv_rng_restart() - another host may be behind the MSR from now on
 * @rng: the RNG
 *
 * For events after which the same index can belong to another RNG: what the one
 * before did is not held against it, and values that wait for credit are dropped.
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_restart(struct commonhv_rng *rng)
{
	mutex_lock(&rng->lock);
	commonhv_rng_start_over(rng);
	mutex_unlock(&rng->lock);
}

/* Where is it now? Returns true if anything has changed. */
static bool commonhv_rng_look(struct commonhv_rng *rng,
			      struct commonhv_look *look)
{
	const struct commonhv_head old = rng->head;
	const struct commonhv_head *head = &look->head;

	lockdep_assert_held(&rng->lock);
	commonhv_head_decode(rng->access, rng->draft, &look->head, &look->list0);
	if (commonhv_head_is_same(&old, head))
		return false;

	rng->head = *head;
	commonhv_rng_start_over(rng);
	if (old.rng && !head->rng)
		pr_info_ratelimited("RNG in MSR %#x is gone\n", old.rng_msr);
	else if (old.rng && old.rng_msr != head->rng_msr)
		pr_info_ratelimited("RNG moved from MSR %#x to %#x\n",
				    old.rng_msr, head->rng_msr);
	return true;
}

/**
 * commonhv_rng_is_present() - is there an RNG, by the last look?
 * @rng: the RNG
 *
 * Context: process context, sleeps.
 * Return: true if there is one, whatever its state.
 */
bool commonhv_rng_is_present(struct commonhv_rng *rng)
{
	bool present;

	mutex_lock(&rng->lock);
	present = rng->head.rng;
	mutex_unlock(&rng->lock);
	return present;
}

/**
 * commonhv_rng_wants_credit() - would the kernel have a use for credit?
 * @rng: the RNG
 *
 * Context: any.
 * Return: true while its RNG is not ready and the quality allows for credit.
 */
bool commonhv_rng_wants_credit(struct commonhv_rng *rng)
{
	return rng->policy.quality && !rng->krng->is_ready(rng->krng);
}

static void commonhv_rng_report(enum commonhv_rng_state was,
				enum commonhv_rng_state is)
{
	if (was == is || is == COMMONHV_RNG_OK)
		return;
	pr_warn_ratelimited("RNG is %s\n", commonhv_rng_state_name(is));
}

static int commonhv_rng_read(struct commonhv_rng *rng, unsigned int nr,
			     struct commonhv_rng_batch *batch)
{
	enum commonhv_rng_state was = rng->policy.state;

	if (!rng->head.rng)
		return -ENODEV;
	commonhv_rng_policy_read(&rng->policy, rng->access, rng->head.rng_msr,
				 nr, batch);
	commonhv_rng_report(was, rng->policy.state);
	return 0;
}

static void commonhv_rng_feed(struct commonhv_rng *rng,
			      const struct commonhv_rng_batch *batch)
{
	size_t len = batch->nr * sizeof(batch->words[0]);
	size_t bits = commonhv_rng_policy_worth(&rng->policy, batch);

	if (!len)
		return;
	rng->krng->mix(rng->krng, batch->words, len);
	rng->policy.counters.bytes_mixed += len;
	/*
	 * The credit waits for the lock to be free. There is room for one batch:
	 * one that follows on its heels is mixed and no more.
	 */
	if (!bits || rng->credit_bits || rng->krng->is_ready(rng->krng))
		return;
	rng->credit = *batch;
	rng->credit_bits = bits;
}

/**
 * commonhv_rng_refresh() - mix fresh values of the host into the kernel's pool
 * @rng: the RNG
 * @nr: how many values, %COMMONHV_RNG_BATCH_MAX at most; 0: look, and no more
 * @look: receives what was found just before the reads. @moved is not called.
 *
 * Follow with commonhv_rng_reseed() where they must take effect at once.
 *
 * Context: process context, sleeps. No allocation: good for a fork.
 * Return: 0, or %-ENODEV without an RNG.
 */
int commonhv_rng_refresh(struct commonhv_rng *rng, unsigned int nr,
			 struct commonhv_look *look)
{
	struct commonhv_rng_batch batch;
	int err;

	mutex_lock(&rng->lock);
	commonhv_rng_look(rng, look);
	err = commonhv_rng_read(rng, nr, &batch);
	if (!err) {
		commonhv_rng_feed(rng, &batch);
		memzero_explicit(&batch, sizeof(batch));
	}
	mutex_unlock(&rng->lock);
	return err;
}

/**
 * commonhv_rng_reseed() - let what was mixed take effect now
 * @rng: the RNG
 *
 * Context: process context, sleeps.
 * Return: as @reseed of &struct chv_krng.
 */
int commonhv_rng_reseed(struct commonhv_rng *rng)
{
	return rng->krng->reseed(rng->krng);
}

static bool commonhv_rng_takes_input(const struct commonhv_rng *rng)
{
	return rng->head.rng_input && !rng->input_is_refused;
}

static void commonhv_rng_write(struct commonhv_rng *rng, u64 value)
{
	if (!rng->access->write_msr(rng->access, rng->head.rng_msr, value))
		return;
	rng->policy.counters.faults++;
	rng->input_is_refused = true;
	pr_warn_ratelimited("RNG refuses the input that it announces: no more is offered\n");
}

/**
 * commonhv_rng_offer() - give entropy back, where it is wanted and taken
 * @rng: the RNG
 *
 * Only directly after a commonhv_rng_reseed() that succeeded, and never in the
 * early phase of a fork: the value is drawn from the guest's RNG for this and
 * used for nothing else, but until a clone has reseeded, its siblings and the
 * machine that it was cloned from are about to draw the same. Nor from an RNG
 * that is not seeded, whose state could be guessed from it. A host that is
 * found to have changed gets nothing this time.
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_offer(struct commonhv_rng *rng)
{
	struct commonhv_look look;
	bool moved = false;
	u64 value;

	if (!rng->offer)
		return;
	mutex_lock(&rng->lock);
	if (commonhv_rng_takes_input(rng) && rng->krng->is_ready(rng->krng)) {
		value = rng->krng->draw(rng->krng);
		moved = commonhv_rng_look(rng, &look);
		if (!moved)
			commonhv_rng_write(rng, value);
	}
	mutex_unlock(&rng->lock);
	if (moved)
		rng->moved(rng);
}

/* Takes the batch that waits for credit; returns its bits, 0 if there is none. */
static size_t commonhv_rng_take_credit(struct commonhv_rng *rng,
				       struct commonhv_rng_batch *batch)
{
	size_t bits;

	mutex_lock(&rng->lock);
	*batch = rng->credit;
	bits = rng->credit_bits;
	commonhv_rng_drop_credit(rng);
	/* Once it is ready, which it may have become by itself, it counts no more. */
	if (rng->krng->is_ready(rng->krng))
		bits = 0;
	/* Counted now: on 6.1 the call credits, and then sleeps. */
	rng->policy.counters.bits_credited += bits;
	mutex_unlock(&rng->lock);
	return bits;
}

/**
 * commonhv_rng_credit() - credit what the last refresh found worth it
 * @rng: the RNG
 *
 * Context: a kthread of the module's own. On 6.1 the kernel lets the one who
 * made its RNG ready sleep for up to a minute; waking the thread cuts it short.
 */
void commonhv_rng_credit(struct commonhv_rng *rng)
{
	struct commonhv_rng_batch batch;
	size_t bits = commonhv_rng_take_credit(rng, &batch);

	if (bits)
		rng->krng->credit(rng->krng, batch.words,
				  batch.nr * sizeof(batch.words[0]), bits);
	memzero_explicit(&batch, sizeof(batch));
}

static int commonhv_rng_state_error(enum commonhv_rng_state state)
{
	return state == COMMONHV_RNG_EXHAUSTED ? -ENODATA : -EIO;
}

/**
 * commonhv_rng_draw() - draw random bytes for somebody else
 * @rng: the RNG
 * @buf: receives them
 * @len: how many are wanted
 *
 * Context: process context, sleeps; each eight bytes cost a VM exit.
 * Return: the number of bytes, at least one; %-ENODEV without an RNG,
 * %-ENODATA if it is exhausted, %-EIO if it faults or is unhealthy.
 */
int commonhv_rng_draw(struct commonhv_rng *rng, void *buf, size_t len)
{
	unsigned int nr = min_t(size_t, DIV_ROUND_UP(len, sizeof(u64)),
				COMMONHV_RNG_BATCH_MAX);
	struct commonhv_rng_batch batch;
	struct commonhv_look look;
	bool moved;
	int ret;

	mutex_lock(&rng->lock);
	moved = commonhv_rng_look(rng, &look);
	ret = commonhv_rng_read(rng, nr, &batch);
	if (!ret) {
		ret = commonhv_rng_policy_copy(&rng->policy, &batch, buf, len) ?:
		      commonhv_rng_state_error(rng->policy.state);
		memzero_explicit(&batch, sizeof(batch));
	}
	mutex_unlock(&rng->lock);
	if (moved)
		rng->moved(rng);
	return ret;
}
