/* SPDX-License-Identifier: GPL-2.0 */
/* Statistics that a random source fails by chance once in a billion runs, or less. */
#ifndef CONFORMANCE_STATISTICS_H
#define CONFORMANCE_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

#define STATISTICS_MIN 1024	/* values; with fewer the limits mean little */

enum bits {
	BITS_VALUE,	/* of the values */
	BITS_CHANGE,	/* of each value and the one before it, by XOR */
	BITS_HALVES,	/* of the upper and the lower 32 bits, by XOR */
};

/**
 * struct bias - a bit that is not as often 1 as 0
 * @bit: its number, or -1 if there is none
 * @ones: how often it is 1
 * @total: of so many
 */
struct bias {
	int bit;
	uint32_t ones, total;
};

struct bias find_bias(const uint64_t *values, uint32_t nr, enum bits which);

/* Sorts; returns how many values are equal to one before them. */
uint32_t sort_and_count_repeats(uint64_t *values, uint32_t nr);

#endif
