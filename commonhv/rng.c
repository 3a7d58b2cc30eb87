// SPDX-License-Identifier: GPL-2.0
/*
 * The RNG MSR at work: where it is, when it is read, where its values go.
 *
 * The machine can be restored on another host between any two instructions. So
 * each use begins with a look at the CommonHV leaves, four CPUIDs: a stale
 * index would read, or with offer=1 write, some other MSR. What is left of the
 * race is a restore between that look and the reads behind it, and ends at the
 * next look.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>

#include "../common/compat.h"
#include "../common/reseed.h"
#include "rng.h"

/**
 * commonhv_rng_init() - get ready; there is no RNG yet
 * @rng: with @access, @draft, @offer and @moved set; zero otherwise
 * @quality: bits of entropy to believe in for 1024 bits read
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_init(struct commonhv_rng *rng, unsigned int quality)
{
	mutex_init(&rng->lock);
	commonhv_rng_policy_restart(&rng->policy, false);
	rng->policy.quality = quality;
	rng->reseed = reseed_open();
	if (IS_ERR(rng->reseed))
		pr_warn("no forced reseeds (%pe): what is mixed takes effect within a minute\n",
			rng->reseed);
}

/**
 * commonhv_rng_destroy() - undo commonhv_rng_init()
 * @rng: not in use any more
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_destroy(struct commonhv_rng *rng)
{
	reseed_close(rng->reseed);
	memzero_explicit(&rng->credit, sizeof(rng->credit));
	rng_health_reset(&rng->policy.health);
	mutex_destroy(&rng->lock);
}

static bool rng_follow(struct commonhv_rng *rng, const struct commonhv_head *head)
{
	const struct commonhv_head old = rng->head;

	lockdep_assert_held(&rng->lock);
	rng->head = *head;
	if (commonhv_head_same_rng(&old, head))
		return false;

	commonhv_rng_policy_restart(&rng->policy, head->rng);
	rng->input_is_refused = false;
	if (old.rng && head->rng)
		pr_info_ratelimited("RNG moved from MSR %#x to %#x\n",
				    old.rng_msr, head->rng_msr);
	else if (old.rng)
		pr_info_ratelimited("RNG in MSR %#x is gone\n", old.rng_msr);
	return true;
}

/* Where is it now? Returns true if the answer is news. */
static bool rng_look(struct commonhv_rng *rng)
{
	struct commonhv_head head;
	struct commonhv_regs list0;

	commonhv_head_decode(rng->access, rng->draft, &head, &list0);
	return rng_follow(rng, &head);
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

static void rng_report(enum commonhv_rng_state was, enum commonhv_rng_state is)
{
	if (was == is || is == COMMONHV_RNG_OK)
		return;
	pr_warn_ratelimited("RNG is %s\n", commonhv_rng_state_name(is));
}

static int rng_read(struct commonhv_rng *rng, unsigned int nr,
		    struct commonhv_rng_batch *batch)
{
	enum commonhv_rng_state was = rng->policy.state;

	if (!rng->head.rng)
		return -ENODEV;
	commonhv_rng_policy_read(&rng->policy, rng->access, rng->head.rng_msr,
				 nr, batch);
	rng_report(was, rng->policy.state);
	return 0;
}

static void rng_sink_mix(const struct commonhv_rng_sink *sink, const void *buf,
			 size_t len)
{
	add_device_randomness(buf, len);
}

/* As the lock is held, only note what commonhv_rng_credit() is to do. */
struct rng_sink {
	struct commonhv_rng_sink sink;
	struct commonhv_rng *rng;
	const struct commonhv_rng_batch *batch;
};

static size_t rng_sink_credit(const struct commonhv_rng_sink *sink,
			      const void *buf, size_t len, size_t bits)
{
	struct rng_sink *s = container_of(sink, struct rng_sink, sink);

	/*
	 * The kernel counts no further once its RNG is initialised. And there is
	 * room for one batch: one that follows on its heels, as after a fork, is
	 * mixed and no more.
	 */
	if (rng_is_initialized() || s->rng->credit_bits)
		return 0;
	s->rng->credit = *s->batch;
	s->rng->credit_bits = bits;
	return bits;
}

static void rng_feed(struct commonhv_rng *rng,
		     const struct commonhv_rng_batch *batch)
{
	struct rng_sink s = {
		.sink = { .mix = rng_sink_mix, .credit = rng_sink_credit },
		.rng = rng,
		.batch = batch,
	};

	commonhv_rng_policy_feed(&rng->policy, &s.sink, batch);
}

/**
 * commonhv_rng_refresh() - mix fresh values of the host into the kernel's pool
 * @rng: the RNG
 * @nr: how many values, %COMMONHV_RNG_BATCH_MAX at most
 * @head: freshly decoded; NULL: look, and call @moved if that brings news
 *
 * Follow with commonhv_rng_reseed() where they must take effect at once.
 *
 * Context: process context, sleeps. No allocation: good for a fork.
 * Return: 0, or %-ENODEV without an RNG.
 */
int commonhv_rng_refresh(struct commonhv_rng *rng, unsigned int nr,
			 const struct commonhv_head *head)
{
	struct commonhv_rng_batch batch;
	bool moved = false;
	int err;

	mutex_lock(&rng->lock);
	if (head)
		rng_follow(rng, head);
	else
		moved = rng_look(rng);
	err = rng_read(rng, nr, &batch);
	if (!err) {
		rng_feed(rng, &batch);
		memzero_explicit(&batch, sizeof(batch));
	}
	mutex_unlock(&rng->lock);
	if (moved)
		rng->moved(rng);
	return err;
}

/**
 * commonhv_rng_reseed() - let what was mixed take effect now
 * @rng: the RNG
 *
 * Context: see reseed_force().
 * Return: as reseed_force().
 */
int commonhv_rng_reseed(struct commonhv_rng *rng)
{
	return reseed_force(rng->reseed);
}

/**
 * commonhv_rng_offer() - give entropy back, where it is wanted and taken
 * @rng: the RNG
 *
 * Directly after commonhv_rng_refresh() and commonhv_rng_reseed(), and never in
 * the early phase of a fork: the value is drawn from the guest's RNG for this
 * and used for nothing else, but until a clone has reseeded, its siblings and
 * the machine that it was cloned from are about to draw the same. Nor from an
 * RNG that is not seeded: that could be guessed back from it.
 *
 * Context: process context, sleeps.
 */
void commonhv_rng_offer(struct commonhv_rng *rng)
{
	mutex_lock(&rng->lock);
	if (rng->offer && rng->head.rng_input && !rng->input_is_refused &&
	    rng_is_initialized() &&
	    rng->access->write_msr(rng->access, rng->head.rng_msr,
				   get_random_u64())) {
		rng->policy.counters.faults++;
		rng->input_is_refused = true;
		pr_warn_ratelimited("RNG refuses the input that it announces: no more is offered\n");
	}
	mutex_unlock(&rng->lock);
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
	size_t bits;

	mutex_lock(&rng->lock);
	batch = rng->credit;
	bits = rng->credit_bits;
	rng->credit_bits = 0;
	memzero_explicit(&rng->credit, sizeof(rng->credit));
	mutex_unlock(&rng->lock);

	if (bits)
		add_hwgenerator_randomness(batch.words,
					   batch.nr * sizeof(batch.words[0]),
					   bits, false);
	memzero_explicit(&batch, sizeof(batch));
}

static int rng_state_error(enum commonhv_rng_state state)
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
	bool moved;
	int ret;

	mutex_lock(&rng->lock);
	moved = rng_look(rng);
	ret = rng_read(rng, nr, &batch);
	if (!ret) {
		ret = commonhv_rng_policy_copy(&rng->policy, &batch, buf, len) ?:
		      rng_state_error(rng->policy.state);
		memzero_explicit(&batch, sizeof(batch));
	}
	mutex_unlock(&rng->lock);
	if (moved)
		rng->moved(rng);
	return ret;
}
