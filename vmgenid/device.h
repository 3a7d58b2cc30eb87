/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_DEVICE_H
#define VMGENID_DEVICE_H

#include "../common/krng.h"
#include "pipeline.h"
#include "sysgenid.h"

struct device;

/**
 * struct vmgenid_device - all of it
 * @dev: in sysfs
 * @krng: the kernel RNG
 * @pipeline: what a VM fork sets in motion
 * @sysgenid: /dev/sysgenid
 * @restored: the VM is resumed from a hibernation image
 */
struct vmgenid_device {
	struct device *dev;
	struct chv_krng_native krng;
	struct vmgenid_pipeline pipeline;
	struct vmgenid_sysgenid sysgenid;
	bool restored;
};

#endif /* VMGENID_DEVICE_H */
