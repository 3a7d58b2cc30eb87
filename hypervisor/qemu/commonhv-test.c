/*
 * CommonHV: help for testing guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Counters of what the guest did, and misbehaviour that a guest has to survive,
 * both as properties that can be read and set while the guest runs. They are
 * those of the machine, whichever CPU they are read or set on. No other
 * hypervisor needs any of this.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/atomic.h"
#include "qemu/stats64.h"
#include "system/kvm.h"

enum {
    LIST_OK,
    LIST_LITERAL,
    LIST_TOO_LARGE,
    LIST_HUGE,
    LIST_TRUNCATED,
    LIST_RESERVED,
    LIST_NO_ANSWER,
    LIST_OUTSIDE,
};

static const char *const list_names[] = {
    [LIST_OK] = "ok",
    [LIST_LITERAL] = "literal",
    [LIST_TOO_LARGE] = "too-large",
    [LIST_HUGE] = "huge",
    [LIST_TRUNCATED] = "truncated",
    [LIST_RESERVED] = "reserved",
    [LIST_NO_ANSWER] = "no-answer",
    [LIST_OUTSIDE] = "outside",
};

enum {
    LEAF_OK,
    LEAF_MAX_LEAF_LOW,
    LEAF_MAX_LEAF_HIGH,
    LEAF_NO_RNG_LEAF,
    LEAF_RESERVED,
    LEAF_FEATURE_BITS,
};

static const char *const leaf_names[] = {
    [LEAF_OK] = "ok",
    [LEAF_MAX_LEAF_LOW] = "max-leaf-low",
    [LEAF_MAX_LEAF_HIGH] = "max-leaf-high",
    [LEAF_NO_RNG_LEAF] = "no-rng-leaf",
    [LEAF_RESERVED] = "reserved",
    [LEAF_FEATURE_BITS] = "feature-bits",
};

enum {
    RNG_OK,
    RNG_ZEROS,
    RNG_POOL,
    RNG_STUCK,
    RNG_ALTERNATE,
    RNG_COUNTING,
    RNG_GP_READ,
    RNG_GP_WRITE,
};

static const char *const rng_names[] = {
    [RNG_OK] = "ok",
    [RNG_ZEROS] = "zeros",
    [RNG_POOL] = "pool",
    [RNG_STUCK] = "stuck",
    [RNG_ALTERNATE] = "alternate",
    [RNG_COUNTING] = "counting",
    [RNG_GP_READ] = "gp-read",
    [RNG_GP_WRITE] = "gp-write",
};

enum {
    MODE_LIST,
    MODE_LEAF,
    MODE_RNG,
    NR_MODES,
};

#define DEFINE_LOOKUP(_names) \
    { .array = _names, .size = ARRAY_SIZE(_names) }

static const QEnumLookup mode_lookups[NR_MODES] = {
    [MODE_LIST] = DEFINE_LOOKUP(list_names),
    [MODE_LEAF] = DEFINE_LOOKUP(leaf_names),
    [MODE_RNG] = DEFINE_LOOKUP(rng_names),
};

enum {
    /* The first four are those of leaves 4F000000H to 4F000003H. */
    COUNT_CPUID_OTHER = 4,
    COUNT_CPUID_SCAN,
    COUNT_RDMSR,
    COUNT_WRMSR,
    /* Values that mode "counting" has handed out; the last one's number. */
    COUNT_COUNTED,
    /* No counter, but read and set to 0 as one. */
    LAST_WRMSR_VALUE,
    NR_COUNTERS,
};

static const char *const counter_names[NR_COUNTERS] = {
    "x-commonhv-cpuid-0",
    "x-commonhv-cpuid-1",
    "x-commonhv-cpuid-2",
    "x-commonhv-cpuid-3",
    [COUNT_CPUID_OTHER] = "x-commonhv-cpuid-other",
    [COUNT_CPUID_SCAN] = "x-commonhv-cpuid-scan",
    [COUNT_RDMSR] = "x-commonhv-rdmsr",
    [COUNT_WRMSR] = "x-commonhv-wrmsr",
    [COUNT_COUNTED] = "x-commonhv-rng-counted",
    [LAST_WRMSR_VALUE] = "x-commonhv-wrmsr-value",
};

#define TOO_LARGE           1000
#define STUCK_VALUE         0x5ca1ab1e0ddba11ULL
#define OTHER_VALUE         0xdeadbeefcafef00dULL
#define RESERVED_VALUE      0xdeadbeef
/* "MSR": what mode "counting" adds its counter to. */
#define COUNTING_BASE       0x4d53520000000000ULL

/* Read by CPUs while the monitor writes. */
static int modes[NR_MODES];
static int pool_left = 4;
static Stat64 counters[NR_COUNTERS];

/* Once KVM has the CPUID table, nothing can change it. */
static bool cpuid_frozen;

static int mode(int which)
{
    return qatomic_read(&modes[which]);
}

static void freeze_cpuid(void)
{
    cpuid_frozen = true;
}

static void count_cpuid(uint32_t leaf)
{
    if (leaf >= COMMONHV_CPUID_BASE) {
        stat64_add(&counters[MIN(leaf - COMMONHV_CPUID_BASE,
                                 COUNT_CPUID_OTHER)], 1);
    } else if (leaf <= CPUID_HYPERVISOR_SCAN_LAST) {
        stat64_add(&counters[COUNT_CPUID_SCAN], 1);
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
        if (commonhv.config.draft == 2) {
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
    return regs;
}

static CommonHVRegs distort_feature_leaf(uint32_t leaf, CommonHVRegs regs)
{
    if (mode(MODE_LEAF) == LEAF_RESERVED) {
        regs.ebx = regs.ecx = regs.edx = RESERVED_VALUE;
    }
    if (mode(MODE_LEAF) == LEAF_FEATURE_BITS && commonhv.config.draft == 2 &&
        leaf == COMMONHV_CPUID_FEATURES) {
        regs.eax |= ~(COMMONHV_FEAT_RNG | COMMONHV_FEAT_RNG_INPUT);
    }
    return regs;
}

static CommonHVRegs distort_leaf(uint32_t leaf, uint32_t subleaf)
{
    CommonHVRegs regs = commonhv_leaf(leaf, subleaf);

    switch (leaf) {
    case COMMONHV_CPUID_BASE:
        return distort_base(regs);
    case COMMONHV_CPUID_INTERFACES:
        return distort_list(subleaf);
    case COMMONHV_CPUID_FEATURES:
    case COMMONHV_CPUID_RNG:
        return distort_feature_leaf(leaf, regs);
    default:
        return regs;
    }
}

static bool has_no_answer(const CommonHVInterface *iface)
{
    return mode(MODE_LIST) == LIST_NO_ANSWER &&
           iface == &commonhv.interfaces[commonhv.nr_interfaces - 1];
}

/* No number twice, whichever CPUs read. */
static uint64_t next_count(void)
{
    static GMutex lock;     /* needs no initialisation */
    uint64_t count;

    g_mutex_lock(&lock);
    count = stat64_get(&counters[COUNT_COUNTED]) + 1;
    stat64_init(&counters[COUNT_COUNTED], count);
    g_mutex_unlock(&lock);
    return count;
}

static bool distort_rdmsr(uint64_t *value, bool *ok)
{
    static unsigned int toggle;

    stat64_add(&counters[COUNT_RDMSR], 1);
    *ok = true;
    *value = 0;
    switch (mode(MODE_RNG)) {
    case RNG_ZEROS:
        return true;
    case RNG_POOL:
        return qatomic_read(&pool_left) <= 0 ||
               qatomic_fetch_dec(&pool_left) <= 0;
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

static bool distort_wrmsr(uint64_t value)
{
    stat64_add(&counters[COUNT_WRMSR], 1);
    stat64_init(&counters[LAST_WRMSR_VALUE], value);
    return mode(MODE_RNG) != RNG_GP_WRITE;
}

static const CommonHVTest test = {
    .cpuid = count_cpuid,
    .leaf = distort_leaf,
    .no_answer = has_no_answer,
    .rdmsr = distort_rdmsr,
    .wrmsr = distort_wrmsr,
    .freeze_cpuid = freeze_cpuid,
};

static void set_mode(int which, int value, Error **errp)
{
    if (cpuid_frozen && which != MODE_RNG && value != modes[which]) {
        error_setg(errp, "KVM's CPUID table cannot change while the guest "
                   "runs; give the property with -cpu");
        return;
    }
    qatomic_set(&modes[which], value);
}

#define DEFINE_MODE_ACCESSORS(_name, _which)                        \
    static int get_##_name(Object *obj, Error **errp)               \
    {                                                               \
        return mode(_which);                                        \
    }                                                               \
    static void set_##_name(Object *obj, int value, Error **errp)   \
    {                                                               \
        set_mode(_which, value, errp);                              \
    }

DEFINE_MODE_ACCESSORS(list, MODE_LIST)
DEFINE_MODE_ACCESSORS(leaf, MODE_LEAF)
DEFINE_MODE_ACCESSORS(rng, MODE_RNG)

static void get_pool(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    uint32_t value = MAX(qatomic_read(&pool_left), 0);

    visit_type_uint32(v, name, &value, errp);
}

static void set_pool(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    uint32_t value;

    if (!visit_type_uint32(v, name, &value, errp)) {
        return;
    }
    if (value > INT_MAX) {
        error_setg(errp, "%s: at most %d", name, INT_MAX);
        return;
    }
    qatomic_set(&pool_left, value);
}

static void get_counter(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    uint64_t value = stat64_get(opaque);

    visit_type_uint64(v, name, &value, errp);
}

static void set_counter(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    uint64_t value;

    if (!visit_type_uint64(v, name, &value, errp)) {
        return;
    }
    if (value && opaque != &counters[COUNT_COUNTED]) {
        error_setg(errp, "%s: a counter can only be set to 0", name);
        return;
    }
    stat64_init(opaque, value);
}

void commonhv_test_class_init(ObjectClass *oc)
{
    commonhv_test = &test;
    object_class_property_add_enum(oc, "x-commonhv-list", "CommonHVListMode",
                                   &mode_lookups[MODE_LIST],
                                   get_list, set_list);
    object_class_property_add_enum(oc, "x-commonhv-leaf", "CommonHVLeafMode",
                                   &mode_lookups[MODE_LEAF],
                                   get_leaf, set_leaf);
    object_class_property_add_enum(oc, "x-commonhv-rng", "CommonHVRngMode",
                                   &mode_lookups[MODE_RNG], get_rng, set_rng);
    object_class_property_add(oc, "x-commonhv-rng-pool", "uint32",
                              get_pool, set_pool, NULL, NULL);
    for (int i = 0; i < NR_COUNTERS; i++) {
        object_class_property_add(oc, counter_names[i], "uint64", get_counter,
                                  set_counter, NULL, &counters[i]);
    }
}
