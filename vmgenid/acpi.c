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
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <asm/processor.h>

#include "acpi.h"
#include "addr.h"
#include "memory.h"

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
	trouble = ACPI_SUCCESS(status) ?
		vmgenid_addr_decode(buffer.pointer, boot_cpu_data.x86_phys_bits, phys) :
		"cannot be evaluated";
	/* ACPICA may fail to fill the buffer that it has allocated. */
	ACPI_FREE(buffer.pointer);
	return trouble;
}

static const char *vmgenid_acpi_map(struct vmgenid_acpi *acpi)
{
	const char *trouble;
	u64 phys;

	trouble = vmgenid_acpi_locate(acpi->adev, &phys) ?:
		  vmgenid_memory_map(phys, VMGENID_ID_LEN, (void **)&acpi->words);
	if (trouble)
		return trouble;
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
	if (!acpi->adev)
		return -ENODEV;
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
