/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_REQUESTS_H
#define VRNG_REQUESTS_H

#include "pool.h"

void vrng_requests_idle(struct vrng_pool *pool, struct vrng_buf *buf);
void vrng_requests_retire(struct vrng_pool *pool, struct vrng_buf *buf);
void vrng_requests_fill(struct vrng_pool *pool);
void vrng_requests_collect(struct vrng_pool *pool);

#endif /* VRNG_REQUESTS_H */
