/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_DEVICE_H
#define VMGENID_DEVICE_H

#include "../common/krng.h"
#include "acpi.h"
#include "pipeline.h"
#include "sysgenid.h"

struct device;

/**
 * struct vmgenid_device - all of it
 * @dev: in sysfs
 * @krng: the kernel's RNG
 * @acpi: where the ID comes from
 * @pipeline: what a fork sets in motion
 * @sysgenid: /dev/sysgenid
 * @restored: the machine comes back from a hibernation image
 */
struct vmgenid_device {
	struct device *dev;
	struct chv_krng_native krng;
	struct vmgenid_acpi acpi;
	struct vmgenid_pipeline pipeline;
	struct vmgenid_sysgenid sysgenid;
	bool restored;
};

/**
 * enum vmgenid_mode - who reseeds the kernel's RNG
 * @VMGENID_MODE_RESEED: we do: mix and force a reseed
 * @VMGENID_MODE_BESIDE: we do; the kernel's driver does so again, and calls
 *	the kernel's own fork notifiers
 * @VMGENID_MODE_VMFORK: the kernel's function for it, which calls them too
 */
enum vmgenid_mode {
	VMGENID_MODE_RESEED,
	VMGENID_MODE_BESIDE,
	VMGENID_MODE_VMFORK,
};

enum vmgenid_mode vmgenid_device_mode(const struct vmgenid_device *vmgenid);

#endif /* VMGENID_DEVICE_H */
