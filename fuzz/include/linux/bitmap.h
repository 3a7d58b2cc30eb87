/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_BITMAP_H
#define FUZZ_LINUX_BITMAP_H

#include <linux/bits.h>

/* For sets of one word. */
#define for_each_set_bit(i, set, nr) \
	for ((i) = 0; (i) < (nr); (i)++) \
		if (*(set) & BIT(i))

#define hweight_long(word)	((unsigned int)__builtin_popcountl(word))

#endif /* FUZZ_LINUX_BITMAP_H */
