/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_SCAN_H
#define COMMONHV_SCAN_H

#include "interface.h"

/* The classic range, as hypervisors and guests have used it since 2008. */
#define COMMONHV_SCAN_FIRST	0x40000000u
#define COMMONHV_SCAN_LAST	0x4000ff00u
#define COMMONHV_SCAN_STEP	0x100u
#define COMMONHV_SCAN_MAX	256

unsigned int commonhv_scan(const struct commonhv_access *access,
			   struct commonhv_interface *interfaces);

#endif /* COMMONHV_SCAN_H */
