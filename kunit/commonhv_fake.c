// SPDX-License-Identifier: GPL-2.0
/* A hypervisor for tests: answers from a table, and records each access. */
#include <kunit/test.h>

#include "commonhv_fake.h"

static struct fake_hv *to_fake(const struct commonhv_access *access)
{
	return container_of(access, struct fake_hv, access);
}

static void fake_record(struct fake_hv *hv, enum fake_op op, u32 index,
			u32 subleaf, u64 value)
{
	if (hv->nr_calls < FAKE_MAX_CALLS)
		hv->calls[hv->nr_calls] =
			(struct fake_call){ op, index, subleaf, value };
	hv->nr_calls++;
}

static void fake_answer(struct commonhv_regs *regs, const struct fake_leaf *leaf)
{
	regs->eax = leaf->eax;
	regs->ebx = leaf->ebx;
	regs->ecx = leaf->ecx;
	regs->edx = leaf->edx;
}

static void fake_look_up(const struct fake_hv *hv, u32 leaf, u32 subleaf,
			 struct commonhv_regs *regs)
{
	/* What QEMU's emulation answers for a leaf that is not there. */
	static const struct fake_leaf absent = { 0, 0, 0x21f, 0xa88, 0xa88, 0 };
	static const struct fake_leaf zero, filler = { 0, 0, 0x40000000, FAKE_TCG };
	const struct fake_leaf *l;

	if (leaf == 0x4f000005 && hv->leaves) {
		fake_answer(regs, &zero);
		regs->eax = lower_32_bits(hv->generation);
		regs->ebx = upper_32_bits(hv->generation);
		return;
	}
	if (leaf == 1) {
		fake_answer(regs, &zero);
		regs->ecx = hv->hidden ? 0 : 0x80000000;
		return;
	}
	for (l = hv->leaves; l && l->leaf; l++) {
		if (l->leaf == leaf && l->subleaf == subleaf) {
			fake_answer(regs, l);
			return;
		}
	}
	if (leaf == hv->filler_leaf)
		fake_answer(regs, &filler);
	else if (hv->amd || (leaf >> 8 == 0x4f0000 && hv->leaves))
		fake_answer(regs, &zero);
	else
		fake_answer(regs, &absent);
}

static void fake_cpuid(const struct commonhv_access *access, u32 leaf,
		       u32 subleaf, struct commonhv_regs *regs)
{
	struct fake_hv *hv = to_fake(access);

	fake_record(hv, FAKE_CPUID, leaf, subleaf, 0);
	fake_look_up(hv, leaf, subleaf, regs);
	if (hv->at_answer)
		hv->at_answer(hv, leaf);
}

static u64 fake_value(struct fake_hv *hv)
{
	unsigned int n = hv->nr_values++;
	u64 good = 0x9e3779b97f4a7c15ULL * (n + 1);

	switch (hv->rng) {
	case FAKE_RNG_ZEROS:
		return 0;
	case FAKE_RNG_POOL:
		return n < hv->rng_n ? good : 0;
	case FAKE_RNG_STUCK:
		return n < hv->rng_n ? good : 42;
	case FAKE_RNG_ALTERNATE:
		return n % 2 ? 42 : 43;
	default:
		return good;
	}
}

static int fake_read_msr(const struct commonhv_access *access, u32 msr,
			 u64 *value)
{
	struct fake_hv *hv = to_fake(access);
	bool faults;

	if (hv->generation_msr && msr == hv->generation_msr) {
		*value = hv->generation;
		fake_record(hv, FAKE_RDMSR, msr, 0, *value);
		return 0;
	}
	faults = msr != hv->rng_msr ||
		 (hv->rng == FAKE_RNG_FAULT && hv->nr_values >= hv->rng_n);
	*value = faults ? 0 : fake_value(hv);
	fake_record(hv, FAKE_RDMSR, msr, 0, *value);
	return faults ? -EIO : 0;
}

static int fake_write_msr(const struct commonhv_access *access, u32 msr,
			  u64 value)
{
	struct fake_hv *hv = to_fake(access);

	fake_record(hv, FAKE_WRMSR, msr, 0, value);
	return msr != hv->rng_msr || hv->write_faults ? -EIO : 0;
}

struct fake_hv *fake_hv_create(struct kunit *test, const struct fake_leaf *leaves)
{
	struct fake_hv *hv = kunit_kzalloc(test, sizeof(*hv), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, hv);
	hv->access.cpuid = fake_cpuid;
	hv->access.read_msr = fake_read_msr;
	hv->access.write_msr = fake_write_msr;
	hv->leaves = leaves;
	return hv;
}

/* How many accesses of a kind there were to a range of leaves or MSRs. */
unsigned int fake_hv_count(const struct fake_hv *hv, enum fake_op op, u32 first,
			   u32 last)
{
	unsigned int i, nr = 0;

	for (i = 0; i < min_t(unsigned int, hv->nr_calls, FAKE_MAX_CALLS); i++)
		if (hv->calls[i].op == op && hv->calls[i].index >= first &&
		    hv->calls[i].index <= last)
			nr++;
	return nr;
}

/* The values of all accesses of a kind, in order; returns how many there were. */
unsigned int fake_hv_values(const struct fake_hv *hv, enum fake_op op, u64 *values,
			    unsigned int max)
{
	unsigned int i, nr = 0;

	for (i = 0; i < min_t(unsigned int, hv->nr_calls, FAKE_MAX_CALLS); i++) {
		if (hv->calls[i].op != op)
			continue;
		if (nr < max)
			values[nr] = hv->calls[i].value;
		nr++;
	}
	return nr;
}

/* Forgets all accesses; the set-up stays. */
void fake_hv_forget(struct fake_hv *hv)
{
	hv->nr_calls = 0;
	memset(hv->calls, 0, sizeof(hv->calls));
}

/* Records another event among the accesses. */
void fake_hv_note(struct fake_hv *hv, char letter)
{
	fake_record(hv, FAKE_NOTE, letter, 0, 0);
}

static char fake_letter(const struct fake_call *call)
{
	switch (call->op) {
	case FAKE_NOTE:
		return call->index;
	case FAKE_RDMSR:
		return 'R';
	case FAKE_WRMSR:
		return 'W';
	case FAKE_CPUID:
		break;
	}
	if (call->index == 0x4f000000)
		return FAKE_LEAVES;
	if (call->index == 0x4f000001 && call->subleaf)
		return FAKE_LIST;
	/* The other leaves are read with the base leaf, or follow it. */
	return call->index >> 16 == 0x4000 ? FAKE_SCAN : 0;
}

/* All that happened, in order: one letter for any number of the same in a row. */
void fake_hv_story(const struct fake_hv *hv, char *story)
{
	unsigned int i, len = 0;
	char letter;

	for (i = 0; i < min_t(unsigned int, hv->nr_calls, FAKE_MAX_CALLS); i++) {
		letter = fake_letter(&hv->calls[i]);
		if (letter && len < FAKE_STORY_LEN - 1 &&
		    (!len || story[len - 1] != letter))
			story[len++] = letter;
	}
	story[len] = '\0';
}
