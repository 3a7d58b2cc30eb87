// SPDX-License-Identifier: GPL-2.0
/*
 * The RNG MSR: commonhv/rng.c, rng_policy.c, common/health.c, with decode.c under them.
 *
 * Input: what the host offers, the words that it gives, faults, moves, and what the guest
 * does.
 *
 * Rules: no MSR is touched that was not announced or belongs to something else; each word
 * that is read for the kernel RNG is mixed, once; credit is bounded by the quality, needs
 * good words of a healthy source, and is given once; a reader gets good words only; the
 * host is offered nothing that was not drawn for it.
 */
#include <linux/errno.h>

#include "../common/krng.h"
#include "../commonhv/rng.h"
#include "host.h"

#define RNG_READS_MAX	64	/* of one operation */
#define RNG_HISTORY	16

struct rng_host {
	struct commonhv_access access;
	struct chv_krng krng;
	struct commonhv_rng *rng;
	struct fuzz_input *in;
	/* what the host is */
	u32 max_leaf, features, msr, version;
	u64 serial;
	/* what happened in this operation */
	u64 read[RNG_READS_MAX];
	bool good[RNG_READS_MAX];
	unsigned int nr_read, nr_faults, nr_writes, nr_mixed, nr_reseeds, nr_credits, nr_moved;
	size_t bits;
	u64 drawn;
	bool is_ready;
	/* words that are not zero, since the health tests began */
	u64 history[RNG_HISTORY];
	unsigned int nr_history;
};

static struct rng_host rng_host;

static struct rng_host *rng_of(const struct commonhv_access *access)
{
	return container_of(access, struct rng_host, access);
}

static void rng_cpuid(const struct commonhv_access *access, u32 leaf, u32 subleaf,
		      struct commonhv_regs *regs)
{
	struct rng_host *host = rng_of(access);

	fuzz_check(!subleaf);
	*regs = (struct commonhv_regs){};
	switch (leaf) {
	case 0x4f000000:
		*regs = (struct commonhv_regs){ .eax = host->max_leaf, .ebx = 0x6d6d6f43,
						.ecx = 0x56486e6f, .edx = 0x66746e49 };
		break;
	case 0x4f000002:
		regs->eax = host->features;
		break;
	case 0x4f000003:
		regs->eax = host->msr;
		break;
	case 0x4f000004:
		regs->eax = host->version;
		break;
	}
}

static void rng_host_changes(struct rng_host *host)
{
	u8 how = fuzz_u8(host->in);

	host->max_leaf = how & 0x40 ? 0x4f000002 + (how & 1) : 0x4f000005;
	host->version = how & 4 ? 3 : 0;
	host->features = how & 3;
	host->msr = how & 0x80 ? fuzz_host_number(fuzz_u8(host->in)) : 0x40001000 + (how >> 3 & 3);
	/* Draft 1 has the index there. */
	if (how & 0x20)
		host->features = host->msr;
}

/* The guest may touch one that was announced just before. */
static void rng_check_msr(struct rng_host *host, u32 msr)
{
	fuzz_check(!fuzz_host_msr_is_reserved(msr) || !msr);
	fuzz_check(msr == host->msr || msr == host->features);
}

static bool rng_is_good(struct rng_host *host, u64 word)
{
	unsigned int i;
	bool good = word;

	for (i = 0; i < min(host->nr_history, 16u); i++)
		good &= host->history[i] != word;
	if (word)
		host->history[host->nr_history++ % RNG_HISTORY] = word;
	return good;
}

static int rng_read_msr(const struct commonhv_access *access, u32 msr, u64 *value)
{
	struct rng_host *host = rng_of(access);
	u8 how = fuzz_u8(host->in);

	fuzz_check(host->rng->lock.lock.is_held);
	rng_check_msr(host, msr);
	fuzz_check(host->nr_read + host->nr_faults < RNG_READS_MAX);
	if (how == 0xff) {
		host->nr_faults++;
		return -EIO;
	}
	*value = how < 0xa0 ? fuzz_hash(++host->serial) : how & 7;
	host->good[host->nr_read] = rng_is_good(host, *value);
	host->read[host->nr_read++] = *value;
	return 0;
}

static int rng_write_msr(const struct commonhv_access *access, u32 msr, u64 value)
{
	struct rng_host *host = rng_of(access);

	fuzz_check(host->rng->lock.lock.is_held);
	rng_check_msr(host, msr);
	fuzz_check(msr && host->rng->offer_entropy && host->is_ready);
	fuzz_check(value && value == host->drawn);
	/* Never a second time. */
	host->drawn = 0;
	host->nr_writes++;
	return fuzz_u8(host->in) == 0xff ? -EIO : 0;
}

static struct rng_host *rng_host_of(struct chv_krng *krng)
{
	return container_of(krng, struct rng_host, krng);
}

static bool rng_is_ready(struct chv_krng *krng)
{
	return rng_host_of(krng)->is_ready;
}

static void rng_mix(struct chv_krng *krng, const void *buf, size_t len)
{
	struct rng_host *host = rng_host_of(krng);

	fuzz_check(len == host->nr_read * sizeof(u64) && !memcmp(buf, host->read, len));
	host->nr_mixed++;
}

static void rng_credit(struct chv_krng *krng, const void *buf, size_t len, size_t bits)
{
	struct rng_host *host = rng_host_of(krng);

	fuzz_check(!host->rng->lock.lock.is_held && !host->is_ready);
	fuzz_check(len <= COMMONHV_RNG_BATCH_MAX * sizeof(u64));
	/* As many as a refresh has found, which was mixed then. */
	fuzz_check(bits && bits == host->bits && bits <= len * 8);
	host->nr_credits++;
}

static int rng_reseed(struct chv_krng *krng)
{
	struct rng_host *host = rng_host_of(krng);

	fuzz_check(!host->rng->lock.lock.is_held);
	host->nr_reseeds++;
	return 0;
}

static u64 rng_draw(struct chv_krng *krng)
{
	struct rng_host *host = rng_host_of(krng);

	host->drawn = fuzz_hash(++host->serial);
	return host->drawn;
}

static void rng_moved(struct commonhv_rng *rng)
{
	fuzz_check(!rng->lock.lock.is_held);
	rng_host.nr_moved++;
}

static void rng_refresh(struct rng_host *host, struct commonhv_rng *rng)
{
	unsigned int nr = fuzz_u8(host->in) % 20, i, nr_good = 0;
	size_t worth, waiting = rng->credit_bits;
	struct commonhv_leaves leaves;
	int err = commonhv_rng_refresh(rng, nr, &leaves);

	for (i = 0; i < host->nr_read; i++)
		nr_good += host->good[i];
	fuzz_check(err == (leaves.caps.rng ? 0 : -ENODEV));
	fuzz_check(host->nr_read <= min(nr, 16u) && host->nr_mixed == !!host->nr_read);
	worth = rng->policy.health.failed ? 0 : nr_good * 64 * rng->policy.quality / 1024;
	/* A batch that waits is kept, if it is of the same RNG. */
	if (rng->credit_bits)
		fuzz_check(rng->credit_bits == worth || rng->credit_bits == waiting);
	if (rng->credit_bits && rng->credit_bits != waiting)
		fuzz_check(!host->is_ready && rng->policy.quality && nr_good);
	host->bits = rng->credit_bits;
	fuzz_check(!host->nr_moved && !host->nr_reseeds && !host->nr_credits);
}

static void rng_drawn(struct rng_host *host, struct commonhv_rng *rng)
{
	u8 buf[160], want[sizeof(host->read)];
	size_t len = fuzz_u8(host->in) % sizeof(buf) + 1, wanted = 0;
	unsigned int i;
	int ret;

	memset(buf, 0xee, sizeof(buf));
	ret = commonhv_rng_draw(rng, buf, len);
	for (i = 0; i < host->nr_read; i++)
		if (host->good[i]) {
			memcpy(want + wanted, &host->read[i], sizeof(u64));
			wanted += sizeof(u64);
		}
	fuzz_check(!host->nr_mixed);
	fuzz_check(host->nr_read + host->nr_faults <= min((len + 7) / 8, (size_t)16));
	if (ret < 0) {
		fuzz_check(ret == -ENODEV || ret == -ENODATA || ret == -EIO);
		fuzz_check((ret == -ENODEV) == !rng->caps.rng);
		fuzz_check(!wanted || rng->policy.health.failed);
		ret = 0;
	} else {
		fuzz_check(ret && (size_t)ret == min(wanted, len));
		fuzz_check(!rng->policy.health.failed && !memcmp(buf, want, ret));
	}
	for (i = ret; i < sizeof(buf); i++)
		fuzz_check(buf[i] == 0xee);
}

static void rng_act(struct rng_host *host, struct commonhv_rng *rng, u8 op)
{
	struct commonhv_caps before = rng->caps;

	switch (op & 7) {
	case 0:
	case 1:
		rng_refresh(host, rng);
		break;
	case 2:
		rng_drawn(host, rng);
		break;
	case 3:
		fuzz_check(!commonhv_rng_reseed(rng));
		commonhv_rng_offer(rng);
		/* A host that has changed gets nothing. */
		if (!commonhv_caps_is_same(&before, &rng->caps)) {
			fuzz_check(!host->nr_writes && host->nr_moved);
			host->nr_history = 0;
		}
		fuzz_check(host->nr_writes <= 1);
		break;
	case 4:
		commonhv_rng_credit(rng);
		fuzz_check(!rng->credit_bits && host->nr_credits <= 1);
		host->bits = 0;
		break;
	case 5:
		commonhv_rng_restart(rng);
		fuzz_check(!rng->credit_bits && !rng->policy.health.failed);
		host->nr_history = 0;
		break;
	case 6:
		rng_host_changes(host);
		break;
	case 7:
		host->is_ready = op & 8;
		break;
	}
}

/* The tests begin anew with each host that looks different. */
static void rng_follow_host(struct rng_host *host, const struct commonhv_rng *rng)
{
	struct commonhv_leaves leaves;

	commonhv_caps_decode(&host->access, rng->draft, &leaves);
	if (!commonhv_caps_is_same(&leaves.caps, &rng->caps))
		host->nr_history = 0;
}

static void rng_check_state(const struct rng_host *host, struct commonhv_rng *rng)
{
	fuzz_check(commonhv_rng_state_name(rng->policy.state));
	fuzz_check(commonhv_rng_is_present(rng) == rng->caps.rng);
	fuzz_check(commonhv_rng_is_healthy(rng) == (rng->policy.state == COMMONHV_RNG_OK));
	fuzz_check(!rng->policy.health.failed || !commonhv_rng_is_healthy(rng));
	fuzz_check(commonhv_rng_wants_credit(rng) == (rng->policy.quality && !host->is_ready));
}

FUZZ_TARGET(rng)
{
	struct rng_host *host = &rng_host;
	struct commonhv_rng rng = { .access = &host->access, .krng = &host->krng,
				    .moved = rng_moved };
	u8 first = fuzz_u8(in), op;
	u64 bits = 0;

	*host = (struct rng_host){
		.access = { .cpuid = rng_cpuid, .read_msr = rng_read_msr,
			    .write_msr = rng_write_msr },
		.krng = { .is_ready = rng_is_ready, .mix = rng_mix, .credit = rng_credit,
			  .reseed = rng_reseed, .draw = rng_draw },
		.rng = &rng, .in = in,
	};
	rng.offer_entropy = commonhv_rng_policy_offers(first & 1, first & 8);
	fuzz_check(!rng.offer_entropy || !(first & 8));
	rng.draft = first >> 1 & 3;
	commonhv_rng_init(&rng, commonhv_rng_policy_quality(fuzz_u16(in), first & 8));
	rng_host_changes(host);
	while (in->left) {
		op = fuzz_u8(in);
		/* What does not read the leaves does not see that the host is another one. */
		if ((op & 7) < 3)
			rng_follow_host(host, &rng);
		host->nr_read = 0;
		host->nr_faults = 0;
		host->nr_writes = 0;
		host->nr_mixed = 0;
		host->nr_reseeds = 0;
		host->nr_credits = 0;
		host->nr_moved = 0;
		rng_act(host, &rng, op);
		bits += host->nr_credits ? rng.policy.counters.bits_credited - bits : 0;
		fuzz_check(bits == rng.policy.counters.bits_credited);
		rng_check_state(host, &rng);
	}
	if (first & 8)
		fuzz_check(!bits);
	commonhv_rng_destroy(&rng);
}
