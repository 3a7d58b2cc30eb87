/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_FORK_H
#define VRNG_FORK_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "../common/krng.h"
#include "pool.h"

#define VRNG_FORK_WAIT_MS	50	/* for all pools together */

/**
 * struct vrng_fork - the pools that a VM fork concerns
 * @lock: guards @pools; held while a fork is handled, and taken before the locks
 *	of the pools
 * @pools: of all devices
 * @krng: what is seeded after a fork
 */
struct vrng_fork {
	struct mutex lock; /* guards pools */
	struct list_head pools;
	struct chv_krng *krng;
};

void vrng_fork_init(struct vrng_fork *fork, struct chv_krng *krng);
void vrng_fork_add(struct vrng_fork *fork, struct vrng_pool *pool);
void vrng_fork_remove(struct vrng_fork *fork, struct vrng_pool *pool);
bool vrng_fork_early(struct vrng_fork *fork);
void vrng_fork_late(struct vrng_fork *fork, struct vrng_pool *pool);

#endif /* VRNG_FORK_H */
