// SPDX-License-Identifier: GPL-2.0
/*
 * The generation of draft 3: commonhv/generation.c, with decode.c under it.
 *
 * Input: what the host does (load from a saved state, move to another host, fault,
 * change at each read), and when the guest looks.
 *
 * Rules: a look that follows a change says so, and what it says has a reason; each new
 * generation is mixed into the kernel RNG, and nothing is credited; no MSR is read that
 * was not announced, none is written, and the number of CPUIDs is bounded.
 */
#include "../common/krng.h"
#include "../commonhv/generation.h"
#include "host.h"

/* Leaves, and what is read before and after them, of a host that never stops. */
#define GENERATION_CPUIDS_MAX	(1 + COMMONHV_GENERATION_TRIES_MAX * 8)

struct generation_host {
	struct commonhv_access access;
	struct chv_krng krng;
	u8 place;		/* bits: leaf, MSR */
	u32 msr;
	bool faults;
	u8 changing;		/* reads that are followed by another value */
	u64 value;
	u64 serial;
	unsigned int nr_cpuids;
	unsigned int nr_mixed;
	u64 mixed;
};

static struct generation_host generation_host;

static struct generation_host *generation_of(const struct commonhv_access *access)
{
	return container_of(access, struct generation_host, access);
}

static u64 generation_answer(struct generation_host *host)
{
	u64 value = host->value;

	if (host->changing) {
		host->changing--;
		host->value = fuzz_hash(++host->serial);
	}
	return value;
}

static void generation_cpuid(const struct commonhv_access *access, u32 leaf, u32 subleaf,
			     struct commonhv_regs *regs)
{
	struct generation_host *host = generation_of(access);
	u64 value;

	fuzz_check(!subleaf);
	fuzz_check(++host->nr_cpuids <= GENERATION_CPUIDS_MAX);
	*regs = (struct commonhv_regs){};
	switch (leaf) {
	case 0x4f000000:
		*regs = (struct commonhv_regs){ .eax = 0x4f000005, .ebx = 0x6d6d6f43,
						.ecx = 0x56486e6f, .edx = 0x66746e49 };
		break;
	case 0x4f000004:
		*regs = (struct commonhv_regs){ .eax = 3, .ebx = host->place & 3,
						.ecx = host->place & 2 ? host->msr : 0 };
		break;
	case 0x4f000005:
		/* Where there is no generation, something that stays. */
		value = host->place & 1 ? generation_answer(host) : 0x1122334455667788;
		regs->eax = value;
		regs->ebx = value >> 32;
		break;
	}
}

static int generation_read_msr(const struct commonhv_access *access, u32 msr, u64 *value)
{
	struct generation_host *host = generation_of(access);

	fuzz_check(!fuzz_host_msr_is_reserved(msr));
	if (host->faults || !(host->place & 2) || msr != host->msr)
		return -1;
	*value = generation_answer(host);
	return 0;
}

static void generation_mix(struct chv_krng *krng, const void *buf, size_t len)
{
	struct generation_host *host = container_of(krng, struct generation_host, krng);

	fuzz_check(len == sizeof(host->mixed));
	memcpy(&host->mixed, buf, len);
	host->nr_mixed++;
}

static void generation_host_acts(struct generation_host *host, u8 op, struct fuzz_input *in)
{
	host->changing = 0;
	switch (op & 7) {
	case 0:
		host->value = fuzz_hash(++host->serial);
		break;
	case 1:
		host->place = fuzz_u8(in);
		/* One of four that are free, or one that is not. */
		host->msr = host->place & 0x80 ? fuzz_host_number(fuzz_u8(in)) :
			    0x40001000 + (host->place >> 2 & 3);
		break;
	case 2:
		host->faults = !host->faults;
		break;
	case 3:
		/* One that was there before, or none. */
		host->value = fuzz_hash(fuzz_u8(in) % (host->serial + 1));
		break;
	case 4:
		host->changing = fuzz_u8(in);
		break;
	case 5:
		host->value = 0;
		break;
	}
}

static u64 generation_truth(const struct generation_host *host)
{
	if (host->place & 1)
		return host->value;
	if (host->place & 2 && !host->faults && !fuzz_host_msr_is_reserved(host->msr))
		return host->value;
	return 0;
}

/* What the guest reads where it has found the generation before. */
static u64 generation_glimpse(const struct generation_host *host,
			      const struct commonhv_generation *generation)
{
	if (generation->source == COMMONHV_GENERATION_CPUID)
		return host->place & 1 ? host->value : 0x1122334455667788;
	if (generation->source == COMMONHV_GENERATION_MSR && host->place & 2 &&
	    !host->faults && host->msr == generation->msr)
		return host->value;
	return 0;
}

static void generation_look(struct generation_host *host,
			    struct commonhv_generation *generation)
{
	const struct commonhv_generation before = *generation;
	u64 now = generation_truth(host), glimpse = generation_glimpse(host, &before);
	bool is_stable = !host->changing, changed;

	host->nr_mixed = 0;
	changed = commonhv_generation_look(generation);
	fuzz_check(generation->changes == before.changes + changed);
	fuzz_check(host->nr_mixed == (changed && generation->value));
	fuzz_check(!host->nr_mixed || host->mixed == generation->value);
	fuzz_check(!generation->has_differed && !generation->is_stale);
	if (!is_stable) {
		fuzz_check(before.source == COMMONHV_GENERATION_NONE || changed ||
			   generation->value == before.value);
		return;
	}
	if (before.has_differed || glimpse != before.value) {
		fuzz_check(changed && generation->value == now);
	} else if (before.is_stale) {
		fuzz_check(changed == (now != before.value));
		fuzz_check(generation->value == now);
	} else {
		fuzz_check(!changed && generation->value == before.value);
	}
	/* A second look at the same host finds nothing. */
	fuzz_check(!commonhv_generation_look(generation));
}

static void generation_guest_acts(struct generation_host *host, u8 op,
				  struct commonhv_generation *generation)
{
	const struct commonhv_generation before = *generation;
	struct commonhv_leaves leaves;
	bool is_stable = !host->changing, differs;
	u64 glimpse = generation_glimpse(host, &before);

	switch (op & 3) {
	case 0:
		commonhv_caps_decode(&host->access, generation->draft, &leaves);
		host->nr_mixed = 0;
		commonhv_generation_update(generation, &leaves.caps);
		/* All but the first leave a change to the look. */
		fuzz_check(generation->value == before.value || !before.begun);
		fuzz_check(!host->nr_mixed || !before.begun);
		if (!before.begun && is_stable && generation->draft != COMMONHV_DRAFT_2)
			fuzz_check(generation->value == generation_truth(host));
		fuzz_check(generation->begun && generation->has_differed == before.has_differed);
		break;
	case 1:
		differs = commonhv_generation_has_changed(generation);
		fuzz_check(generation->value == before.value);
		fuzz_check(differs == (before.has_differed || before.is_stale ||
				       glimpse != before.value));
		/* It is not forgotten, whatever is read next. */
		fuzz_check(generation->has_differed == (before.has_differed ||
							glimpse != before.value));
		break;
	case 2:
		fuzz_check(commonhv_generation_is_stale(generation) == before.is_stale);
		fuzz_check(commonhv_generation_is_present(generation) ==
			   (before.source != COMMONHV_GENERATION_NONE));
		break;
	case 3:
		generation_look(host, generation);
		break;
	}
}

FUZZ_TARGET(generation)
{
	struct generation_host *host = &generation_host;
	struct commonhv_generation generation = { .access = &host->access, .krng = &host->krng };
	u8 op;

	*host = (struct generation_host){
		.access = { .cpuid = generation_cpuid, .read_msr = generation_read_msr },
		.krng = { .mix = generation_mix },
		.msr = 0x40001000,
		.value = fuzz_hash(0),
	};
	generation.draft = fuzz_u8(in) & 1 ? COMMONHV_DRAFT_3 : COMMONHV_DRAFT_AUTO;
	commonhv_generation_init(&generation);
	while (in->left) {
		op = fuzz_u8(in);
		host->nr_cpuids = 0;
		if (op & 8)
			generation_guest_acts(host, op, &generation);
		else
			generation_host_acts(host, op, in);
	}
	commonhv_generation_destroy(&generation);
}
