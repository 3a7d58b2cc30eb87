/*
 * CommonHV: when the generation changes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A process draws a generation when it starts. That covers all loads into a new
 * process: -incoming, -loadvm. What remains is "loadvm", which takes a machine
 * back to a snapshot whose CPUs have run in this process.
 *
 * The migration stream has nothing of it: a live migration looks like a load,
 * and who knows better passes commonhv-generation-value on.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "hw/resettable.h"
#include "migration/snapshot.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "system/kvm.h"
#include "system/reset.h"
#include "system/runstate.h"

#define TYPE_COMMONHV_LOADS "commonhv-loads"
OBJECT_DECLARE_SIMPLE_TYPE(CommonHVLoads, COMMONHV_LOADS)

struct CommonHVLoads {
    Object parent_obj;
    ResettableState reset_state;
    NotifierWithReturn notifier;
    bool ran;   /* since the generation was drawn */
};

OBJECT_DEFINE_SIMPLE_TYPE_WITH_INTERFACES(CommonHVLoads, commonhv_loads,
                                          COMMONHV_LOADS, OBJECT,
                                          { TYPE_RESETTABLE_INTERFACE }, { })

static void commonhv_run_state(void *opaque, bool running, RunState state)
{
    CommonHVLoads *loads = opaque;

    loads->ran |= running;
}

/* KVM does not change the CPUID table of a CPU that has run. */
static int commonhv_may_load(NotifierWithReturn *notifier, void *data,
                             Error **errp)
{
    CommonHVLoads *loads = container_of(notifier, CommonHVLoads, notifier);

    if (loads->ran && kvm_enabled() && commonhv.has_leaf) {
        error_setg(errp, "KVM cannot show another CommonHV generation by CPUID "
                   "once the machine has run; use commonhv-generation=msr, or "
                   "load the snapshot in a new process (-loadvm)");
        return -EBUSY;
    }
    return 0;
}

/* The reset before a load. If the snapshot is bad, the machine does not run. */
static void commonhv_loads_hold(Object *obj, ResetType type)
{
    CommonHVLoads *loads = COMMONHV_LOADS(obj);

    if (type != RESET_TYPE_SNAPSHOT_LOAD || !loads->ran) {
        return;
    }
    if (commonhv_may_load(&loads->notifier, NULL, &error_fatal) == 0 &&
        commonhv_new_generation(&error_fatal)) {
        loads->ran = false;
    }
}

static ResettableState *commonhv_loads_reset_state(Object *obj)
{
    return &COMMONHV_LOADS(obj)->reset_state;
}

void commonhv_watch_loads(void)
{
    CommonHVLoads *loads;

    if (!commonhv.has_msr) {
        return;
    }
    loads = COMMONHV_LOADS(object_new(TYPE_COMMONHV_LOADS));
    loads->notifier.notify = commonhv_may_load;
    snapshot_load_add_notifier(&loads->notifier);
    qemu_add_vm_change_state_handler(commonhv_run_state, loads);
    qemu_register_resettable(OBJECT(loads));
}

static void commonhv_loads_init(Object *obj)
{
}

static void commonhv_loads_finalize(Object *obj)
{
}

static void commonhv_loads_class_init(ObjectClass *oc, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    rc->phases.hold = commonhv_loads_hold;
    rc->get_state = commonhv_loads_reset_state;
}
