// SPDX-License-Identifier: GPL-2.0
/*
 * What is credited: pure, KUnit links it.
 */
#include <linux/string.h>

#include "quality.h"

/**
 * vrng_quality_of() - how much entropy to credit for a device's bytes
 * @quality: what the administrator asks for, in bits for 1024 bits
 * @confidential: whether the host is the guest's adversary, who knows the bytes
 *
 * Context: any.
 * Return: bits of entropy for 1024 bits.
 */
unsigned int vrng_quality_of(unsigned int quality, bool confidential)
{
	return confidential ? 0 : quality;
}

/**
 * vrng_quality_filter() - give hw_random's thread only what it may credit
 * @quality: bits of entropy to credit for 1024 bits
 * @krng: gets the bytes mixed in that the thread does not get
 * @data: bytes that the thread would get; wiped if it does not
 * @len: how many
 *
 * hw_random takes a quality of 0 for its default, which since 6.2 is the
 * highest, and its thread credits all that it gets.
 *
 * Context: process context.
 * Return: how many bytes the thread gets: @len or 0.
 */
int vrng_quality_filter(unsigned int quality, struct chv_krng *krng, void *data,
			int len)
{
	if (quality)
		return len;
	/* Mixing is always safe. */
	krng->mix(krng, data, len);
	memzero_explicit(data, len);
	return 0;
}
