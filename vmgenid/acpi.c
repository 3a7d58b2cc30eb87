// SPDX-License-Identifier: GPL-2.0
/*
 * The VM generation ID device of the firmware: found, never bound.
 *
 * The in-tree driver, where a kernel has it, stays bound. ACPI keeps a list of
 * handlers and calls the newest first: ours, and then, once it has returned, that
 * driver's.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/acpi.h>
#include <linux/cc_platform.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn.h>
#include <linux/pgtable.h>
#include <asm/coco.h>
#include <asm/e820/api.h>
#include <asm/processor.h>

#include "acpi.h"
#include "addr.h"

/* Upper case: ACPICA folds what the firmware has, "VM_Gen_Counter". */
static const struct acpi_device_id vmgenid_acpi_ids[] = {
	{ "VM_GEN_COUNTER" },
	{ "VMGENCTR" },
	{ }
};
MODULE_DEVICE_TABLE(acpi, vmgenid_acpi_ids);

static const char *vmgenid_acpi_locate(struct acpi_device *adev, u64 *phys)
{
	struct acpi_buffer buffer = { ACPI_ALLOCATE_BUFFER };
	const char *trouble;
	acpi_status status;

	status = acpi_evaluate_object(adev->handle, "ADDR", NULL, &buffer);
	if (ACPI_FAILURE(status))
		return "cannot be evaluated";
	trouble = vmgenid_addr_decode(buffer.pointer, boot_cpu_data.x86_phys_bits,
				      phys);
	ACPI_FREE(buffer.pointer);
	return trouble;
}

/* Pages at the ends of RAM are not mapped unless all of them is RAM. */
static bool vmgenid_acpi_is_mappable(u64 phys)
{
	return e820__mapped_any(phys, phys + 1, 0) &&
	       (region_intersects(phys, 1, IORESOURCE_SYSTEM_RAM,
				  IORES_DESC_NONE) != REGION_INTERSECTS ||
		page_is_ram(PHYS_PFN(phys)));
}

/*
 * The kernel warns, with a backtrace, about mappings that cannot be, and crashes
 * when it reads RAM that is not there. The host must not be able to cause either.
 * The ID is aligned to 8 bytes only, so it may begin in one page, or one range of
 * the memory map, and end in another.
 */
static const char *vmgenid_acpi_judge(u64 phys)
{
	u64 last = phys + VMGENID_ID_LEN - 1;
	int ram;

	if (!e820__mapped_any(phys, last + 1, 0))
		return "is not in the firmware's memory map";
	if (!vmgenid_acpi_is_mappable(phys) || !vmgenid_acpi_is_mappable(last))
		return "is not all in memory that can be mapped";
	ram = region_intersects(phys, VMGENID_ID_LEN, IORESOURCE_SYSTEM_RAM,
				IORES_DESC_NONE);
	if (ram == REGION_MIXED)
		return "is half in RAM";
	if (ram == REGION_INTERSECTS &&
	    cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT))
		return "is in private memory";
	return NULL;
}

/*
 * In a confidential guest the host can write shared memory only. MEMREMAP_DEC asks
 * for a shared mapping, but memremap() ignores it, on all kernels, where the
 * firmware's memory map has ACPI's or EFI's data. An ID in memory that the host
 * cannot write never changes, and reading it can be fatal.
 */
static bool vmgenid_acpi_is_shared(const void *addr)
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

static const char *vmgenid_acpi_map(struct vmgenid_acpi *acpi)
{
	const char *trouble;
	u64 phys;

	trouble = vmgenid_acpi_locate(acpi->adev, &phys) ?:
		  vmgenid_acpi_judge(phys);
	if (trouble)
		return trouble;
	acpi->words = memremap(phys, VMGENID_ID_LEN, MEMREMAP_WB | MEMREMAP_DEC);
	if (!acpi->words)
		return "cannot be mapped";
	if (cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT) &&
	    !vmgenid_acpi_is_shared(acpi->words)) {
		memunmap(acpi->words);
		return "is in private memory";
	}
	acpi->in_nvs = region_intersects(phys, VMGENID_ID_LEN, IORESOURCE_MEM,
					 IORES_DESC_ACPI_NV_STORAGE) !=
		       REGION_DISJOINT;
	return NULL;
}

/**
 * vmgenid_acpi_open() - find the device, and where its ID is
 * @acpi: to be filled
 *
 * Context: process context, sleeps.
 * Return: 0; %-ENODEV without a device; %-EINVAL if what it says is not believed,
 * after a message with the reason.
 */
int vmgenid_acpi_open(struct vmgenid_acpi *acpi)
{
	const char *trouble;
	const struct acpi_device_id *id;

	acpi->adev = NULL;
	for (id = vmgenid_acpi_ids; *id->id && !acpi->adev; id++)
		acpi->adev = acpi_dev_get_first_match_dev(id->id, NULL, -1);
	if (!acpi->adev) {
		pr_info("this machine has no VM generation ID\n");
		return -ENODEV;
	}
	trouble = vmgenid_acpi_map(acpi);
	if (!trouble)
		return 0;
	dev_err(&acpi->adev->dev, "unusable: ADDR %s\n", trouble);
	acpi_dev_put(acpi->adev);
	return -EINVAL;
}

/**
 * vmgenid_acpi_close() - undo vmgenid_acpi_open()
 * @acpi: the device
 *
 * Context: process context, sleeps.
 */
void vmgenid_acpi_close(struct vmgenid_acpi *acpi)
{
	memunmap(acpi->words);
	acpi_dev_put(acpi->adev);
}

/**
 * vmgenid_acpi_listen() - be called when the hypervisor says that the ID changed
 * @acpi: the device
 * @notify: called in a kernel thread, several at once too
 * @context: passed to @notify
 *
 * Context: process context, sleeps.
 * Return: 0, or %-ENODEV if ACPI refuses.
 */
int vmgenid_acpi_listen(struct vmgenid_acpi *acpi, acpi_notify_handler notify,
			void *context)
{
	acpi_status status = acpi_install_notify_handler(acpi->adev->handle,
							 ACPI_DEVICE_NOTIFY,
							 notify, context);

	if (ACPI_SUCCESS(status))
		return 0;
	dev_err(&acpi->adev->dev, "notifications refused: %s\n",
		acpi_format_exception(status));
	return -ENODEV;
}

/**
 * vmgenid_acpi_unlisten() - undo vmgenid_acpi_listen()
 * @acpi: the device
 * @notify: not running on return
 *
 * Context: process context, sleeps; no lock that @notify takes is held.
 */
void vmgenid_acpi_unlisten(struct vmgenid_acpi *acpi, acpi_notify_handler notify)
{
	acpi_remove_notify_handler(acpi->adev->handle, ACPI_DEVICE_NOTIFY, notify);
}

/**
 * vmgenid_acpi_has_driver() - is the in-tree driver bound to the device?
 * @acpi: the device
 *
 * Up to 6.9 that driver binds the ACPI device, later its platform device. Any
 * driver counts: which one it is can only be read under the device's lock, and a
 * driver's removal waits for our handler under that lock.
 *
 * Context: process context, sleeps: ACPI has a mutex for its list of nodes.
 * Return: true if one is bound.
 */
bool vmgenid_acpi_has_driver(const struct vmgenid_acpi *acpi)
{
	const struct device *physical = acpi_get_first_physical_node(acpi->adev);

	return READ_ONCE(acpi->adev->dev.driver) ||
	       (physical && READ_ONCE(physical->driver));
}
