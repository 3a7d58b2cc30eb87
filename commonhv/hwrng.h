/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_HWRNG_H
#define COMMONHV_HWRNG_H

#include <linux/hw_random.h>

struct commonhv_rng;
struct commonhv_watch;

#if IS_ENABLED(CONFIG_HW_RANDOM)

/**
 * struct commonhv_hwrng - the registration with hw_random
 * @hwrng: the registration
 * @registered: @hwrng is registered
 * @rng: where its bytes come from
 * @watch: told when a reader finds another generation
 */
struct commonhv_hwrng {
	struct hwrng hwrng;
	bool registered;
	struct commonhv_rng *rng;
	struct commonhv_watch *watch;
};

void commonhv_hwrng_init(struct commonhv_hwrng *hw, struct commonhv_rng *rng,
			 struct commonhv_watch *watch);
void commonhv_hwrng_sync(struct commonhv_hwrng *hw, bool present);

#else

/* Without hw_random there is no /dev/hwrng, and nothing to register. */
struct commonhv_hwrng { };

static inline void commonhv_hwrng_init(struct commonhv_hwrng *hw,
				       struct commonhv_rng *rng,
				       struct commonhv_watch *watch)
{
}

static inline void commonhv_hwrng_sync(struct commonhv_hwrng *hw, bool present)
{
}

#endif

#endif /* COMMONHV_HWRNG_H */
