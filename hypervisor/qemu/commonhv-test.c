/*
 * CommonHV: help for testing guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Counters of what the guest did, and misbehaviour that a guest has to survive.
 * No other hypervisor needs any of this.
 *
 * It steps in between QEMU and the interface: the linker (--wrap) lets calls of
 * commonhv_X() from other files end up in __wrap_commonhv_X() here, and
 * __real_commonhv_X() is the honest one. hypervisor/build names these functions.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "commonhv-hostile.h"
#include "commonhv-test.h"
#include "system/kvm.h"

#ifdef CONFIG_KVM
#include <linux/kvm.h>
#endif

#define TOO_LARGE           1000
#define STUCK_VALUE         0x5ca1ab1e0ddba11ULL
#define OTHER_VALUE         0xdeadbeefcafef00dULL
#define RESERVED_VALUE      0xdeadbeef
/* "MSR": what mode "counting" adds its counter to. */
#define COUNTING_BASE       0x4d53520000000000ULL

int commonhv_modes[NR_MODES];
int commonhv_pool_left = 4;
Stat64 commonhv_counters[NR_COUNTERS];
bool commonhv_cpuid_frozen;

static void count_cpuid(uint32_t leaf)
{
    if (leaf >= COMMONHV_CPUID_BASE) {
        stat64_add(&commonhv_counters[MIN(leaf - COMMONHV_CPUID_BASE,
                                 COUNT_CPUID_OTHER)], 1);
    } else if (leaf >= CPUID_HYPERVISOR_FIRST &&
               leaf <= CPUID_HYPERVISOR_SCAN_LAST) {
        stat64_add(&commonhv_counters[COUNT_CPUID_SCAN], 1);
    }
}

/* The honest list, by number from 0 on, whatever the draft. */
static CommonHVRegs list_entry(uint32_t i)
{
    return commonhv_leaf(COMMONHV_CPUID_INTERFACES,
                         commonhv.config.draft == 1 ? i : i + 1);
}

static CommonHVRegs distort_entry(uint32_t i)
{
    uint32_t nr = commonhv.nr_interfaces;
    CommonHVRegs regs = list_entry(i);

    switch (mode(MODE_LIST)) {
    case LIST_TOO_LARGE:
        return nr && i < TOO_LARGE ? list_entry(i % nr) : regs;
    case LIST_HUGE:
        return nr ? list_entry(i % nr) : regs;
    case LIST_TRUNCATED:
        return i < nr / 2 ? regs : (CommonHVRegs) { 0 };
    case LIST_LITERAL:
        if (commonhv.config.draft != 1) {
            return i ? list_entry(i - 1) : (CommonHVRegs) { 0 };
        }
        return regs;
    case LIST_OUTSIDE:
        if (i + 1 == nr) {
            regs.eax = 0x80000000;
        }
        return regs;
    default:
        return regs;
    }
}

static CommonHVRegs distort_header(CommonHVRegs regs)
{
    switch (mode(MODE_LIST)) {
    case LIST_LITERAL:
        regs.eax++;
        break;
    case LIST_TOO_LARGE:
        regs.eax = TOO_LARGE;
        break;
    case LIST_HUGE:
        regs.eax = UINT32_MAX;
        break;
    case LIST_RESERVED:
        regs.ebx = regs.ecx = regs.edx = RESERVED_VALUE;
        break;
    }
    return regs;
}

static CommonHVRegs distort_list(uint32_t subleaf)
{
    if (commonhv.config.draft == 1) {
        return distort_entry(subleaf);
    }
    if (subleaf == 0) {
        return distort_header(commonhv_leaf(COMMONHV_CPUID_INTERFACES, 0));
    }
    return distort_entry(subleaf - 1);
}

static CommonHVRegs distort_base(CommonHVRegs regs)
{
    switch (mode(MODE_LEAF)) {
    case LEAF_MAX_LEAF_LOW:
        regs.eax = COMMONHV_CPUID_BASE - 1;
        break;
    case LEAF_MAX_LEAF_HIGH:
        regs.eax = COMMONHV_CPUID_LAST + 1;
        break;
    case LEAF_NO_RNG_LEAF:
        regs.eax = COMMONHV_CPUID_FEATURES;
        break;
    }
    if (mode(MODE_VERSION) == VERSION_MAX_LEAF && commonhv.config.draft >= 3) {
        regs.eax = COMMONHV_CPUID_VERSION;
    }
    return regs;
}

static CommonHVRegs distort_feature_leaf(uint32_t leaf, CommonHVRegs regs)
{
    if (mode(MODE_LEAF) == LEAF_RESERVED) {
        regs.ebx = regs.ecx = regs.edx = RESERVED_VALUE;
    }
    if (mode(MODE_LEAF) == LEAF_FEATURE_BITS && commonhv.config.draft != 1 &&
        leaf == COMMONHV_CPUID_FEATURES) {
        regs.eax |= ~(COMMONHV_FEAT_RNG | COMMONHV_FEAT_RNG_INPUT);
    }
    return regs;
}

static CommonHVRegs distort_version(CommonHVRegs regs)
{
    switch (mode(MODE_VERSION)) {
    case VERSION_0:
        regs.eax = 0;
        break;
    case VERSION_2:
        regs.eax = 2;
        break;
    case VERSION_4:
        regs.eax = 4;
        break;
    case VERSION_100:
        regs.eax = 0x100;
        break;
    case VERSION_RESERVED:
        regs.ebx |= RESERVED_VALUE & ~3;
        regs.edx = RESERVED_VALUE;
        break;
    case VERSION_MSR_APIC:
        regs.ecx = 0x1b;
        break;
    case VERSION_MSR_RNG:
        regs.ecx = commonhv.config.rng_msr;
        break;
    case VERSION_MSR_LAST:
        regs.ecx = UINT32_MAX;
        break;
    }
    return regs;
}

static uint64_t distort_generation(uint64_t value)
{
    static Stat64 reads;

    switch (mode(MODE_GENERATION)) {
    case GENERATION_ZERO:
        return 0;
    case GENERATION_CHANGING:
        stat64_add(&reads, 1);
        return value + stat64_get(&reads) * 0x9e3779b97f4a7c15ULL;
    default:
        return value;
    }
}

static CommonHVRegs distort_generation_leaf(CommonHVRegs regs)
{
    uint64_t value = regs.eax | (uint64_t)regs.ebx << 32;

    if (commonhv.has_leaf) {
        value = distort_generation(value);
        regs.eax = value;
        regs.ebx = value >> 32;
    }
    if (mode(MODE_GENERATION) == GENERATION_RESERVED) {
        regs.ecx = regs.edx = RESERVED_VALUE;
    }
    return regs;
}

static CommonHVRegs distort_leaf(uint32_t leaf, uint32_t subleaf)
{
    CommonHVRegs regs = commonhv_leaf(leaf, subleaf);

    if (leaf > COMMONHV_CPUID_RNG && commonhv.config.draft < 3) {
        return regs;
    }
    switch (leaf) {
    case COMMONHV_CPUID_BASE:
        return distort_base(regs);
    case COMMONHV_CPUID_INTERFACES:
        return distort_list(subleaf);
    case COMMONHV_CPUID_FEATURES:
    case COMMONHV_CPUID_RNG:
        return distort_feature_leaf(leaf, regs);
    case COMMONHV_CPUID_VERSION:
        return distort_version(regs);
    case COMMONHV_CPUID_GENERATION:
        return distort_generation_leaf(regs);
    default:
        return regs;
    }
}

static bool has_no_answer(uint32_t leaf)
{
    uint32_t nr = commonhv.nr_interfaces;

    return mode(MODE_LIST) == LIST_NO_ANSWER && nr &&
           leaf == commonhv.interfaces[nr - 1].location;
}

bool __real_commonhv_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t *eax,
                           uint32_t *ebx, uint32_t *ecx, uint32_t *edx);
bool __wrap_commonhv_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t *eax,
                           uint32_t *ebx, uint32_t *ecx, uint32_t *edx);

/* Only a CPU that executes CPUID gets here with these leaves. */
bool __wrap_commonhv_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t *eax,
                           uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
    bool ours = leaf >= COMMONHV_CPUID_BASE && leaf <= COMMONHV_CPUID_LAST;
    CommonHVRegs regs = { 0 };
    uint32_t hostile[4];

    if (leaf <= COMMONHV_CPUID_LAST) {
        count_cpuid(leaf);
        if (hostile_control(leaf, subleaf, hostile) ||
            hostile_cpuid(leaf, subleaf, hostile)) {
            *eax = hostile[0];
            *ebx = hostile[1];
            *ecx = hostile[2];
            *edx = hostile[3];
            return true;
        }
    }
    if (!commonhv.config.enabled || (!ours && !has_no_answer(leaf))) {
        return __real_commonhv_cpuid(leaf, subleaf, eax, ebx, ecx, edx);
    }
    if (ours) {
        regs = distort_leaf(leaf, subleaf);
    }
    *eax = regs.eax;
    *ebx = regs.ebx;
    *ecx = regs.ecx;
    *edx = regs.edx;
    return true;
}

/* No number twice, whichever CPUs read. */
static uint64_t next_count(void)
{
    static GMutex lock;     /* needs no initialisation */
    uint64_t count;

    g_mutex_lock(&lock);
    count = stat64_get(&commonhv_counters[COUNT_COUNTED]) + 1;
    stat64_init(&commonhv_counters[COUNT_COUNTED], count);
    g_mutex_unlock(&lock);
    return count;
}

/* True: the read of the RNG MSR is answered, by @value or, if not @ok, by #GP. */
static bool distort_rng(uint64_t *value, bool *ok)
{
    static unsigned int toggle;

    *ok = true;
    *value = 0;
    switch (mode(MODE_RNG)) {
    case RNG_ZEROS:
        return true;
    case RNG_POOL:
        return qatomic_read(&commonhv_pool_left) <= 0 ||
               qatomic_fetch_dec(&commonhv_pool_left) <= 0;
    case RNG_STUCK:
        *value = STUCK_VALUE;
        return true;
    case RNG_ALTERNATE:
        *value = qatomic_fetch_inc(&toggle) & 1 ? OTHER_VALUE : STUCK_VALUE;
        return true;
    case RNG_COUNTING:
        *value = COUNTING_BASE + next_count();
        return true;
    case RNG_GP_READ:
        *ok = false;
        return true;
    default:
        return false;
    }
}

static bool is_generation_msr(uint32_t msr)
{
    return commonhv.has_msr && msr == commonhv.config.generation_msr;
}

bool __real_commonhv_has_msr(uint32_t msr);
bool __wrap_commonhv_has_msr(uint32_t msr);
bool __real_commonhv_rdmsr(uint32_t msr, uint64_t *value);
bool __wrap_commonhv_rdmsr(uint32_t msr, uint64_t *value);
bool __real_commonhv_wrmsr(uint32_t msr, uint64_t value);
bool __wrap_commonhv_wrmsr(uint32_t msr, uint64_t value);
bool __real_commonhv_new_generation(Error **errp);
bool __wrap_commonhv_new_generation(Error **errp);

bool __wrap_commonhv_has_msr(uint32_t msr)
{
    return __real_commonhv_has_msr(msr) || hostile_has_msr(msr);
}

static bool read_generation_msr(uint32_t msr, uint64_t *value)
{
    bool ok = __real_commonhv_rdmsr(msr, value);

    stat64_add(&commonhv_counters[COUNT_RDMSR_GENERATION], 1);
    *value = distort_generation(*value);
    if (mode(MODE_GENERATION) == GENERATION_DIFFER) {
        *value = ~*value;
    }
    return ok && mode(MODE_GENERATION) != GENERATION_GP_READ;
}

bool __wrap_commonhv_rdmsr(uint32_t msr, uint64_t *value)
{
    bool ok;

    if (hostile_is_active()) {
        return hostile_rdmsr(msr, value);
    }
    if (is_generation_msr(msr)) {
        return read_generation_msr(msr, value);
    }
    stat64_add(&commonhv_counters[COUNT_RDMSR], 1);
    return distort_rng(value, &ok) ? ok : __real_commonhv_rdmsr(msr, value);
}

bool __wrap_commonhv_wrmsr(uint32_t msr, uint64_t value)
{
    bool ok = __real_commonhv_wrmsr(msr, value);

    if (hostile_is_active()) {
        return hostile_wrmsr(msr);
    }
    if (is_generation_msr(msr)) {
        return ok || mode(MODE_GENERATION) == GENERATION_WRITABLE;
    }
    stat64_add(&commonhv_counters[COUNT_WRMSR], 1);
    stat64_init(&commonhv_counters[LAST_WRMSR_VALUE], value);
    return ok && mode(MODE_RNG) != RNG_GP_WRITE;
}

/* The first one is always new: "stale" is what a load does not change. */
bool __wrap_commonhv_new_generation(Error **errp)
{
    return (commonhv.generation && mode(MODE_GENERATION) == GENERATION_STALE) ||
           __real_commonhv_new_generation(errp);
}

#ifdef CONFIG_KVM
int __real_commonhv_kvm_init_vcpu(struct kvm_cpuid_entry2 *entries, uint32_t nr,
                                  uint32_t max, CommonHVFilterMSR *filter);
int __wrap_commonhv_kvm_init_vcpu(struct kvm_cpuid_entry2 *entries, uint32_t nr,
                                  uint32_t max, CommonHVFilterMSR *filter);

static void distort_entry_of_kvm(struct kvm_cpuid_entry2 *entry)
{
    CommonHVRegs regs = { 0 };

    if (entry->function >= COMMONHV_CPUID_BASE &&
        entry->function <= COMMONHV_CPUID_LAST) {
        regs = distort_leaf(entry->function, entry->index);
    } else if (!has_no_answer(entry->function)) {
        return;
    }
    entry->eax = regs.eax;
    entry->ebx = regs.ebx;
    entry->ecx = regs.ecx;
    entry->edx = regs.edx;
}

int __wrap_commonhv_kvm_init_vcpu(struct kvm_cpuid_entry2 *entries, uint32_t nr,
                                  uint32_t max, CommonHVFilterMSR *filter)
{
    int all = __real_commonhv_kvm_init_vcpu(entries, nr, max, filter);

    if (all < 0 || !commonhv.config.enabled) {
        return all;
    }
    /* A misplaced list is one entry longer. */
    if (mode(MODE_LIST) == LIST_LITERAL && all < max) {
        entries[all++] = (struct kvm_cpuid_entry2) {
            .function = COMMONHV_CPUID_INTERFACES,
            .index = commonhv.nr_interfaces + 1,
            .flags = KVM_CPUID_FLAG_SIGNIFCANT_INDEX,
        };
    }
    for (int i = 0; i < all; i++) {
        distort_entry_of_kvm(&entries[i]);
    }
    commonhv_cpuid_frozen = true;
    return all;
}
#endif
