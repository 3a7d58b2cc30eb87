/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CommonHV: which paravirtual interfaces a domain has, and an MSR of random
 * numbers, by CPUID leaves that no other hypervisor interface uses.
 *
 *   commonhv.c       command line, CPUID, MSR, life of a domain
 *   commonhv-rng.c   a domain's random values: a fixed pool, or a generator
 *   commonhv-seed.c  where they come from: RDSEED or RDRAND
 */
#ifndef X86_COMMONHV_H
#define X86_COMMONHV_H

#include <xen/spinlock.h>
#include <xen/types.h>

#include <xen/chacha20.h>

#include <asm/commonhv-abi.h>

struct cpuid_leaf;
struct domain;
struct vcpu;

/*
 * None of the processors' own and of other hypervisors' MSRs. It is outside the
 * ranges that an MSR bitmap covers, so each access exits.
 */
#define COMMONHV_MSR_RNG       0x4f000000

#define COMMONHV_CPUID_FIRST   COMMONHV_CPUID_BASE
#define COMMONHV_CPUID_LAST    (COMMONHV_CPUID_BASE + 5)

/* The pool of a domain: what several kernels, one after another, start from. */
#define COMMONHV_POOL_VALUES   64
/* A block of the generator is the next key and this many values. */
#define COMMONHV_BLOCK_VALUES  4

/* commonhv.c */

/* The caller has zeroed *res. */
void commonhv_cpuid(const struct vcpu *v, uint32_t leaf, uint32_t subleaf,
                    struct cpuid_leaf *res);
int commonhv_rdmsr(struct domain *d, uint64_t *val);
int commonhv_wrmsr(const struct domain *d);

int commonhv_domain_init(struct domain *d);
void commonhv_domain_soft_reset(struct domain *d);
void commonhv_domain_destroy(struct domain *d);

/* commonhv-rng.c */

/*
 * The random values of one domain. Each is given out once, whichever vCPU asks,
 * and erased by that. Nothing of this is part of a saved domain: a domain that
 * is restored is a new one, with values of its own.
 *
 * A pool has no key: it was filled by a generator, which is gone.
 */
struct commonhv_rng {
    spinlock_t lock;          /* guards all that follows */
    bool generator;
    unsigned int next, nr;    /* values[next] to values[nr - 1] are left */
    uint32_t key[CHACHA20_KEY_WORDS];
    uint64_t values[COMMONHV_POOL_VALUES];
};

/* All new, from a seed of 256 bits; erases the seed. */
void commonhv_rng_fill(struct commonhv_rng *rng, bool generator,
                       uint32_t seed[CHACHA20_KEY_WORDS]);
/* Zero: none is left. */
uint64_t commonhv_rng_take(struct commonhv_rng *rng);
void commonhv_wipe(void *data, size_t len);
bool commonhv_rng_self_test(void);

/* commonhv-seed.c */

/**
 * struct commonhv_source: an instruction of the processor
 *
 * @word: a random number, or false if there is none right now
 * @nr_words: how many a seed of 256 bits needs
 */
struct commonhv_source {
    const char *name;
    bool (*word)(uint64_t *word);
    unsigned int nr_words;
};

/* NULL: the processor has none. */
const char *commonhv_seed_source(void);
/* False: there is no seed, and *seed is zero. */
bool commonhv_seed(uint32_t seed[CHACHA20_KEY_WORDS]);
bool commonhv_seed_from(const struct commonhv_source *source,
                        uint32_t seed[CHACHA20_KEY_WORDS]);

#endif /* X86_COMMONHV_H */
