/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_FORK_H
#define VRNG_FORK_H

struct vrng_device;

int vrng_fork_init(void);
void vrng_fork_exit(void);
void vrng_fork_add(struct vrng_device *rng);
void vrng_fork_remove(struct vrng_device *rng);
void vrng_fork_late(struct vrng_device *rng);

#endif /* VRNG_FORK_H */
