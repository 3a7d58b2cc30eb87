/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Not SipHash: something that differs where its input does, in a tenth of the time.
 * Nothing here depends on more.
 */
#ifndef FUZZ_LINUX_SIPHASH_H
#define FUZZ_LINUX_SIPHASH_H

#include <linux/types.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

static inline u64 siphash_2u64(u64 first, u64 second, const siphash_key_t *key)
{
	u64 hash = (first ^ key->key[0]) * 0x9e3779b97f4a7c15ull;

	hash ^= hash >> 29;
	hash = (hash + (second ^ key->key[1])) * 0xbf58476d1ce4e5b9ull;
	return hash ^ hash >> 32;
}

static inline u64 siphash_1u64(u64 first, const siphash_key_t *key)
{
	return siphash_2u64(first, 0, key);
}

#endif /* FUZZ_LINUX_SIPHASH_H */
