/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_HWRNG_H
#define VRNG_HWRNG_H

struct vrng_device;

int vrng_hwrng_add(struct vrng_device *rng, unsigned int quality);
void vrng_hwrng_remove(struct vrng_device *rng);

#endif /* VRNG_HWRNG_H */
