/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_INTERFACE_H
#define COMMONHV_INTERFACE_H

#include "access.h"

/**
 * enum commonhv_source - how an interface was found
 * @COMMONHV_SOURCE_LIST: the hypervisor lists it in leaf 4F000001H
 * @COMMONHV_SOURCE_SCAN: it answered a scan of the classic range
 */
enum commonhv_source {
	COMMONHV_SOURCE_LIST,
	COMMONHV_SOURCE_SCAN,
};

/**
 * struct commonhv_interface - one paravirtual interface
 * @location: CPUID leaf where it begins, as the host gives it
 * @max_leaf: its highest leaf, as CPUID.location:EAX gives it; 0 if unverified
 * @source: how it was found
 * @verified: CPUID.location has the same signature
 * @signature: EBX, ECX, EDX in memory order: 12 arbitrary bytes
 */
struct commonhv_interface {
	u32 location;
	u32 max_leaf;
	enum commonhv_source source;
	bool verified;
	u8 signature[COMMONHV_SIGNATURE_LEN];
};

bool commonhv_location_is_valid(u32 location);
void commonhv_interface_init(struct commonhv_interface *interface,
			     enum commonhv_source source, u32 location,
			     const struct commonhv_regs *regs);
void commonhv_interface_verify(const struct commonhv_access *access,
			       struct commonhv_interface *interface);

#endif /* COMMONHV_INTERFACE_H */
