/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the random values of domains come from.
 *
 * Xen has no entropy pool, and the toolstack that has one is not there yet when
 * dom0 is made. What is there is the processor: RDSEED, or RDRAND. Without them
 * there is no RNG: the jitter of the TSC, or get_random(), which falls back to a
 * linear congruential generator, are no secure sources.
 *
 * A virtual machine's RDRAND is what its hypervisor makes of it.
 */

#include <xen/lib.h>
#include <xen/sha2.h>
#include <xen/string.h>

#include <asm/commonhv.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>

/* RDSEED runs dry when several processors use it, and is back soon. */
#define COMMONHV_SEED_TRIES   1000
/* Words that are hashed at once. */
#define COMMONHV_SEED_CHUNK   8

static bool cf_check commonhv_rdseed(uint64_t *word)
{
    bool ok;

    /* rdseed %rax, which old assemblers do not know. */
    asm volatile ( ".byte 0x48, 0x0f, 0xc7, 0xf8"
                   ASM_FLAG_OUT(, "; setc %[ok]")
                   : "=a" (*word), [ok] ASM_FLAG_OUT("=@ccc", "=qm") (ok)
                   :: "cc" );

    return ok;
}

static bool cf_check commonhv_rdrand(uint64_t *word)
{
    bool ok;

    /* rdrand %rax */
    asm volatile ( ".byte 0x48, 0x0f, 0xc7, 0xf0"
                   ASM_FLAG_OUT(, "; setc %[ok]")
                   : "=a" (*word), [ok] ASM_FLAG_OUT("=@ccc", "=qm") (ok)
                   :: "cc" );

    return ok;
}

/* RDSEED is a seed by definition. 512 bits are twice what is needed. */
static const struct commonhv_source commonhv_source_rdseed = {
    .name = "RDSEED",
    .word = commonhv_rdseed,
    .nr_words = 8,
};

/*
 * Behind RDRAND is a generator that may have a strength of 128 bits only, and is
 * seeded anew after 511 numbers of 128 bits at most (Intel, Digital Random Number
 * Generator Software Implementation Guide). 2048 words span two such seeds.
 */
static const struct commonhv_source commonhv_source_rdrand = {
    .name = "RDRAND",
    .word = commonhv_rdrand,
    .nr_words = 2048,
};

/* Processors with an erratum return one number all the time: 0 or ~0, mostly. */
static bool commonhv_seed_word(const struct commonhv_source *source,
                               uint64_t last, uint64_t *word)
{
    unsigned int tries = COMMONHV_SEED_TRIES;

    while ( !source->word(word) )
    {
        if ( !--tries )
            return false;
        cpu_relax();
    }

    return *word && ~*word && *word != last;
}

/* sha2_256_digest() leaves its state, and so the seed, on the stack. */
static void noinline commonhv_wipe_stack(void)
{
    uint8_t below[1024];

    commonhv_wipe(below, sizeof(below));
}

bool commonhv_seed_from(const struct commonhv_source *source,
                        uint32_t seed[CHACHA20_KEY_WORDS])
{
    struct {
        uint8_t digest[SHA2_256_DIGEST_SIZE];
        uint64_t words[COMMONHV_SEED_CHUNK];
    } state = {};
    uint64_t last = 0;
    unsigned int i;
    bool ok = true;

    BUILD_BUG_ON(sizeof(state.digest) != CHACHA20_KEY_WORDS * sizeof(*seed));

    for ( i = 0; ok && i < source->nr_words; i++ )
    {
        uint64_t *word = &state.words[i % COMMONHV_SEED_CHUNK];

        ok = commonhv_seed_word(source, last, word);
        last = *word;

        if ( (i + 1) % COMMONHV_SEED_CHUNK == 0 )
            sha2_256_digest(state.digest, &state, sizeof(state));
    }

    if ( ok )
        memcpy(seed, state.digest, sizeof(state.digest));
    else
        memset(seed, 0, sizeof(state.digest));

    commonhv_wipe(&last, sizeof(last));
    commonhv_wipe(&state, sizeof(state));
    commonhv_wipe_stack();

    return ok;
}

static const struct commonhv_source *commonhv_seed_find(void)
{
    if ( boot_cpu_has(X86_FEATURE_RDSEED) )
        return &commonhv_source_rdseed;
    if ( boot_cpu_has(X86_FEATURE_RDRAND) )
        return &commonhv_source_rdrand;
    return NULL;
}

const char *commonhv_seed_source(void)
{
    const struct commonhv_source *source = commonhv_seed_find();

    return source ? source->name : NULL;
}

bool commonhv_seed(uint32_t seed[CHACHA20_KEY_WORDS])
{
    const struct commonhv_source *source = commonhv_seed_find();

    if ( source && commonhv_seed_from(source, seed) )
        return true;

    /* RDSEED may have run dry where RDRAND has not. */
    return source == &commonhv_source_rdseed &&
           boot_cpu_has(X86_FEATURE_RDRAND) &&
           commonhv_seed_from(&commonhv_source_rdrand, seed);
}
