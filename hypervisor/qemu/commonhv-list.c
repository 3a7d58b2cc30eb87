/*
 * CommonHV: the list of interfaces
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "qapi/error.h"
#include "qemu/cutils.h"

#define SIGNATURE_LEN 12

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
bool commonhv_parse_interfaces(const char *text, int draft, Error **errp)
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
