/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_ACPI_H
#define VMGENID_ACPI_H

#include <linux/acpi.h>
#include <linux/types.h>

/**
 * struct vmgenid_acpi - the firmware's VM generation ID device
 * @adev: the device, with a reference
 * @words: the ID, in memory that the host writes: read each word once
 * @in_nvs: that is ACPI NVS, which a resume from hibernation overwrites with what
 *	it held when the image was made
 */
struct vmgenid_acpi {
	struct acpi_device *adev;
	u64 *words;
	bool in_nvs;
};

int vmgenid_acpi_open(struct vmgenid_acpi *acpi);
void vmgenid_acpi_close(struct vmgenid_acpi *acpi);
int vmgenid_acpi_listen(struct vmgenid_acpi *acpi, acpi_notify_handler notify,
			void *context);
void vmgenid_acpi_unlisten(struct vmgenid_acpi *acpi, acpi_notify_handler notify);
bool vmgenid_acpi_has_driver(const struct vmgenid_acpi *acpi);

#endif /* VMGENID_ACPI_H */
