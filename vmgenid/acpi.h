/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_ACPI_H
#define VMGENID_ACPI_H

#include <linux/types.h>

struct acpi_device;
struct vmgenid_id;

/**
 * struct vmgenid_acpi - the firmware's VM generation ID device
 * @notified: called in a kernel thread, several at once too, when the host says
 *	that the ID may have changed
 * @adev: the device, with a reference
 * @words: the ID, in memory that the host writes
 * @in_nvs: that is ACPI NVS, which a resume from hibernation overwrites with what
 *	it was when the image was made
 */
struct vmgenid_acpi {
	void (*notified)(struct vmgenid_acpi *acpi);
	struct acpi_device *adev;
	u64 *words;
	bool in_nvs;
};

int vmgenid_acpi_open(struct vmgenid_acpi *acpi);
void vmgenid_acpi_close(struct vmgenid_acpi *acpi);
void vmgenid_acpi_read(const struct vmgenid_acpi *acpi, struct vmgenid_id *id);
int vmgenid_acpi_listen(struct vmgenid_acpi *acpi);
void vmgenid_acpi_unlisten(struct vmgenid_acpi *acpi);
bool vmgenid_acpi_has_driver(const struct vmgenid_acpi *acpi);

#endif /* VMGENID_ACPI_H */
