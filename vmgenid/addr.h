/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_ADDR_H
#define VMGENID_ADDR_H

#include <linux/acpi.h>

#define VMGENID_ID_LEN		16
#define VMGENID_ID_ALIGN	8

const char *vmgenid_addr_decode(const union acpi_object *addr,
				unsigned int phys_bits, u64 *phys);

#endif /* VMGENID_ADDR_H */
