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
static enum commonhv_generation_source
commonhv_generation_place(const struct commonhv_caps *caps)
{
	if (caps->generation_in_leaf)
		return COMMONHV_GENERATION_CPUID;
	if (caps->generation_in_msr)
		return COMMONHV_GENERATION_MSR;
	return COMMONHV_GENERATION_NONE;
}

static void commonhv_generation_locate(struct commonhv_generation *generation)
{
	struct commonhv_leaves leaves;

	commonhv_caps_decode(generation->access, generation->draft, &leaves);
	generation->source = commonhv_generation_place(&leaves.caps);
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
	generation->has_differed = false;
	/* One that is announced and not there is looked for again after a round. */
	generation->is_stale = false;
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

/* Is it where it was found last? Not one that was announced and could not be read. */
static bool commonhv_generation_is_there(const struct commonhv_generation *generation,
					 const struct commonhv_caps *caps)
{
	return commonhv_generation_place(caps) == generation->source &&
	       (generation->source != COMMONHV_GENERATION_MSR ||
		generation->msr == caps->generation_msr);
}

/**
 * commonhv_generation_update() - learn whether there is a generation, and where
 * @generation: the generation
 * @caps: what the leaves say, just now
 *
 * Costs nothing where there is none. The generation that the first call finds is no
 * fork. One that comes later, goes or moves is left to commonhv_generation_look().
 *
 * Context: process context, sleeps.
 */
void commonhv_generation_update(struct commonhv_generation *generation,
				const struct commonhv_caps *caps)
{
	mutex_lock(&generation->lock);
	if (!commonhv_generation_is_there(generation, caps)) {
		if (generation->begun)
			generation->is_stale = true;
		else
			commonhv_generation_take(generation,
						 commonhv_generation_find(generation));
	}
	generation->begun = true;
	mutex_unlock(&generation->lock);
}

/*
 * Reads the generation, unless it is known that a look has to find it again. Another
 * one, or a fault, for a moment is a fork, so this is kept for the look.
 */
static bool commonhv_generation_check(struct commonhv_generation *generation)
{
	lockdep_assert_held(&generation->lock);
	if (!generation->has_differed &&
	    commonhv_generation_read(generation) != generation->value)
		generation->has_differed = true;
	return generation->has_differed || generation->is_stale;
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
 * commonhv_generation_is_stale() - may the generation have come, gone or moved?
 * @generation: the generation
 *
 * Context: process context, sleeps.
 * Return: true if the leaves said so, and no look has followed.
 */
bool commonhv_generation_is_stale(struct commonhv_generation *generation)
{
	bool stale;

	mutex_lock(&generation->lock);
	stale = generation->is_stale;
	mutex_unlock(&generation->lock);
	return stale;
}

/**
 * commonhv_generation_has_changed() - is there a fork that no look has found?
 * @generation: the generation
 *
 * Costs one CPUID or RDMSR at most, and nothing where there was no generation. Leaves
 * the fork to commonhv_generation_look().
 *
 * Context: process context, sleeps.
 * Return: true if the generation is not the one of the last look, or may have come.
 */
bool commonhv_generation_has_changed(struct commonhv_generation *generation)
{
	bool changed;

	mutex_lock(&generation->lock);
	changed = commonhv_generation_check(generation);
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
 * Return: true if the generation is or was another one, has come or has gone.
 */
bool commonhv_generation_look(struct commonhv_generation *generation)
{
	bool changed = false;
	u64 value;

	mutex_lock(&generation->lock);
	if (commonhv_generation_check(generation)) {
		changed = generation->has_differed;
		value = commonhv_generation_find(generation);
		/* The same one in another place is no fork. */
		changed |= value != generation->value;
	}
	if (changed) {
		generation->changes++;
		commonhv_generation_take(generation, value);
	}
	mutex_unlock(&generation->lock);
	return changed;
}
