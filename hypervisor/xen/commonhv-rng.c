/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The random values of a domain.
 *
 * A generator makes them: ChaCha20 with fast key erasure. Each block replaces the
 * key first, so what a domain has read cannot be computed from what Xen has in
 * memory later. A pool is what such a generator yields at once, before its key is
 * erased; a domain with a pool gets zeros when that is used up.
 */

#include <xen/lib.h>
#include <xen/string.h>

#include <asm/commonhv.h>

/* A memset() that the compiler may not leave out. */
void commonhv_wipe(void *data, size_t len)
{
    memset(data, 0, len);
    asm volatile ( "" :: "r" (data) : "memory" );
}

/* A new key, and values[0] to values[COMMONHV_BLOCK_VALUES - 1]. */
static void commonhv_rng_block(uint32_t key[CHACHA20_KEY_WORDS],
                               uint64_t *values)
{
    static const uint32_t nonce[CHACHA20_NONCE_WORDS];
    uint32_t block[CHACHA20_BLOCK_WORDS];

    BUILD_BUG_ON(sizeof(block) != CHACHA20_KEY_WORDS * sizeof(*key) +
                                  COMMONHV_BLOCK_VALUES * sizeof(*values));

    chacha20_block(block, key, 0, nonce);
    memcpy(key, block, CHACHA20_KEY_WORDS * sizeof(*key));
    memcpy(values, block + CHACHA20_KEY_WORDS,
           COMMONHV_BLOCK_VALUES * sizeof(*values));
    commonhv_wipe(block, sizeof(block));
}

void commonhv_rng_fill(struct commonhv_rng *rng, bool generator,
                       uint32_t seed[CHACHA20_KEY_WORDS])
{
    BUILD_BUG_ON(COMMONHV_POOL_VALUES % COMMONHV_BLOCK_VALUES);

    spin_lock(&rng->lock);

    rng->generator = generator;
    rng->next = 0;
    memcpy(rng->key, seed, sizeof(rng->key));
    commonhv_wipe(seed, sizeof(rng->key));

    for ( rng->nr = 0; rng->nr < COMMONHV_POOL_VALUES;
          rng->nr += COMMONHV_BLOCK_VALUES )
        commonhv_rng_block(rng->key, &rng->values[rng->nr]);

    if ( !generator )
        commonhv_wipe(rng->key, sizeof(rng->key));

    spin_unlock(&rng->lock);
}

uint64_t commonhv_rng_take(struct commonhv_rng *rng)
{
    uint64_t value = 0;

    spin_lock(&rng->lock);

    if ( rng->generator && rng->next == rng->nr )
    {
        commonhv_rng_block(rng->key, rng->values);
        rng->next = 0;
        rng->nr = COMMONHV_BLOCK_VALUES;
    }

    /* A value that is zero by chance would say that there is none left. */
    while ( !value && rng->next < rng->nr )
    {
        value = rng->values[rng->next];
        rng->values[rng->next++] = 0;
    }

    spin_unlock(&rng->lock);

    return value;
}

/* RFC 8439, section 2.3.2. */
bool commonhv_rng_self_test(void)
{
    static const uint32_t key[CHACHA20_KEY_WORDS] = {
        0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
        0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c,
    };
    static const uint32_t nonce[CHACHA20_NONCE_WORDS] = {
        0x09000000, 0x4a000000, 0x00000000,
    };
    static const uint32_t want[CHACHA20_BLOCK_WORDS] = {
        0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3,
        0xc7f4d1c7, 0x0368c033, 0x9aaa2204, 0x4e6cd4c3,
        0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9,
        0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2,
    };
    uint32_t block[CHACHA20_BLOCK_WORDS];

    chacha20_block(block, key, 1, nonce);

    return !memcmp(block, want, sizeof(block));
}
