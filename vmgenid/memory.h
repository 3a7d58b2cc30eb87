/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_MEMORY_H
#define VMGENID_MEMORY_H

#include <linux/types.h>

const char *vmgenid_memory_map(u64 phys, size_t len, void **addr);

#endif /* VMGENID_MEMORY_H */
