// SPDX-License-Identifier: GPL-2.0
/*
 * The rate of a device, over the time that it has requests to answer. With full
 * buffers and no reader it is idle, which says nothing about its rate.
 */
#include <linux/math64.h>
#include <linux/time64.h>

#include "rate.h"

/* Hosts with a limit give a burst each second: span some. */
#define VRNG_RATE_WINDOW	(4 * NSEC_PER_SEC)

static u64 vrng_rate_compute(const struct vrng_rate *rate)
{
	/* Whole microseconds: bytes * NSEC_PER_SEC would overflow after 18 GB. */
	u64 us = div_u64(rate->busy, NSEC_PER_USEC);

	return us ? div64_u64(rate->bytes * USEC_PER_SEC, us) : 0;
}

/**
 * vrng_rate_begin() - the device, idle until now, has a request to answer
 * @rate: the measurement
 * @now: in ns
 *
 * Context: any; the caller serialises.
 */
void vrng_rate_begin(struct vrng_rate *rate, u64 now)
{
	rate->since = now;
}

/**
 * vrng_rate_account() - the device has answered a request
 * @rate: the measurement
 * @bytes: what it gave
 * @now: in ns; going backwards is taken for standing still
 *
 * Context: any; the caller serialises.
 */
void vrng_rate_account(struct vrng_rate *rate, unsigned int bytes, u64 now)
{
	if (now > rate->since)
		rate->busy += now - rate->since;
	rate->since = now;
	rate->bytes += bytes;
	if (rate->busy < VRNG_RATE_WINDOW)
		return;
	rate->last = vrng_rate_compute(rate);
	rate->busy = 0;
	rate->bytes = 0;
}

/**
 * vrng_rate_get() - bytes a second
 * @rate: the measurement
 *
 * Context: any; the caller serialises.
 * Return: of the last full window, or of what there is of the first.
 */
u64 vrng_rate_get(const struct vrng_rate *rate)
{
	return rate->last ?: vrng_rate_compute(rate);
}
