/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_VMFORK_H
#define VRNG_VMFORK_H

struct vrng_device;

int vrng_vmfork_init(void);
void vrng_vmfork_exit(void);
void vrng_vmfork_add(struct vrng_device *rng);
void vrng_vmfork_remove(struct vrng_device *rng);
void vrng_vmfork_late(struct vrng_device *rng);

#endif /* VRNG_VMFORK_H */
