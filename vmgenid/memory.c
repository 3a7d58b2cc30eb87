// SPDX-License-Identifier: GPL-2.0
/* Memory that the host writes, at an address that the host chooses. */
#include <linux/cc_platform.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <asm/coco.h>
#include <asm/e820/api.h>

#include "memory.h"

static bool vmgenid_memory_is_known(u64 phys)
{
	return e820__mapped_any(phys, phys + 1, 0);
}

/*
 * The kernel warns, with a backtrace, about mappings that cannot be, and crashes
 * when it reads RAM that is not there. The host must not be able to cause either.
 * The memory may begin in one page, or one range of the memory map, and end in
 * another.
 */
static const char *vmgenid_memory_judge(u64 phys, size_t len)
{
	u64 last = phys + len - 1;
	int ram;

	if (!vmgenid_memory_is_known(phys) || !vmgenid_memory_is_known(last))
		return "is not all in the firmware's memory map";
	ram = region_intersects(phys, len, IORESOURCE_SYSTEM_RAM,
				IORES_DESC_NONE);
	if (ram == REGION_MIXED)
		return "is half in RAM";
	/* Whoever owns that page would begin generations by writing to it. */
	if (ram == REGION_INTERSECTS)
		return "is in RAM";
	return NULL;
}

/*
 * In a confidential guest the host can write shared memory only. MEMREMAP_DEC asks
 * for a shared mapping, but memremap() ignores it, on all kernels, where the
 * firmware's memory map has ACPI's or EFI's data. Memory that the host cannot write
 * never changes, and reading it can be fatal.
 */
static bool vmgenid_memory_is_shared(const void *addr)
{
	unsigned int level;
	const pte_t *pte = lookup_address((unsigned long)addr, &level);

	if (!pte || level != PG_LEVEL_4K)
		return false;
	/* Without a mask this kernel does not know which pages are shared. */
	if (!cc_mkdec(0) && !~cc_mkdec(~0ULL))
		return false;
	return cc_mkdec(pte_val(*pte)) == pte_val(*pte);
}

/**
 * vmgenid_memory_map() - map memory that the host writes
 * @phys: guest-physical address
 * @len: bytes; @phys + @len is a physical address
 * @addr: receives the mapping, for memunmap()
 *
 * Context: process context, sleeps.
 * Return: NULL, or what is wrong with the address, in words that follow its name.
 */
const char *vmgenid_memory_map(u64 phys, size_t len, void **addr)
{
	const char *trouble = vmgenid_memory_judge(phys, len);

	if (trouble)
		return trouble;
	*addr = memremap(phys, len, MEMREMAP_WB | MEMREMAP_DEC);
	if (!*addr)
		return "cannot be mapped";
	if (cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT) &&
	    !vmgenid_memory_is_shared(*addr)) {
		memunmap(*addr);
		return "is in private memory";
	}
	return NULL;
}
