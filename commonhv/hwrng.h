/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_HWRNG_H
#define COMMONHV_HWRNG_H

#include <linux/hw_random.h>

struct commonhv_rng;

#if IS_ENABLED(CONFIG_HW_RANDOM)

/**
 * struct commonhv_hwrng - the registration with hw_random
 * @hwrng: the registration
 * @registered: @hwrng is registered
 */
struct commonhv_hwrng {
	struct hwrng hwrng;
	bool registered;
};

void commonhv_hwrng_sync(struct commonhv_hwrng *hw, struct commonhv_rng *rng,
			 bool present);

#else

/* Without hw_random there is no /dev/hwrng, and nothing to register. */
struct commonhv_hwrng { };

static inline void commonhv_hwrng_sync(struct commonhv_hwrng *hw,
				       struct commonhv_rng *rng, bool present)
{
}

#endif

#endif /* COMMONHV_HWRNG_H */
