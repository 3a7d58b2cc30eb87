/*
 * CommonHV on KVM
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * KVM answers CPUID in the kernel, from a table that is complete when the vCPU
 * is created, and hands RDMSR and WRMSR of filtered MSRs to user space.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "system/kvm.h"
#include "system/kvm_int.h"
#include "kvm/kvm_i386.h"

typedef struct CPUIDTable {
    struct kvm_cpuid_entry2 *entries;
    uint32_t nr, max;
} CPUIDTable;

static struct kvm_cpuid_entry2 *find_entry(const CPUIDTable *table,
                                           uint32_t leaf)
{
    for (uint32_t i = 0; i < table->nr; i++) {
        if (table->entries[i].function == leaf) {
            return &table->entries[i];
        }
    }
    return NULL;
}

static bool add_entry(CPUIDTable *table, uint32_t leaf, int subleaf,
                      CommonHVRegs regs, Error **errp)
{
    if (table->nr == table->max) {
        error_setg(errp, "commonhv-interfaces: %" PRIu32 " interfaces do not "
                   "fit into KVM's CPUID table (%" PRIu32 " entries in all)",
                   commonhv.nr_interfaces, table->max);
        return false;
    }
    table->entries[table->nr++] = (struct kvm_cpuid_entry2) {
        .function = leaf,
        .index = MAX(subleaf, 0),
        .flags = subleaf < 0 ? 0 : KVM_CPUID_FLAG_SIGNIFCANT_INDEX,
        .eax = regs.eax,
        .ebx = regs.ebx,
        .ecx = regs.ecx,
        .edx = regs.edx,
    };
    return true;
}

/*
 * The default list is what is in the table already, so it follows whatever
 * turned Hyper-V (or other) emulation on. The highest location goes first:
 * imitations take 40000000H, where their guests look, and move KVM behind it.
 */
static void list_native_interfaces(const CPUIDTable *table)
{
    uint32_t leaf = CPUID_HYPERVISOR_SCAN_LAST & ~0xff;

    for (; leaf >= CPUID_HYPERVISOR_FIRST; leaf -= 0x100) {
        struct kvm_cpuid_entry2 *entry = find_entry(table, leaf);

        if (entry && (entry->ebx || entry->ecx || entry->edx)) {
            commonhv_add_native(leaf, (uint32_t[]) {
                entry->ebx, entry->ecx, entry->edx
            });
        }
    }
}

static bool add_interface(CPUIDTable *table, CommonHVInterface *iface,
                          Error **errp)
{
    CommonHVRegs regs = commonhv_interface_leaf(iface, iface->location);
    struct kvm_cpuid_entry2 *entry = find_entry(table, iface->location);

    if (!entry) {
        /* Its other leaf, which EAX covers, reads as zeros if it is absent. */
        return add_entry(table, iface->location, -1, regs, errp);
    }
    if (entry->ebx != iface->signature[0] ||
        entry->ecx != iface->signature[1] ||
        entry->edx != iface->signature[2]) {
        error_setg(errp, "commonhv-interfaces: KVM itself answers at %08" PRIX32
                   "H, with another signature", iface->location);
        return false;
    }
    iface->native = true;
    return true;
}

static bool add_leaves(CPUIDTable *table, Error **errp)
{
    uint32_t last = commonhv_leaf(COMMONHV_CPUID_BASE, 0).eax;

    for (uint32_t leaf = COMMONHV_CPUID_BASE; leaf <= last; leaf++) {
        if (leaf != COMMONHV_CPUID_INTERFACES &&
            !add_entry(table, leaf, -1, commonhv_leaf(leaf, 0), errp)) {
            return false;
        }
    }
    /* From 0 to N: the header of drafts 2 and 3, or the end of draft 1's. */
    for (uint32_t i = 0; i <= commonhv.nr_interfaces; i++) {
        if (!add_entry(table, COMMONHV_CPUID_INTERFACES, i,
                       commonhv_leaf(COMMONHV_CPUID_INTERFACES, i), errp)) {
            return false;
        }
    }
    return true;
}

static bool kvm_rdmsr(X86CPU *cpu, uint32_t msr, uint64_t *value)
{
    return commonhv_rdmsr(msr, value);
}

static bool kvm_wrmsr(X86CPU *cpu, uint32_t msr, uint64_t value)
{
    return commonhv_wrmsr(msr, value);
}

static bool filter_msr(CommonHVFilterMSR *filter, const char *property,
                       uint32_t msr, Error **errp)
{
    if (!kvm_vm_check_extension(kvm_state, KVM_CAP_X86_USER_SPACE_MSR) ||
        !kvm_vm_check_extension(kvm_state, KVM_CAP_X86_MSR_FILTER) ||
        filter(kvm_state, msr, kvm_rdmsr, kvm_wrmsr) < 0) {
        error_setg(errp, "%s: this host's KVM cannot hand an MSR to user space "
                   "(Linux 5.10 can); use %s=off", property, property);
        return false;
    }
    return true;
}

/* Filters belong to the VM: one call serves all its vCPUs. */
static bool filter_msrs(CommonHVFilterMSR *filter, Error **errp)
{
    static bool installed;

    if (installed) {
        return true;
    }
    installed = true;
    return (!commonhv.config.rng ||
            filter_msr(filter, "commonhv-rng", commonhv.config.rng_msr,
                       errp)) &&
           (!commonhv.has_msr ||
            filter_msr(filter, "commonhv-generation",
                       commonhv.config.generation_msr, errp));
}

/* Adds to a vCPU's CPUID table; returns its new length, or -EINVAL. */
int commonhv_kvm_init_vcpu(struct kvm_cpuid_entry2 *entries, uint32_t nr,
                           uint32_t max, CommonHVFilterMSR *filter)
{
    CPUIDTable table = { .entries = entries, .nr = nr, .max = max };
    Error *err = NULL;
    bool ok = true;

    if (!commonhv.config.enabled) {
        return nr;
    }
    if (!commonhv.config.interfaces && !commonhv.nr_interfaces) {
        list_native_interfaces(&table);
    }
    for (uint32_t i = 0; ok && i < commonhv.nr_interfaces; i++) {
        ok = add_interface(&table, &commonhv.interfaces[i], &err);
    }
    if (!ok || !add_leaves(&table, &err) || !filter_msrs(filter, &err)) {
        error_report_err(err);
        return -EINVAL;
    }
    return table.nr;
}
