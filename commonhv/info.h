/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_INFO_H
#define COMMONHV_INFO_H

#include "list.h"

/**
 * struct commonhv_info - all that is known about this machine's interfaces
 * @caps: the CommonHV interface itself
 * @nr_interfaces: how many of @interfaces are there
 * @interfaces: by preference (CommonHV) or by location (scan)
 *
 * Written once by commonhv_info_read(), and const after that.
 */
struct commonhv_info {
	struct commonhv_caps caps;
	unsigned int nr_interfaces;
	struct commonhv_interface interfaces[COMMONHV_INTERFACES_MAX];
};

void commonhv_info_read(const struct commonhv_access *access,
			const struct commonhv_leaves *leaves,
			struct commonhv_info *info);
bool commonhv_info_is_empty(const struct commonhv_info *info);
bool commonhv_info_same_interfaces(const struct commonhv_info *a,
				   const struct commonhv_info *b);

#endif /* COMMONHV_INFO_H */
