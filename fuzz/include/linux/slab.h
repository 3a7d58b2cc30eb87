/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_SLAB_H
#define FUZZ_LINUX_SLAB_H

#include <linux/gfp.h>

void kfree_sensitive(const void *ptr);

#endif /* FUZZ_LINUX_SLAB_H */
