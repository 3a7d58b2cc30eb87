// SPDX-License-Identifier: GPL-2.0
/*
 * What the object ADDR says, or why it is not believed: pure, KUnit drives it.
 * The host chooses it, and the address in it is going to be mapped.
 */
#include <linux/align.h>
#include <linux/bits.h>
#include <linux/limits.h>

#include "addr.h"

/**
 * vmgenid_addr_decode() - where is the generation ID?
 * @addr: what ADDR evaluated to; may be NULL
 * @phys_bits: width of the processor's physical addresses
 * @phys: receives the guest-physical address of %VMGENID_ID_LEN bytes
 *
 * Context: any.
 * Return: NULL, or what is wrong with ADDR, in words that follow "ADDR".
 */
const char *vmgenid_addr_decode(const union acpi_object *addr,
				unsigned int phys_bits, u64 *phys)
{
	u64 low, high, start;

	if (!addr || addr->type != ACPI_TYPE_PACKAGE || addr->package.count != 2 ||
	    addr->package.elements[0].type != ACPI_TYPE_INTEGER ||
	    addr->package.elements[1].type != ACPI_TYPE_INTEGER)
		return "is not a package of two integers";
	low = addr->package.elements[0].integer.value;
	high = addr->package.elements[1].integer.value;
	if (low > U32_MAX || high > U32_MAX)
		return "has an element of more than 32 bits";
	start = high << 32 | low;
	if (!start)
		return "is zero";
	if (!IS_ALIGNED(start, VMGENID_ID_ALIGN))
		return "is not aligned to 8 bytes";
	if (start > GENMASK_ULL(phys_bits - 1, 0) - (VMGENID_ID_LEN - 1))
		return "is beyond the processor's physical addresses";
	*phys = start;
	return NULL;
}
