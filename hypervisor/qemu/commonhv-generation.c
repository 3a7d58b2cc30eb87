/*
 * CommonHV: the generation
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A random number that changes whenever the machine is loaded from a saved
 * state. CPUID has it, which any program can ask, and an MSR, for kernels.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "crypto/random.h"
#include "hw/boards.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/atomic.h"
#include "system/kvm.h"

static const char *const generation_names[] = {
    [COMMONHV_GENERATION_AUTO] = "auto",
    [COMMONHV_GENERATION_OFF] = "off",
    [COMMONHV_GENERATION_MSR] = "msr",
    [COMMONHV_GENERATION_ON] = "on",
};

static const QEnumLookup generation_lookup = {
    .array = generation_names,
    .size = COMMONHV_GENERATION__MAX,
};

CommonHVRegs commonhv_version_leaf(void)
{
    return (CommonHVRegs) {
        .eax = commonhv.config.draft,
        .ebx = (commonhv.has_leaf ? COMMONHV_VERSION_LEAF : 0) |
               (commonhv.has_msr ? COMMONHV_VERSION_MSR : 0),
        .ecx = commonhv.has_msr ? commonhv.config.generation_msr : 0,
    };
}

CommonHVRegs commonhv_generation_leaf(void)
{
    uint64_t value = qatomic_read_u64(&commonhv.generation);

    if (!commonhv.has_leaf) {
        return (CommonHVRegs) { 0 };
    }
    return (CommonHVRegs) { .eax = value, .ebx = value >> 32 };
}

bool commonhv_is_generation_msr(uint32_t msr)
{
    return commonhv.has_msr && msr == commonhv.config.generation_msr;
}

/*
 * The machine is loaded from a saved state, or starts. All CPUs are stopped.
 *
 * The number is random, and no counter: two machines that are loaded from one
 * state differ, and so does each from all that the state has seen. It does not
 * come from the generator for guests, which -seed lets repeat itself.
 */
bool commonhv_new_generation(Error **errp)
{
    uint64_t value;

    do {
        if (qcrypto_random_bytes(&value, sizeof(value), errp) < 0) {
            return false;
        }
    } while (!value || value == commonhv.generation);
    qatomic_set_u64(&commonhv.generation, value);
    return true;
}

static bool check_generation(const CommonHVConfig *config, Error **errp)
{
    bool wanted = config->generation == COMMONHV_GENERATION_MSR ||
                  config->generation == COMMONHV_GENERATION_ON;

    if (config->draft < 3 && (wanted || config->generation_value)) {
        error_setg(errp, "commonhv-generation%s needs commonhv-draft=3",
                   wanted ? "" : "-value");
        return false;
    }
    if (config->generation == COMMONHV_GENERATION_OFF &&
        config->generation_value) {
        error_setg(errp, "commonhv-generation-value makes no sense with "
                   "commonhv-generation=off");
        return false;
    }
    if (wanted && current_machine->cgs) {
        error_setg(errp, "commonhv-generation=%s: a confidential guest cannot "
                   "rely on it; use commonhv-generation=off",
                   generation_names[config->generation]);
        return false;
    }
    return true;
}

/*
 * On KVM, a CPUID table cannot change once its CPU has run, so with the leaf no
 * snapshot can be loaded from then on. That is nothing to have by default.
 */
static CommonHVGeneration decide_generation(const CommonHVConfig *config)
{
    if (config->draft < 3) {
        return COMMONHV_GENERATION_OFF;
    }
    if (config->generation != COMMONHV_GENERATION_AUTO) {
        return config->generation;
    }
    if (current_machine->cgs) {
        return COMMONHV_GENERATION_OFF;
    }
    return kvm_enabled() ? COMMONHV_GENERATION_MSR : COMMONHV_GENERATION_ON;
}

static bool check_generation_msr(const CommonHVConfig *config, Error **errp)
{
    if (!commonhv_check_msr(config, "commonhv-generation-msr",
                            config->generation_msr,
                            COMMONHV_DEFAULT_GENERATION_MSR, errp)) {
        return false;
    }
    if (config->rng && config->generation_msr == config->rng_msr) {
        error_setg(errp, "commonhv-generation-msr: %" PRIX32 "H is the RNG MSR",
                   config->generation_msr);
        return false;
    }
    return true;
}

bool commonhv_configure_generation(const CommonHVConfig *config, Error **errp)
{
    CommonHVGeneration generation = decide_generation(config);

    if (!check_generation(config, errp)) {
        return false;
    }
    if (generation < COMMONHV_GENERATION_MSR) {
        return true;
    }
    if (!check_generation_msr(config, errp)) {
        return false;
    }
    commonhv.has_msr = true;
    commonhv.has_leaf = generation == COMMONHV_GENERATION_ON;
    commonhv.generation = config->generation_value;
    return commonhv.generation || commonhv_new_generation(errp);
}

static bool may_set(Object *obj, const char *name, Error **errp)
{
    if (DEVICE(obj)->realized) {
        error_setg(errp, "%s cannot be set once the CPU exists", name);
        return false;
    }
    return true;
}

static int get_generation(Object *obj, Error **errp)
{
    return X86_CPU(obj)->commonhv.generation;
}

static void set_generation(Object *obj, int value, Error **errp)
{
    if (may_set(obj, "commonhv-generation", errp)) {
        X86_CPU(obj)->commonhv.generation = value;
    }
}

/* The present one, for whoever migrates the machine live. */
static void get_generation_value(Object *obj, Visitor *v, const char *name,
                                 void *opaque, Error **errp)
{
    uint64_t value = X86_CPU(obj)->commonhv.generation_value;

    if (DEVICE(obj)->realized) {
        value = qatomic_read_u64(&commonhv.generation);
    }
    visit_type_uint64(v, name, &value, errp);
}

static void set_generation_value(Object *obj, Visitor *v, const char *name,
                                 void *opaque, Error **errp)
{
    uint64_t value;

    if (!may_set(obj, name, errp) ||
        !visit_type_uint64(v, name, &value, errp)) {
        return;
    }
    X86_CPU(obj)->commonhv.generation_value = value;
}

void commonhv_generation_class_init(ObjectClass *oc)
{
    object_class_property_add_enum(oc, "commonhv-generation",
                                   "CommonHVGeneration", &generation_lookup,
                                   get_generation, set_generation);
    object_class_property_add(oc, "commonhv-generation-value", "uint64",
                              get_generation_value, set_generation_value,
                              NULL, NULL);
}
