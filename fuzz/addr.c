// SPDX-License-Identifier: GPL-2.0
/*
 * What ADDR says: vmgenid/addr.c.
 *
 * Input: the width of physical addresses, and an object, which may be a package of
 * anything.
 *
 * Rules: an address is believed if and only if 16 aligned bytes are there, and nothing is
 * stored without one.
 */
#include <stdlib.h>

#include "../vmgenid/addr.h"
#include "fuzz.h"

static u64 addr_integer(struct fuzz_input *in, u8 how, unsigned int bits)
{
	switch (how & 3) {
	case 0:
		return fuzz_u8(in);
	case 1:
		return fuzz_u32(in);
	case 2:
		return fuzz_u64(in);
	}
	/* Close to the end of what the processor can address. */
	if (how & 4)
		return ((1ull << (bits - 1) << 1) - 1) >> 32;
	return 0xffffffffu - fuzz_u8(in);
}

static void addr_element(struct fuzz_input *in, union acpi_object *element, unsigned int bits)
{
	u8 how = fuzz_u8(in);

	*element = (union acpi_object){ .type = ACPI_TYPE_INTEGER };
	if (how >= 0xf0) {
		element->type = how & 7;
		element->package.count = 2;
		/* To follow it is to crash. */
		element->package.elements = (union acpi_object *)8;
	}
	if (element->type == ACPI_TYPE_INTEGER)
		element->integer.value = addr_integer(in, how, bits);
}

static bool addr_is_right(const union acpi_object *addr, unsigned int bits, u64 *want)
{
	const union acpi_object *elements;
	u64 last;

	if (addr->type != ACPI_TYPE_PACKAGE || addr->package.count != 2)
		return false;
	elements = addr->package.elements;
	if (elements[0].type != ACPI_TYPE_INTEGER || elements[1].type != ACPI_TYPE_INTEGER ||
	    elements[0].integer.value >> 32 || elements[1].integer.value >> 32)
		return false;
	*want = elements[1].integer.value * 0x100000000ull + elements[0].integer.value;
	last = *want + 15;
	return *want && *want % 8 == 0 && last > *want && (bits == 64 || !(last >> bits));
}

FUZZ_TARGET(addr)
{
	static const u64 untouched = 0x1234567812345678;
	u64 phys = untouched, want = 0;
	union acpi_object addr = { .type = ACPI_TYPE_PACKAGE };
	unsigned int bits = 32 + fuzz_u8(in) % 33, i;
	u8 first = fuzz_u8(in);
	const char *wrong;

	addr.package.count = first < 0xf0 ? 2 : first & 3;
	if (first >= 0xfc)
		addr.type = ACPI_TYPE_BUFFER;
	/* Exactly so many: to read on is found. */
	addr.package.elements = malloc(addr.package.count * sizeof(addr) ?: 1);
	for (i = 0; i < addr.package.count; i++)
		addr_element(in, &addr.package.elements[i], bits);

	fuzz_check(vmgenid_addr_decode(NULL, bits, &phys));
	wrong = vmgenid_addr_decode(&addr, bits, &phys);
	fuzz_check(!wrong == addr_is_right(&addr, bits, &want));
	fuzz_check(phys == (wrong ? untouched : want));
	free(addr.package.elements);
}
