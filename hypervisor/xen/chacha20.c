/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ChaCha20 block function, written from RFC 8439, section 2.3.
 */

#include <xen/chacha20.h>
#include <xen/string.h>

static uint32_t rotate_left(uint32_t word, unsigned int bits)
{
    return (word << bits) | (word >> (32 - bits));
}

static void quarter_round(uint32_t x[CHACHA20_BLOCK_WORDS], unsigned int a,
                          unsigned int b, unsigned int c, unsigned int d)
{
    x[a] += x[b]; x[d] = rotate_left(x[d] ^ x[a], 16);
    x[c] += x[d]; x[b] = rotate_left(x[b] ^ x[c], 12);
    x[a] += x[b]; x[d] = rotate_left(x[d] ^ x[a], 8);
    x[c] += x[d]; x[b] = rotate_left(x[b] ^ x[c], 7);
}

void chacha20_block(uint32_t out[CHACHA20_BLOCK_WORDS],
                    const uint32_t key[CHACHA20_KEY_WORDS], uint32_t counter,
                    const uint32_t nonce[CHACHA20_NONCE_WORDS])
{
    const uint32_t start[CHACHA20_BLOCK_WORDS] = {
        0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, /* "expand 32-byte k" */
        key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7],
        counter, nonce[0], nonce[1], nonce[2],
    };
    unsigned int i;

    memcpy(out, start, sizeof(start));

    for ( i = 0; i < 10; i++ )
    {
        quarter_round(out, 0, 4,  8, 12);
        quarter_round(out, 1, 5,  9, 13);
        quarter_round(out, 2, 6, 10, 14);
        quarter_round(out, 3, 7, 11, 15);
        quarter_round(out, 0, 5, 10, 15);
        quarter_round(out, 1, 6, 11, 12);
        quarter_round(out, 2, 7,  8, 13);
        quarter_round(out, 3, 4,  9, 14);
    }

    for ( i = 0; i < CHACHA20_BLOCK_WORDS; i++ )
        out[i] += start[i];
}
