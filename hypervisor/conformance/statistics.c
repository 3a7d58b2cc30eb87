// SPDX-License-Identifier: GPL-2.0
/*
 * The limit for a bit is seven standard deviations of a fair coin. With n throws, that
 * is (2 ones - n)^2 > 49 n. README.rst has the chance of a false alarm.
 */
#include "statistics.h"

#define LIMIT_SQUARED 49

static uint64_t select_bits(const uint64_t *values, uint32_t i, enum bits which)
{
	switch (which) {
	case BITS_CHANGE:
		return values[i] ^ values[i + 1];
	case BITS_HALVES:
		return (uint32_t)values[i] ^ values[i] >> 32;
	default:
		return values[i];
	}
}

struct bias find_bias(const uint64_t *values, uint32_t nr, enum bits which)
{
	uint32_t total = which == BITS_CHANGE ? nr - 1 : nr;
	int bit, nr_bits = which == BITS_HALVES ? 32 : 64;

	for (bit = 0; bit < nr_bits; bit++) {
		uint32_t i, ones = 0;
		int32_t excess;

		for (i = 0; i < total; i++)
			ones += select_bits(values, i, which) >> bit & 1;
		excess = (int32_t)(2 * ones - total);
		if ((uint32_t)(excess * excess) > LIMIT_SQUARED * total)
			return (struct bias) { bit, ones, total };
	}
	return (struct bias) { -1, 0, total };
}

/* A heap from values[0] on, of which values[i] may be too small. */
static void sift(uint64_t *values, uint32_t i, uint32_t nr)
{
	uint64_t value = values[i];

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= nr)
			break;
		if (child + 1 < nr && values[child + 1] > values[child])
			child++;
		if (values[child] <= value)
			break;
		values[i] = values[child];
		i = child;
	}
	values[i] = value;
}

uint32_t sort_and_count_repeats(uint64_t *values, uint32_t nr)
{
	uint32_t i, repeats = 0;

	for (i = nr / 2; i-- > 0;)
		sift(values, i, nr);
	for (i = nr; i-- > 1;) {
		uint64_t largest = values[0];

		values[0] = values[i];
		values[i] = largest;
		sift(values, 0, i);
	}
	for (i = 1; i < nr; i++)
		repeats += values[i] == values[i - 1];
	return repeats;
}
