/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_LIST_H
#define COMMONHV_LIST_H

#include "decode.h"
#include "interface.h"

/*
 * The most list entries that are read. The host chooses how many it lists; 256
 * of them cost 512 CPUIDs, about a millisecond of VM exits.
 */
#define COMMONHV_INTERFACES_MAX	256

unsigned int commonhv_list_decode(const struct commonhv_access *access,
				  struct commonhv_caps *caps,
				  const struct commonhv_regs *list0,
				  struct commonhv_interface *interfaces);

#endif /* COMMONHV_LIST_H */
