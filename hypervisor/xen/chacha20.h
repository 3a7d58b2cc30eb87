/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ChaCha20 block function: https://www.rfc-editor.org/rfc/rfc8439, section 2.3
 */
#ifndef XEN_CHACHA20_H
#define XEN_CHACHA20_H

#include <xen/types.h>

#define CHACHA20_KEY_WORDS   8
#define CHACHA20_NONCE_WORDS 3
#define CHACHA20_BLOCK_WORDS 16

/*
 * Words are numbers of the processor, as in the RFC: bytes of a key, nonce or
 * block are their little-endian form.
 */
void chacha20_block(uint32_t out[CHACHA20_BLOCK_WORDS],
                    const uint32_t key[CHACHA20_KEY_WORDS], uint32_t counter,
                    const uint32_t nonce[CHACHA20_NONCE_WORDS]);

#endif /* XEN_CHACHA20_H */
