/*
 * VMClock: the generation counter, and the notification of its changes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The counter belongs to the machine's state. Each load adds 1 to the saved
 * value, in the page and in the state, before any vCPU runs. Two machines that
 * are loaded from one snapshot have the same value then: it tells a guest that
 * it was loaded, and not which copy it is.
 *
 * QEMU cannot tell a live migration from a load. Who starts the destination
 * knows, and says so with x-live=on.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hw/acpi/acpi.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "vmclock-generation.h"

static Object *acpi_device(void)
{
    return object_resolve_path_type("", TYPE_ACPI_DEVICE_IF, NULL);
}

bool vmclock_generation_notifies(VmclockState *vms)
{
    return vms->notification && acpi_device();
}

void vmclock_generation_notify(VmclockState *vms)
{
    if (vmclock_generation_notifies(vms)) {
        vms->notified++;
        acpi_send_event(DEVICE(acpi_device()), ACPI_VMCLOCK_CHANGE_STATUS);
    }
}

/* All that a load may find changed: the saved page is that of another device. */
void vmclock_generation_fill(VmclockState *vms)
{
    VmclockPage *page = (VmclockPage *)vms->clk;
    uint64_t flags = 0;

    if (vms->generation_counter) {
        flags |= VMCLOCK_FLAG_VM_GEN_COUNTER_PRESENT;
        page->vm_generation_counter = cpu_to_le64(vms->counter);
    } else {
        page->vm_generation_counter = 0;
    }
    if (vmclock_generation_notifies(vms)) {
        flags |= VMCLOCK_FLAG_NOTIFICATION_PRESENT;
    }
    page->abi.flags = cpu_to_le64(flags);
    page->abi.magic = cpu_to_le32(VMCLOCK_MAGIC);
    page->abi.size = cpu_to_le32(VMCLOCK_SIZE);
    page->abi.version = cpu_to_le16(1);
}

static void vmclock_change(VmclockState *vms, uint64_t counter)
{
    if (vmclock_test_changes(vms)) {
        vms->counter = counter;
        vmclock_update_guest(vms, true);
    }
    if (vmclock_test_notifies(vms)) {
        vmclock_generation_notify(vms);
    }
}

void vmclock_generation_load(VmclockState *vms)
{
    uint64_t counter = vms->counter;

    if (!vms->live) {
        counter = vmclock_test_next(vms, counter + 1);
    }
    /* A loadvm that comes later in this process is none. */
    vms->live = false;
    vmclock_change(vms, counter);
}

/*
 * By GED's method, or that of a GPE of our own. The name of the device is
 * looked up when the method runs.
 */
void vmclock_generation_build_acpi(VmclockState *vms, Aml *ssdt)
{
    Aml *method;

    if (!vmclock_generation_notifies(vms) ||
        object_dynamic_cast(acpi_device(), TYPE_ACPI_GED)) {
        return;
    }
    method = aml_method("\\_GPE._E07", 0, AML_NOTSERIALIZED);
    aml_append(method, aml_notify(aml_name("\\_SB.VCLK"), aml_int(0x80)));
    aml_append(ssdt, method);
}

static bool vmclock_generation_needed(void *opaque)
{
    VmclockState *vms = opaque;

    return vms->generation_counter;
}

const VMStateDescription vmstate_vmclock_generation = {
    .name = "vmclock/generation",
    .version_id = 1,
    .minimum_version_id = 1,
    .needed = vmclock_generation_needed,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(counter, VmclockState),
        VMSTATE_END_OF_LIST()
    },
};

static void vmclock_get_counter(Object *obj, Visitor *v, const char *name,
                                void *opaque, Error **errp)
{
    visit_type_uint64(v, name, &VMCLOCK(obj)->counter, errp);
}

static void vmclock_set_counter(Object *obj, Visitor *v, const char *name,
                                void *opaque, Error **errp)
{
    VmclockState *vms = VMCLOCK(obj);
    uint64_t counter;

    if (!visit_type_uint64(v, name, &counter, errp)) {
        return;
    }
    if (!DEVICE(obj)->realized) {
        vms->counter = counter;
    } else if (!vms->generation_counter) {
        error_setg(errp, "this vmclock has x-generation-counter=off");
    } else {
        vmclock_change(vms, counter);
    }
}

static bool vmclock_get_live(Object *obj, Error **errp)
{
    return VMCLOCK(obj)->live;
}

static void vmclock_set_live(Object *obj, bool value, Error **errp)
{
    VMCLOCK(obj)->live = value;
}

static const Property vmclock_generation_properties[] = {
    DEFINE_PROP_BOOL("x-generation-counter", VmclockState, generation_counter,
                     true),
    DEFINE_PROP_BOOL("x-notification", VmclockState, notification, true),
};

void vmclock_generation_class_init(DeviceClass *dc)
{
    ObjectClass *oc = OBJECT_CLASS(dc);

    device_class_set_props(dc, vmclock_generation_properties);
    object_class_property_set_description(oc, "x-generation-counter",
        "whether there is a generation counter (on/off)");
    object_class_property_set_description(oc, "x-notification",
        "whether the guest is notified of changes by ACPI (on/off)");
    object_class_property_add_bool(oc, "x-live", vmclock_get_live,
                                   vmclock_set_live);
    object_class_property_set_description(oc, "x-live",
        "whether the next load is a live migration, which does not count");
    object_class_property_add(oc, "x-counter", "uint64", vmclock_get_counter,
                              vmclock_set_counter, NULL, NULL);
    object_class_property_set_description(oc, "x-counter",
        "the generation; setting it is an update that the guest is told of");
    vmclock_test_class_init(oc);
}
