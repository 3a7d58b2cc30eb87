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
#include "qemu/cutils.h"
#include "system/kvm.h"
#include "system/tcg.h"

#define SIGNATURE_LEN 12

/*
 * MSRs that exist, or that some guest takes for another one. The random number
 * generator must not hide them, and some never reach QEMU's handler on KVM:
 * a guest would take a constant for a random number.
 */
static const struct {
    uint32_t first, last;
    bool kvm_only;
    const char *owner;
} msr_owners[] = {
    { 0x00000000, 0x00001fff, false, "architectural MSRs and the x2APIC" },
    { 0x40000000, 0x400002ff, true,  "Hyper-V and Xen emulation" },
    { 0x4b564d00, 0x4b564dff, false, "KVM's paravirtual MSRs" },
    { 0xc0000000, 0xc001ffff, false, "AMD's MSRs" },
    /* One past it, where ranges end, is index 0. */
    { 0xffffffff, 0xffffffff, false, "no filter range can end there" },
};

/* Why @msr cannot be the RNG MSR, or NULL if it can. */
const char *commonhv_msr_owner(uint32_t msr, bool kvm)
{
    for (int i = 0; i < ARRAY_SIZE(msr_owners); i++) {
        if (msr >= msr_owners[i].first && msr <= msr_owners[i].last &&
            (kvm || !msr_owners[i].kvm_only)) {
            return msr_owners[i].owner;
        }
    }
    return NULL;
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

static bool add_interface(CommonHV *hv, CommonHVInterface iface, Error **errp)
{
    for (uint32_t i = 0; i < hv->nr_interfaces; i++) {
        if (hv->interfaces[i].location == iface.location) {
            error_setg(errp, "commonhv-interfaces: location %" PRIX32
                       " is given twice", iface.location);
            return false;
        }
    }
    if (hv->nr_interfaces == COMMONHV_MAX_INTERFACES) {
        error_setg(errp, "commonhv-interfaces: more than %d interfaces",
                   COMMONHV_MAX_INTERFACES);
        return false;
    }
    hv->interfaces[hv->nr_interfaces++] = iface;
    return true;
}

/* Parses SIGNATURE@LOCATION[:...]; an empty text is an empty list. */
bool commonhv_parse_interfaces(CommonHV *hv, const char *text, Error **errp)
{
    g_auto(GStrv) items = g_strsplit(text, ":", 0);

    for (int i = 0; items[i]; i++) {
        CommonHVInterface iface = { 0 };

        if (!parse_interface(items[i], &iface, errp) ||
            !add_interface(hv, iface, errp)) {
            return false;
        }
    }
    return true;
}

void commonhv_add_native(uint32_t location, const uint32_t signature[3])
{
    CommonHVInterface iface = { .location = location, .native = true };

    memcpy(iface.signature, signature, sizeof(iface.signature));
    add_interface(&commonhv, iface, &error_abort);
}

static bool check_config(const CommonHVConfig *config, Error **errp)
{
    const char *owner = commonhv_msr_owner(config->rng_msr, kvm_enabled());

    if (!tcg_enabled() && !kvm_enabled()) {
        error_setg(errp, "commonhv needs the accelerator tcg or kvm");
        return false;
    }
    if (config->draft != 1 && config->draft != 2) {
        error_setg(errp, "commonhv-draft=%d: there are drafts 1 and 2",
                   config->draft);
        return false;
    }
    if (config->draft == 1 && !config->rng_input) {
        error_setg(errp, "commonhv-rng-input=off needs commonhv-draft=2: "
                   "draft 1 has no way to refuse input");
        return false;
    }
    if (owner) {
        error_setg(errp, "commonhv-rng-msr: %" PRIX32 "H is taken (%s); "
                   "the default is %XH", config->rng_msr, owner,
                   COMMONHV_DEFAULT_RNG_MSR);
        return false;
    }
    return true;
}

static bool same_config(const CommonHVConfig *a, const CommonHVConfig *b)
{
    return a->enabled == b->enabled && a->draft == b->draft &&
           a->rng == b->rng && a->rng_input == b->rng_input &&
           a->rng_msr == b->rng_msr &&
           g_strcmp0(a->interfaces, b->interfaces) == 0;
}

/* On KVM the default list is made later, from the vCPU's CPUID table. */
static bool make_list(const X86CPU *cpu, Error **errp)
{
    const char *interfaces = cpu->commonhv.interfaces;
    uint32_t signature[3];

    if (interfaces) {
        return commonhv_parse_interfaces(&commonhv, interfaces, errp);
    }
    if (tcg_enabled() && cpu->expose_tcg) {
        memcpy(signature, "TCGTCGTCGTCG", sizeof(signature));
        commonhv_add_native(CPUID_HYPERVISOR_FIRST, signature);
    }
    return true;
}

/* The first CPU decides for the machine; the others must agree with it. */
bool commonhv_realize(X86CPU *cpu, Error **errp)
{
    static bool decided;

    if (!decided) {
        if (cpu->commonhv.enabled &&
            (!check_config(&cpu->commonhv, errp) || !make_list(cpu, errp))) {
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
