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
    if (commonhv_test->no_answer(iface)) {
        entry->eax = entry->ebx = entry->ecx = entry->edx = 0;
    }
    return true;
}

static bool add_leaves(CPUIDTable *table, Error **errp)
{
    static const uint32_t leaves[] = {
        COMMONHV_CPUID_BASE, COMMONHV_CPUID_FEATURES, COMMONHV_CPUID_RNG
    };
    /* Draft 2 has a header; a misplaced list (for tests) is one longer. */
    uint32_t nr_subleaves = commonhv.nr_interfaces + 2;

    for (int i = 0; i < ARRAY_SIZE(leaves); i++) {
        if (!add_entry(table, leaves[i], -1, commonhv_test->leaf(leaves[i], 0),
                       errp)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < nr_subleaves; i++) {
        if (!add_entry(table, COMMONHV_CPUID_INTERFACES, i,
                       commonhv_test->leaf(COMMONHV_CPUID_INTERFACES, i),
                       errp)) {
            return false;
        }
    }
    return true;
}

static bool kvm_rdmsr_rng(X86CPU *cpu, uint32_t msr, uint64_t *value)
{
    return commonhv_rdmsr(value);
}

static bool kvm_wrmsr_rng(X86CPU *cpu, uint32_t msr, uint64_t value)
{
    return commonhv_wrmsr(value);
}

/* Filters belong to the VM: one call serves all its vCPUs. */
static bool filter_rng_msr(CommonHVFilterMSR *filter_msr, Error **errp)
{
    static bool installed;

    if (installed || !commonhv.config.rng) {
        return true;
    }
    if (!kvm_vm_check_extension(kvm_state, KVM_CAP_X86_USER_SPACE_MSR) ||
        !kvm_vm_check_extension(kvm_state, KVM_CAP_X86_MSR_FILTER) ||
        filter_msr(kvm_state, commonhv.config.rng_msr, kvm_rdmsr_rng,
                   kvm_wrmsr_rng) < 0) {
        error_setg(errp, "commonhv-rng: this host's KVM cannot hand an MSR to "
                   "user space (Linux 5.10 can); use commonhv-rng=off");
        return false;
    }
    installed = true;
    return true;
}

/* Adds to a vCPU's CPUID table; returns its new length, or -EINVAL. */
int commonhv_kvm_init_vcpu(struct kvm_cpuid_entry2 *entries, uint32_t nr,
                           uint32_t max, CommonHVFilterMSR *filter_msr)
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
    if (!ok || !add_leaves(&table, &err) || !filter_rng_msr(filter_msr, &err)) {
        error_report_err(err);
        return -EINVAL;
    }
    commonhv_test->freeze_cpuid();
    return table.nr;
}
