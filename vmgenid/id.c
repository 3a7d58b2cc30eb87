// SPDX-License-Identifier: GPL-2.0
/* The VM generation ID, a source of forks: 16 opaque bytes, with a notification. */
#include <linux/build_bug.h>
#include <linux/compiler.h>

#include "acpi.h"
#include "addr.h"
#include "id.h"

static_assert(sizeof(struct vmgenid_mark) == VMGENID_ID_LEN);

static struct vmgenid_acpi vmgenid_id_acpi;

static int vmgenid_id_open(struct vmgenid_source *source)
{
	return vmgenid_acpi_open(&vmgenid_id_acpi);
}

static void vmgenid_id_close(struct vmgenid_source *source)
{
	vmgenid_acpi_close(&vmgenid_id_acpi);
}

static void vmgenid_id_notified(acpi_handle handle, u32 event, void *source)
{
	((struct vmgenid_source *)source)->changed(source);
}

static int vmgenid_id_listen(struct vmgenid_source *source)
{
	return vmgenid_acpi_listen(&vmgenid_id_acpi, vmgenid_id_notified, source);
}

static void vmgenid_id_unlisten(struct vmgenid_source *source)
{
	vmgenid_acpi_unlisten(&vmgenid_id_acpi, vmgenid_id_notified);
}

static bool vmgenid_id_read(struct vmgenid_source *source, struct vmgenid_mark *mark)
{
	mark->words[0] = READ_ONCE(vmgenid_id_acpi.words[0]);
	mark->words[1] = READ_ONCE(vmgenid_id_acpi.words[1]);
	return true;
}

static const struct vmgenid_source_ops vmgenid_id_ops = {
	.name = "vmgenid",
	.open = vmgenid_id_open,
	.close = vmgenid_id_close,
	.listen = vmgenid_id_listen,
	.unlisten = vmgenid_id_unlisten,
	.read = vmgenid_id_read,
};

struct vmgenid_source vmgenid_id_source = { .ops = &vmgenid_id_ops };

/**
 * vmgenid_id_has_driver() - does the in-tree driver deal with changes of the ID?
 *
 * Context: process context, sleeps.
 * Return: true if a driver is bound to the device.
 */
bool vmgenid_id_has_driver(void)
{
	return vmgenid_id_source.is_open && vmgenid_acpi_has_driver(&vmgenid_id_acpi);
}

/**
 * vmgenid_id_survives_restore() - is the ID the machine's after hibernation?
 *
 * Context: any.
 * Return: false if there is no ID, or if a resume overwrites it: in ACPI NVS.
 */
bool vmgenid_id_survives_restore(void)
{
	return vmgenid_id_source.is_open && !vmgenid_id_acpi.in_nvs;
}
