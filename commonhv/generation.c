// SPDX-License-Identifier: GPL-2.0
/*
 * The generation: a number that differs after each load from a saved state. Pure,
 * KUnit drives it without hardware.
 *
 * The hypervisor changes it before the first instruction after the load, so a look
 * is one instruction, and there is no time at which its answer is too old. It is no
 * secret, and clones need not have different ones: it says that there was a fork, and
 * is no entropy.
 *
 * All 64 bits are random. So what CPUID returns on a host without the leaf also
 * differs, and a look need not read the other leaves first.
 */
#include <linux/string.h>

#include "../common/krng.h"
#include "generation.h"

/* Zero is no generation. */
static u64 commonhv_generation_read(const struct commonhv_generation *generation)
{
	struct commonhv_regs regs;
	u64 value;

	switch (generation->source) {
	case COMMONHV_GENERATION_CPUID:
		regs = commonhv_access_cpuid(generation->access, COMMONHV_CPUID_GENERATION, 0);
		return (u64)regs.ebx << 32 | regs.eax;
	case COMMONHV_GENERATION_MSR:
		if (generation->access->read_msr(generation->access, generation->msr, &value))
			return 0;
		return value;
	case COMMONHV_GENERATION_NONE:
		break;
	}
	return 0;
}

/* The leaf is preferred: it needs no exit to user space on KVM. */
static void commonhv_generation_locate(struct commonhv_generation *generation)
{
	struct commonhv_leaves leaves;

	commonhv_caps_decode(generation->access, generation->draft, &leaves);
	generation->source = COMMONHV_GENERATION_NONE;
	if (leaves.caps.generation_in_leaf)
		generation->source = COMMONHV_GENERATION_CPUID;
	else if (leaves.caps.generation_in_msr)
		generation->source = COMMONHV_GENERATION_MSR;
	generation->msr = leaves.caps.generation_msr;
}

/*
 * Draft 3, CHV-9.13: the machine may be loaded on another host while the leaves are
 * being read. So the value counts only if it was the same before.
 */
static u64 commonhv_generation_find(struct commonhv_generation *generation)
{
	unsigned int tries = COMMONHV_GENERATION_TRIES_MAX;
	u64 before, value;

	lockdep_assert_held(&generation->lock);
	do {
		before = commonhv_generation_read(generation);
		commonhv_generation_locate(generation);
		value = commonhv_generation_read(generation);
	} while (value != before && --tries);
	if (!value)
		generation->source = COMMONHV_GENERATION_NONE;
	/* One that is announced and not there is looked for again after a round. */
	generation->is_announced = value != 0;
	return value;
}

/* It credits nothing. The clones of a machine go different ways by it. */
static void commonhv_generation_take(struct commonhv_generation *generation, u64 value)
{
	lockdep_assert_held(&generation->lock);
	generation->value = value;
	if (value)
		generation->krng->mix(generation->krng, &value, sizeof(value));
}

/**
 * commonhv_generation_init() - initialise; nothing is read yet
 * @generation: with @access, @krng and @draft set; zero otherwise
 *
 * Context: process context, sleeps.
 */
void commonhv_generation_init(struct commonhv_generation *generation)
{
	mutex_init(&generation->lock);
}

/**
 * commonhv_generation_destroy() - undo commonhv_generation_init()
 * @generation: no longer in use
 *
 * Context: any.
 */
void commonhv_generation_destroy(struct commonhv_generation *generation)
{
	mutex_destroy(&generation->lock);
}

/**
 * commonhv_generation_update() - learn whether there is a generation
 * @generation: the generation
 * @caps: what the leaves say, just now
 *
 * Costs nothing where there is none. The generation that the first call finds is no
 * fork. One that comes later is left to commonhv_generation_look().
 *
 * Context: process context, sleeps.
 */
void commonhv_generation_update(struct commonhv_generation *generation,
				const struct commonhv_caps *caps)
{
	mutex_lock(&generation->lock);
	generation->is_announced = caps->generation_in_leaf || caps->generation_in_msr;
	if (!generation->begun && generation->is_announced)
		commonhv_generation_take(generation, commonhv_generation_find(generation));
	generation->begun = true;
	mutex_unlock(&generation->lock);
}

/* Reads the generation. It cannot be another one if it is not there. */
static bool commonhv_generation_differs(const struct commonhv_generation *generation)
{
	lockdep_assert_held(&generation->lock);
	if (generation->source == COMMONHV_GENERATION_NONE)
		return generation->is_announced;
	return commonhv_generation_read(generation) != generation->value;
}

/**
 * commonhv_generation_is_present() - was there a generation at the last look?
 * @generation: the generation
 *
 * Context: process context, sleeps.
 * Return: true if there was one.
 */
bool commonhv_generation_is_present(struct commonhv_generation *generation)
{
	bool present;

	mutex_lock(&generation->lock);
	present = generation->source != COMMONHV_GENERATION_NONE;
	mutex_unlock(&generation->lock);
	return present;
}

/**
 * commonhv_generation_has_changed() - is there a fork that no look has found?
 * @generation: the generation
 *
 * Costs one CPUID or RDMSR, and nothing where there was no generation. Leaves the
 * fork to commonhv_generation_look().
 *
 * Context: process context, sleeps.
 * Return: true if the generation is not the one of the last look, or may have come.
 */
bool commonhv_generation_has_changed(struct commonhv_generation *generation)
{
	bool changed;

	mutex_lock(&generation->lock);
	changed = commonhv_generation_differs(generation);
	mutex_unlock(&generation->lock);
	return changed;
}

/**
 * commonhv_generation_look() - has the machine been forked since the last look?
 * @generation: the generation
 *
 * Costs one CPUID or RDMSR if not, and nothing where there is no generation. A new
 * generation is mixed into the kernel RNG. The caller reseeds.
 *
 * Context: process context, sleeps. Does not allocate, so a fork can use it.
 * Return: true if the generation is another one, has come or has gone.
 */
bool commonhv_generation_look(struct commonhv_generation *generation)
{
	u64 old, value;
	bool changed = false;

	mutex_lock(&generation->lock);
	if (commonhv_generation_differs(generation)) {
		old = generation->value;
		value = commonhv_generation_find(generation);
		/* Another one for a moment is another one. */
		changed = old || value;
	}
	if (changed) {
		generation->changes++;
		commonhv_generation_take(generation, value);
	}
	mutex_unlock(&generation->lock);
	return changed;
}
