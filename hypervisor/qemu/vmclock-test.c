/*
 * VMClock: misbehaviour that a guest has to survive, for testing guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The property x-misbehave can be set while the guest runs. It is not migrated.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "vmclock-generation.h"

typedef enum {
    MISBEHAVE_OK,
    MISBEHAVE_ODD,
    MISBEHAVE_BACKWARDS,
    MISBEHAVE_SHORT,
    MISBEHAVE_HUGE,
    MISBEHAVE_NO_COUNTER,
    MISBEHAVE_NO_NOTIFICATION,
    MISBEHAVE_BAD_MAGIC,
    MISBEHAVE_BAD_VERSION,
    MISBEHAVE_SILENT,
    MISBEHAVE_STALE,
    MISBEHAVE_MOVED,
    MISBEHAVE_CRS_NONE,
    MISBEHAVE_CRS_IO,
    MISBEHAVE_CRS_SHORT,
    MISBEHAVE_CRS_ZERO,
    MISBEHAVE_CRS_RAM,
    MISBEHAVE_CRS_BEYOND,
    MISBEHAVE_CRS_UNALIGNED,
} VmclockMisbehave;

static const char *const misbehave_names[] = {
    [MISBEHAVE_OK] = "ok",
    [MISBEHAVE_ODD] = "odd",
    [MISBEHAVE_BACKWARDS] = "backwards",
    [MISBEHAVE_SHORT] = "short",
    [MISBEHAVE_HUGE] = "huge",
    [MISBEHAVE_NO_COUNTER] = "no-counter",
    [MISBEHAVE_NO_NOTIFICATION] = "no-notification",
    [MISBEHAVE_BAD_MAGIC] = "bad-magic",
    [MISBEHAVE_BAD_VERSION] = "bad-version",
    [MISBEHAVE_SILENT] = "silent",
    [MISBEHAVE_STALE] = "stale",
    [MISBEHAVE_MOVED] = "moved",
    [MISBEHAVE_CRS_NONE] = "crs-none",
    [MISBEHAVE_CRS_IO] = "crs-io",
    [MISBEHAVE_CRS_SHORT] = "crs-short",
    [MISBEHAVE_CRS_ZERO] = "crs-zero",
    [MISBEHAVE_CRS_RAM] = "crs-ram",
    [MISBEHAVE_CRS_BEYOND] = "crs-beyond",
    [MISBEHAVE_CRS_UNALIGNED] = "crs-unaligned",
};

static const QEnumLookup misbehave_lookup = {
    .array = misbehave_names,
    .size = ARRAY_SIZE(misbehave_names),
};

/* The size that ends before the counter. */
#define SHORT_SIZE offsetof(VmclockPage, vm_generation_counter)

/* Where the page goes: below its place. */
#define MOVED_ADDR (VMCLOCK_ADDR - VMCLOCK_SIZE)

uint64_t vmclock_test_next(VmclockState *vms, uint64_t next)
{
    return vms->misbehave == MISBEHAVE_BACKWARDS ? next - 2 : next;
}

/* Spoils what is in the page. */
void vmclock_test_fill(VmclockState *vms)
{
    struct vmclock_abi *page = vms->clk;

    switch (vms->misbehave) {
    case MISBEHAVE_SHORT:
        page->size = cpu_to_le32(SHORT_SIZE);
        break;
    case MISBEHAVE_HUGE:
        page->size = cpu_to_le32(UINT32_MAX);
        break;
    case MISBEHAVE_NO_COUNTER:
        page->flags &= cpu_to_le64(~VMCLOCK_FLAG_VM_GEN_COUNTER_PRESENT);
        break;
    case MISBEHAVE_NO_NOTIFICATION:
        page->flags &= cpu_to_le64(~VMCLOCK_FLAG_NOTIFICATION_PRESENT);
        break;
    case MISBEHAVE_BAD_MAGIC:
        page->magic = cpu_to_le32(bswap32(VMCLOCK_MAGIC));
        break;
    case MISBEHAVE_BAD_VERSION:
        page->version = cpu_to_le16(2);
        break;
    default:
        break;
    }
}

bool vmclock_test_keeps_odd(VmclockState *vms)
{
    return vms->misbehave == MISBEHAVE_ODD;
}

bool vmclock_test_changes(VmclockState *vms)
{
    return vms->misbehave != MISBEHAVE_STALE;
}

bool vmclock_test_notifies(VmclockState *vms)
{
    return vms->misbehave != MISBEHAVE_SILENT;
}

hwaddr vmclock_test_address(VmclockState *vms)
{
    return vms->misbehave == MISBEHAVE_MOVED ? MOVED_ADDR : vms->physaddr;
}

static Aml *memory(uint64_t start, uint64_t size)
{
    return aml_qword_memory(AML_POS_DECODE, AML_MIN_FIXED, AML_MAX_FIXED,
                            AML_CACHEABLE, AML_READ_ONLY, UINT64_MAX,
                            start, start + size - 1, 0, size);
}

/* Returns what _CRS has to be instead of @crs; NULL for no _CRS. */
Aml *vmclock_test_crs(VmclockState *vms, Aml *crs)
{
    Aml *bad = aml_resource_template();

    switch (vms->misbehave) {
    case MISBEHAVE_CRS_NONE:
        return NULL;
    case MISBEHAVE_CRS_IO:
        aml_append(bad, aml_io(AML_DECODE16, 0x5000, 0x5000, 1, 0x80));
        return bad;
    case MISBEHAVE_CRS_SHORT:
        aml_append(bad, memory(VMCLOCK_ADDR, SHORT_SIZE));
        return bad;
    case MISBEHAVE_CRS_ZERO:
        aml_append(bad, memory(0, VMCLOCK_SIZE));
        return bad;
    case MISBEHAVE_CRS_RAM:
        aml_append(bad, memory(0x1000000, VMCLOCK_SIZE));
        return bad;
    case MISBEHAVE_CRS_BEYOND:
        aml_append(bad, memory(1ULL << 52, VMCLOCK_SIZE));
        return bad;
    case MISBEHAVE_CRS_UNALIGNED:
        aml_append(bad, memory(VMCLOCK_ADDR + 0x10, VMCLOCK_SIZE));
        return bad;
    default:
        return crs;
    }
}

static int vmclock_get_misbehave(Object *obj, Error **errp)
{
    return VMCLOCK(obj)->misbehave;
}

/* The guest sees an update, but is told of nothing. */
static void vmclock_set_misbehave(Object *obj, int value, Error **errp)
{
    VmclockState *vms = VMCLOCK(obj);

    vms->misbehave = value;
    if (DEVICE(obj)->realized) {
        memory_region_set_address(&vms->clk_page, vmclock_test_address(vms));
        vmclock_update_guest(vms, false);
    }
}

static bool vmclock_get_notify(Object *obj, Error **errp)
{
    return false;
}

static void vmclock_set_notify(Object *obj, bool value, Error **errp)
{
    if (value) {
        vmclock_generation_notify(VMCLOCK(obj));
    }
}

static void vmclock_get_notified(Object *obj, Visitor *v, const char *name,
                                 void *opaque, Error **errp)
{
    visit_type_uint64(v, name, &VMCLOCK(obj)->notified, errp);
}

void vmclock_test_class_init(ObjectClass *oc)
{
    object_class_property_add_enum(oc, "x-misbehave", "VmclockMisbehave",
                                   &misbehave_lookup, vmclock_get_misbehave,
                                   vmclock_set_misbehave);
    object_class_property_set_description(oc, "x-misbehave",
        "what is wrong with the device, for testing guests");
    object_class_property_add_bool(oc, "x-notify", vmclock_get_notify,
                                   vmclock_set_notify);
    object_class_property_set_description(oc, "x-notify",
        "setting it notifies the guest, with no change; it reads as off");
    object_class_property_add(oc, "x-notified", "uint64",
                              vmclock_get_notified, NULL, NULL, NULL);
    object_class_property_set_description(oc, "x-notified",
        "how many notifications this process has sent");
}
