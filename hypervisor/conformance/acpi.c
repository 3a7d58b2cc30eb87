// SPDX-License-Identifier: GPL-2.0
/* Finds the MADT. All lengths are the firmware's, and bounded. */
#include "acpi.h"
#include "access.h"

#define TABLE_MAX	0x10000
#define HEADER_LEN	36
#define MADT_ENTRIES	44	/* behind the header, the APIC's address and flags */
#define EBDA_SEGMENT	0x40e

enum { LOCAL_APIC = 0, LOCAL_X2APIC = 9 };
#define APIC_ENABLED 1

static uint32_t read32(uint32_t address)
{
	uint32_t value;

	/* Volatile: low addresses look like null pointers to the compiler. */
	asm volatile("movl (%1), %0" : "=r" (value) : "r" (address) : "memory");
	return value;
}

static uint8_t read8(uint32_t address)
{
	uint8_t value;

	asm volatile("movb (%1), %0" : "=q" (value) : "r" (address) : "memory");
	return value;
}

static bool checksum_is_zero(uint32_t address, uint32_t len)
{
	uint8_t sum = 0;

	while (len--)
		sum += read8(address++);
	return !sum;
}

/* "RSD PTR " */
static bool is_rsdp(uint32_t address)
{
	return read32(address) == 0x20445352 && read32(address + 4) == 0x20525450 &&
	       checksum_is_zero(address, 20);
}

static uint32_t find_rsdp(void)
{
	uint32_t ebda = (read32(EBDA_SEGMENT) & 0xffff) << 4;
	uint32_t address;

	if (ebda >= 0x80000 && ebda < 0xa0000)
		for (address = ebda; address < ebda + 1024 && address < 0xa0000; address += 16)
			if (is_rsdp(address))
				return address;
	for (address = 0xe0000; address < 0x100000; address += 16)
		if (is_rsdp(address))
			return address;
	return 0;
}

/* The length of the table, or 0 if there is none that can be read. */
static uint32_t table_len(uint32_t address, uint32_t signature)
{
	uint32_t len;

	if (address < 0x400 || address > UINT32_MAX - TABLE_MAX || read32(address) != signature)
		return 0;
	len = read32(address + 4);
	return len >= HEADER_LEN && len <= TABLE_MAX ? len : 0;
}

static uint32_t count_in_madt(uint32_t madt, uint32_t len)
{
	uint32_t offset = MADT_ENTRIES, nr = 0;

	while (offset + 2 <= len) {
		uint8_t type = read8(madt + offset), size = read8(madt + offset + 1);

		if (size < 2 || offset + size > len)
			break;
		if (type == LOCAL_APIC && size >= 8)
			nr += read32(madt + offset + 4) & APIC_ENABLED;
		if (type == LOCAL_X2APIC && size >= 16)
			nr += read32(madt + offset + 8) & APIC_ENABLED;
		offset += size;
	}
	return nr;
}

uint32_t acpi_count_cpus(uint32_t rsdp)
{
	uint32_t root, len, offset, step;

	if (!rsdp || !is_rsdp(rsdp))
		rsdp = find_rsdp();
	if (!rsdp)
		return 0;
	/* An XSDT where there is one (revision 2), below 4 GiB; else the RSDT. */
	root = 0;
	step = 8;
	if (read8(rsdp + 15) >= 2 && !read32(rsdp + 28))
		root = read32(rsdp + 24);
	len = table_len(root, 0x54445358);
	if (!len) {
		root = read32(rsdp + 16);
		step = 4;
		len = table_len(root, 0x54445352);
	}
	for (offset = HEADER_LEN; offset + step <= len; offset += step) {
		uint32_t table = read32(root + offset);
		uint32_t madt_len;

		if (step == 8 && read32(root + offset + 4))
			continue;
		madt_len = table_len(table, 0x43495041);
		if (madt_len)
			return count_in_madt(table, madt_len);
	}
	return 0;
}
