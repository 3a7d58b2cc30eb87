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
#include "hw/boards.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/atomic.h"
#include "qemu/cutils.h"
#include "system/kvm.h"
#include "system/tcg.h"

#define SIGNATURE_LEN 12

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

/*
 * MSRs that exist, or that some guest takes for another one. Those of CommonHV
 * must not hide them, and some never reach QEMU's handler on KVM: a guest would
 * take a constant for a random number.
 */
static const struct {
    uint32_t first, last;
    bool may_be_free;   /* on TCG, and in drafts 1 and 2 */
    const char *owner;
} msr_owners[] = {
    { 0x00000000, 0x00001fff, false, "architectural MSRs and the x2APIC" },
    { 0x40000000, 0x400002ff, true,  "Hyper-V and Xen emulation" },
    { 0x4b564d00, 0x4b564dff, false, "KVM's paravirtual MSRs" },
    { 0xc0000000, 0xc001ffff, false, "AMD's MSRs" },
    /* One past it, where ranges end, is index 0. */
    { 0xffffffff, 0xffffffff, false, "no filter range can end there" },
};

static bool check_msr(const char *property, uint32_t msr, uint32_t preset,
                      bool may_be_free, Error **errp)
{
    for (int i = 0; i < ARRAY_SIZE(msr_owners); i++) {
        if (msr >= msr_owners[i].first && msr <= msr_owners[i].last &&
            !(may_be_free && msr_owners[i].may_be_free)) {
            error_setg(errp, "%s: %" PRIX32 "H is taken (%s); the default is "
                       "%" PRIX32 "H", property, msr, msr_owners[i].owner,
                       preset);
            return false;
        }
    }
    return true;
}

/*
 * One byte of a signature: itself, or escaped as \xHH or \\. Moves @text on;
 * returns -1 for a bad escape.
 */
static int parse_byte(const char **text)
{
    const char *p = *text;

    if (p[0] != '\\') {
        *text = p + 1;
        return (uint8_t)p[0];
    }
    if (p[1] == '\\') {
        *text = p + 2;
        return '\\';
    }
    if (p[1] != 'x' || !g_ascii_isxdigit(p[2]) || !g_ascii_isxdigit(p[3])) {
        return -1;
    }
    *text = p + 4;
    return g_ascii_xdigit_value(p[2]) << 4 | g_ascii_xdigit_value(p[3]);
}

/* Short signatures are padded with zeros, as KVM does with its own. */
static bool parse_signature(const char *text, uint32_t signature[3],
                            Error **errp)
{
    uint8_t bytes[SIGNATURE_LEN] = { 0 };
    const char *p = text;
    int len;

    for (len = 0; *p; len++) {
        int byte = parse_byte(&p);

        if (byte < 0) {
            error_setg(errp, "commonhv-interfaces: '%s': a backslash starts "
                       "\\xHH or \\\\", text);
            return false;
        }
        if (len == SIGNATURE_LEN) {
            error_setg(errp, "commonhv-interfaces: '%s': a signature has at "
                       "most %d bytes", text, SIGNATURE_LEN);
            return false;
        }
        bytes[len] = byte;
    }
    for (int i = 0; i < 3; i++) {
        signature[i] = ldl_le_p(bytes + 4 * i);
    }
    if (!signature[0] && !signature[1] && !signature[2]) {
        error_setg(errp, "commonhv-interfaces: a signature is missing or all "
                   "zeros");
        return false;
    }
    return true;
}

static bool parse_location(const char *text, uint32_t *location, Error **errp)
{
    if (qemu_strtoui(text, NULL, 16, location) < 0 ||
        *location < CPUID_HYPERVISOR_FIRST ||
        *location >= COMMONHV_CPUID_BASE) {
        error_setg(errp, "commonhv-interfaces: location '%s' is not a "
                   "hexadecimal number from %X to %X", text,
                   CPUID_HYPERVISOR_FIRST, COMMONHV_CPUID_BASE - 1);
        return false;
    }
    return true;
}

/* Parses SIGNATURE@LOCATION; @text is modified. */
static bool parse_interface(char *text, CommonHVInterface *iface, Error **errp)
{
    char *at = strrchr(text, '@');

    if (!at) {
        error_setg(errp, "commonhv-interfaces: '%s' is not of the form "
                   "SIGNATURE@LOCATION", text);
        return false;
    }
    *at = '\0';
    return parse_signature(text, iface->signature, errp) &&
           parse_location(at + 1, &iface->location, errp);
}

static bool add_interface(CommonHVInterface iface, int draft, Error **errp)
{
    uint32_t max = draft < 3 ? COMMONHV_MAX_INTERFACES
                             : COMMONHV_MAX_INTERFACES_3;

    for (uint32_t i = 0; i < commonhv.nr_interfaces; i++) {
        if (commonhv.interfaces[i].location == iface.location) {
            error_setg(errp, "commonhv-interfaces: location %" PRIX32
                       " is given twice", iface.location);
            return false;
        }
    }
    if (draft >= 3 && iface.location % 0x100) {
        error_setg(errp, "commonhv-interfaces: location %" PRIX32 " is no "
                   "multiple of 100H, as draft 3 wants it", iface.location);
        return false;
    }
    if (commonhv.nr_interfaces == max) {
        error_setg(errp, "commonhv-interfaces: more than %" PRIu32
                   " interfaces in draft %d", max, draft);
        return false;
    }
    commonhv.interfaces[commonhv.nr_interfaces++] = iface;
    return true;
}

/* Parses SIGNATURE@LOCATION[:...]; an empty text is an empty list. */
static bool parse_interfaces(const char *text, int draft, Error **errp)
{
    g_auto(GStrv) items = g_strsplit(text, ":", 0);

    for (int i = 0; items[i]; i++) {
        CommonHVInterface iface = { 0 };

        if (!parse_interface(items[i], &iface, errp) ||
            !add_interface(iface, draft, errp)) {
            return false;
        }
    }
    return true;
}

void commonhv_add_native(uint32_t location, const uint32_t signature[3])
{
    CommonHVInterface iface = { .location = location, .native = true };

    memcpy(iface.signature, signature, sizeof(iface.signature));
    add_interface(iface, commonhv.config.draft, &error_abort);
}

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
    if (config->draft == 1 && config->rng_input == ON_OFF_AUTO_OFF) {
        error_setg(errp, "commonhv-rng-input=off needs commonhv-draft=2 or 3: "
                   "draft 1 has no way to refuse input");
        return false;
    }
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

static bool check_msrs(const CommonHVConfig *config, Error **errp)
{
    bool may_be_free = !kvm_enabled() && config->draft < 3;

    if (!check_msr("commonhv-rng-msr", config->rng_msr,
                   COMMONHV_DEFAULT_RNG_MSR, may_be_free, errp) ||
        !check_msr("commonhv-generation-msr", config->generation_msr,
                   COMMONHV_DEFAULT_GENERATION_MSR, may_be_free, errp)) {
        return false;
    }
    if (commonhv.has_msr && config->rng &&
        config->generation_msr == config->rng_msr) {
        error_setg(errp, "commonhv-generation-msr: %" PRIX32 "H is the RNG MSR",
                   config->generation_msr);
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

/* Values that a guest offers are dropped, so draft 3 does not ask for them. */
static void decide(const CommonHVConfig *config)
{
    CommonHVGeneration generation = decide_generation(config);

    commonhv.rng_input = config->rng_input == ON_OFF_AUTO_AUTO
                         ? config->draft < 3
                         : config->rng_input == ON_OFF_AUTO_ON;
    commonhv.has_leaf = generation == COMMONHV_GENERATION_ON;
    commonhv.has_msr = generation >= COMMONHV_GENERATION_MSR;
}

/* On KVM the default list is made later, from the vCPU's CPUID table. */
static bool make_list(const X86CPU *cpu, Error **errp)
{
    const char *interfaces = cpu->commonhv.interfaces;
    uint32_t signature[3];

    if (interfaces) {
        return parse_interfaces(interfaces, cpu->commonhv.draft, errp);
    }
    if (tcg_enabled() && cpu->expose_tcg) {
        memcpy(signature, "TCGTCGTCGTCG", sizeof(signature));
        commonhv_add_native(CPUID_HYPERVISOR_FIRST, signature);
    }
    return true;
}

static bool start_generation(const CommonHVConfig *config, Error **errp)
{
    if (!commonhv.has_msr) {
        return true;
    }
    commonhv_watch_loads();
    commonhv.generation = config->generation_value;
    return commonhv.generation || commonhv_new_generation(errp);
}

static bool configure(const X86CPU *cpu, Error **errp)
{
    const CommonHVConfig *config = &cpu->commonhv;

    if (!config->enabled) {
        return true;
    }
    if (!check_draft(config, errp) || !check_generation(config, errp)) {
        return false;
    }
    decide(config);
    return check_msrs(config, errp) && make_list(cpu, errp) &&
           start_generation(config, errp);
}

static bool same_config(const CommonHVConfig *a, const CommonHVConfig *b)
{
    return a->enabled == b->enabled && a->draft == b->draft &&
           a->rng == b->rng && a->rng_input == b->rng_input &&
           a->rng_msr == b->rng_msr && a->generation == b->generation &&
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

    object_class_property_add_enum(oc, "commonhv-generation",
                                   "CommonHVGeneration", &generation_lookup,
                                   get_generation, set_generation);
    object_class_property_add(oc, "commonhv-generation-value", "uint64",
                              get_generation_value, set_generation_value,
                              NULL, NULL);
    for (int i = 0; i < ARRAY_SIZE(properties); i++) {
        object_class_property_set_description(oc, properties[i].name,
                                              properties[i].description);
    }
}
