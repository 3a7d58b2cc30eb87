/*
 * CommonHV: configuration
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The properties are those of a CPU, as that is where users look for CPUID
 * matters, but what they describe is one for the machine.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "qapi/error.h"
#include "system/kvm.h"
#include "system/tcg.h"

static bool check_draft(const CommonHVConfig *config, Error **errp)
{
    if (!tcg_enabled() && !kvm_enabled()) {
        error_setg(errp, "commonhv needs the accelerator tcg or kvm");
        return false;
    }
    if (config->draft < 1 || config->draft > 3) {
        error_setg(errp, "commonhv-draft=%d: there are drafts 1 to 3",
                   config->draft);
        return false;
    }
    return true;
}

/* On KVM the default list is made later, from the vCPU's CPUID table. */
static bool make_list(const X86CPU *cpu, Error **errp)
{
    const char *interfaces = cpu->commonhv.interfaces;
    uint32_t signature[3];

    if (interfaces) {
        return commonhv_parse_interfaces(interfaces, cpu->commonhv.draft, errp);
    }
    if (tcg_enabled() && cpu->expose_tcg) {
        memcpy(signature, "TCGTCGTCGTCG", sizeof(signature));
        commonhv_add_native(CPUID_HYPERVISOR_FIRST, signature);
    }
    return true;
}

static bool configure(const X86CPU *cpu, Error **errp)
{
    const CommonHVConfig *config = &cpu->commonhv;

    if (!config->enabled) {
        return true;
    }
    if (!check_draft(config, errp) ||
        !make_list(cpu, errp) ||
        !commonhv_configure_rng(config, errp) ||
        !commonhv_configure_generation(config, errp)) {
        return false;
    }
    commonhv_watch_loads();
    return true;
}

static bool same_config(const CommonHVConfig *a, const CommonHVConfig *b)
{
    return a->enabled == b->enabled && a->draft == b->draft &&
           a->rng == b->rng && a->rng_input == b->rng_input &&
           a->rng_msr == b->rng_msr &&
           a->generation == b->generation &&
           a->generation_msr == b->generation_msr &&
           a->generation_value == b->generation_value &&
           g_strcmp0(a->interfaces, b->interfaces) == 0;
}

/* The first CPU decides for the machine; the others must agree with it. */
bool commonhv_realize(X86CPU *cpu, Error **errp)
{
    static bool decided;

    if (!decided) {
        if (!configure(cpu, errp)) {
            return false;
        }
        commonhv.config = cpu->commonhv;
        commonhv.config.interfaces = g_strdup(cpu->commonhv.interfaces);
        decided = true;
    }
    if (!same_config(&commonhv.config, &cpu->commonhv)) {
        error_setg(errp, "the commonhv properties differ between CPUs");
        return false;
    }
    return true;
}

void commonhv_class_init(ObjectClass *oc)
{
    static const struct {
        const char *name, *description;
    } properties[] = {
        { "commonhv", "Offer the CommonHV interface to the guest" },
        { "commonhv-draft", "Draft of CommonHV: 1, 2 or 3" },
        { "commonhv-rng", "Whether there is an MSR with random numbers" },
        { "commonhv-rng-input", "Whether the RNG MSR may be written" },
        { "commonhv-rng-msr", "Index of the RNG MSR" },
        { "commonhv-generation",
          "Where the guest finds the generation, a number that changes when "
          "the machine is loaded: off, msr, on (CPUID and MSR)" },
        { "commonhv-generation-msr", "Index of the generation MSR" },
        { "commonhv-generation-value",
          "The generation; set it only to migrate live (0: random)" },
        { "commonhv-interfaces",
          "SIGNATURE@LOCATION[:...], the list of interfaces" },
    };

    commonhv_generation_class_init(oc);
    for (int i = 0; i < ARRAY_SIZE(properties); i++) {
        object_class_property_set_description(oc, properties[i].name,
                                              properties[i].description);
    }
}
