/*
 * VMClock's generation counter
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMCLOCK_GENERATION_H
#define VMCLOCK_GENERATION_H

#include "exec/memory.h"
#include "hw/acpi/aml-build.h"
#include "hw/acpi/vmclock.h"

#include "standard-headers/linux/vmclock-abi.h"

/* What vmclock-abi.h of QEMU 10.0 does not have yet. */
#define VMCLOCK_FLAG_VM_GEN_COUNTER_PRESENT (1 << 8)
#define VMCLOCK_FLAG_NOTIFICATION_PRESENT   (1 << 9)

typedef struct VmclockPage {
    struct vmclock_abi abi;
    uint64_t vm_generation_counter;
} VmclockPage;

QEMU_BUILD_BUG_ON(offsetof(VmclockPage, vm_generation_counter) != 0x68);

/* vmclock.c: an update of the page, between an odd and an even seq_count. */
void vmclock_update_guest(VmclockState *vms, bool disrupted);

/* vmclock-generation.c */
extern const VMStateDescription vmstate_vmclock_generation;
void vmclock_generation_class_init(DeviceClass *dc);
void vmclock_generation_fill(VmclockState *vms);
void vmclock_generation_load(VmclockState *vms);
void vmclock_generation_build_acpi(VmclockState *vms, Aml *ssdt);
bool vmclock_generation_notifies(VmclockState *vms);
void vmclock_generation_notify(VmclockState *vms);

/* vmclock-test.c, where misbehaviour for tests of guests is */
void vmclock_test_class_init(ObjectClass *oc);
uint64_t vmclock_test_next(VmclockState *vms, uint64_t next);
void vmclock_test_fill(VmclockState *vms);
bool vmclock_test_keeps_odd(VmclockState *vms);
bool vmclock_test_changes(VmclockState *vms);
bool vmclock_test_notifies(VmclockState *vms);
hwaddr vmclock_test_address(VmclockState *vms);
Aml *vmclock_test_crs(VmclockState *vms, Aml *crs);

#endif
