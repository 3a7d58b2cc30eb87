/*
 * CommonHV: properties for testing guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * They can be read and set while the guest runs, and are those of the machine,
 * whichever CPU they are read or set on.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "commonhv-hostile.h"
#include "commonhv-test.h"
#include "qapi/error.h"
#include "qapi/visitor.h"

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

static const char *const leaf_names[] = {
    [LEAF_OK] = "ok",
    [LEAF_MAX_LEAF_LOW] = "max-leaf-low",
    [LEAF_MAX_LEAF_HIGH] = "max-leaf-high",
    [LEAF_NO_RNG_LEAF] = "no-rng-leaf",
    [LEAF_RESERVED] = "reserved",
    [LEAF_FEATURE_BITS] = "feature-bits",
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

static const char *const version_names[] = {
    [VERSION_OK] = "ok",
    [VERSION_0] = "0",
    [VERSION_2] = "2",
    [VERSION_4] = "4",
    [VERSION_100] = "100",
    [VERSION_RESERVED] = "reserved",
    [VERSION_MSR_APIC] = "msr-1b",
    [VERSION_MSR_RNG] = "msr-rng",
    [VERSION_MSR_LAST] = "msr-ffffffff",
    [VERSION_MAX_LEAF] = "max-leaf-4",
};

static const char *const generation_names[] = {
    [GENERATION_OK] = "ok",
    [GENERATION_ZERO] = "zero",
    [GENERATION_CHANGING] = "changing",
    [GENERATION_DIFFER] = "differ",
    [GENERATION_RESERVED] = "reserved",
    [GENERATION_GP_READ] = "gp-read",
    [GENERATION_WRITABLE] = "writable",
    [GENERATION_STALE] = "stale",
};

#define DEFINE_LOOKUP(_names) \
    { .array = _names, .size = ARRAY_SIZE(_names) }

static const QEnumLookup mode_lookups[NR_MODES] = {
    [MODE_LIST] = DEFINE_LOOKUP(list_names),
    [MODE_LEAF] = DEFINE_LOOKUP(leaf_names),
    [MODE_RNG] = DEFINE_LOOKUP(rng_names),
    [MODE_VERSION] = DEFINE_LOOKUP(version_names),
    [MODE_GENERATION] = DEFINE_LOOKUP(generation_names),
};

static const char *const counter_names[NR_COUNTERS] = {
    "x-commonhv-cpuid-0",
    "x-commonhv-cpuid-1",
    "x-commonhv-cpuid-2",
    "x-commonhv-cpuid-3",
    "x-commonhv-cpuid-4",
    "x-commonhv-cpuid-5",
    [COUNT_CPUID_OTHER] = "x-commonhv-cpuid-other",
    [COUNT_CPUID_SCAN] = "x-commonhv-cpuid-scan",
    [COUNT_RDMSR] = "x-commonhv-rdmsr",
    [COUNT_RDMSR_GENERATION] = "x-commonhv-rdmsr-generation",
    [COUNT_WRMSR] = "x-commonhv-wrmsr",
    [COUNT_COUNTED] = "x-commonhv-rng-counted",
    [LAST_WRMSR_VALUE] = "x-commonhv-wrmsr-value",
};

static bool frozen(Error **errp)
{
    if (commonhv_cpuid_frozen) {
        error_setg(errp, "KVM's CPUID table cannot change while the guest "
                   "runs; give the property with -cpu");
    }
    return commonhv_cpuid_frozen;
}

static bool concerns_cpuid(int which, int value)
{
    if (which == MODE_GENERATION) {
        return value == GENERATION_RESERVED ||
               (commonhv.has_leaf && (value == GENERATION_ZERO ||
                                      value == GENERATION_CHANGING));
    }
    return which != MODE_RNG;
}

static void set_mode(int which, int value, Error **errp)
{
    if (value != commonhv_modes[which] && (concerns_cpuid(which, value) ||
                                  concerns_cpuid(which, commonhv_modes[which])) &&
        frozen(errp)) {
        return;
    }
    qatomic_set(&commonhv_modes[which], value);
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
DEFINE_MODE_ACCESSORS(version, MODE_VERSION)
DEFINE_MODE_ACCESSORS(generation, MODE_GENERATION)

static void get_pool(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    uint32_t value = MAX(qatomic_read(&commonhv_pool_left), 0);

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
    qatomic_set(&commonhv_pool_left, value);
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
    if (value && opaque != &commonhv_counters[COUNT_COUNTED]) {
        error_setg(errp, "%s: a counter can only be set to 0", name);
        return;
    }
    stat64_init(opaque, value);
}

static void get_value(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    uint64_t value = qatomic_read_u64(&commonhv.generation);

    visit_type_uint64(v, name, &value, errp);
}

/* A test changes the generation under a guest that runs: any value, even 0. */
static void set_value(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    uint64_t value;

    if (!visit_type_uint64(v, name, &value, errp)) {
        return;
    }
    if (!commonhv.has_msr) {
        error_setg(errp, "%s: there is no generation yet; with -cpu, "
                   "give commonhv-generation-value", name);
        return;
    }
    if (!commonhv.has_leaf || !frozen(errp)) {
        qatomic_set_u64(&commonhv.generation, value);
    }
}

void __real_commonhv_class_init(ObjectClass *oc);
void __wrap_commonhv_class_init(ObjectClass *oc);

void __wrap_commonhv_class_init(ObjectClass *oc)
{
    __real_commonhv_class_init(oc);
    hostile_add_properties(oc);
    object_class_property_add_enum(oc, "x-commonhv-list", "CommonHVListMode",
                                   &mode_lookups[MODE_LIST],
                                   get_list, set_list);
    object_class_property_add_enum(oc, "x-commonhv-leaf", "CommonHVLeafMode",
                                   &mode_lookups[MODE_LEAF],
                                   get_leaf, set_leaf);
    object_class_property_add_enum(oc, "x-commonhv-rng", "CommonHVRngMode",
                                   &mode_lookups[MODE_RNG], get_rng, set_rng);
    object_class_property_add_enum(oc, "x-commonhv-version",
                                   "CommonHVVersionMode",
                                   &mode_lookups[MODE_VERSION],
                                   get_version, set_version);
    object_class_property_add_enum(oc, "x-commonhv-generation-mode",
                                   "CommonHVGenerationMode",
                                   &mode_lookups[MODE_GENERATION],
                                   get_generation, set_generation);
    object_class_property_add(oc, "x-commonhv-generation", "uint64",
                              get_value, set_value, NULL, NULL);
    object_class_property_add(oc, "x-commonhv-rng-pool", "uint32",
                              get_pool, set_pool, NULL, NULL);
    for (int i = 0; i < NR_COUNTERS; i++) {
        object_class_property_add(oc, counter_names[i], "uint64", get_counter,
                                  set_counter, NULL, &commonhv_counters[i]);
    }
}
