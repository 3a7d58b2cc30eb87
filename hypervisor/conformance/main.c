// SPDX-License-Identifier: GPL-2.0
/*
 * The guest: finds out how it was booted, and runs the tests.
 *
 *	entry.S			entries, exceptions, the other vCPUs' start
 *	bzimage.S, pvh.S	the same as other kinds of image
 *	cpu.c, serial.c		instructions and ports
 *	acpi.c, smp.c		how many vCPUs there are, and what they do together
 *	print.c			text
 *	view.c			the leaves, decoded
 *	statistics.c		whether values look random
 *	requirements.c		the table, of the functions in check-*.c
 *	run.c			judges them all, and prints the verdicts
 *
 * fake.c replaces the first four, for what no hypervisor shows.
 */
#include "access.h"
#include "boot.h"
#include "cpu.h"
#include "print.h"
#include "run.h"
#include "serial.h"
#include "smp.h"

#define PVH_MAGIC	0x336ec578
#define PVH_RSDP	32	/* offset in hvm_start_info */
#define LINUX_RSDP	0x70	/* offset in boot_params */

void main(uint32_t kind, uint32_t info);

/* gcc expects these even where there is no library. */
void *memset(void *to, int value, size_t len);
void *memcpy(void *to, const void *from, size_t len);

void *memset(void *to, int value, size_t len)
{
	char *p = to;

	while (len--) {
		*p++ = value;
		asm volatile("");	/* else gcc makes a call of memset of this */
	}
	return to;
}

void *memcpy(void *to, const void *from, size_t len)
{
	const char *q = from;
	char *p = to;

	while (len--) {
		*p++ = *q++;
		asm volatile("");
	}
	return to;
}

static const uint32_t *at(uint32_t address)
{
	return (const uint32_t *)(uintptr_t)address;
}

/* Only the lower half: above 4 GiB nothing can be read without paging. */
static uint32_t loader_rsdp(uint32_t kind, uint32_t info)
{
	if (!info)
		return 0;
	if (kind == BOOT_PVH && *at(info) == PVH_MAGIC)
		return *at(info + PVH_RSDP);
	if (kind == BOOT_LINUX)
		return *at(info + LINUX_RSDP);
	return 0;
}

void main(uint32_t kind, uint32_t info)
{
	static const char *const kinds[] = {
		[BOOT_LINUX] = "bzImage", [BOOT_PVH] = "PVH", [BOOT_MULTIBOOT] = "multiboot",
	};

	cpu_init();
	serial_init();
	smp_set_rsdp(loader_rsdp(kind, info));
	cpu_exit(!run_all(kinds[kind]));
}
