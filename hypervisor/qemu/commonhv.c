/*
 * CommonHV: what the hypervisor answers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * This file is the whole interface, and meant as an example: two functions say
 * what CPUID and the MSR answer, the rest connects them to QEMU.
 *
 * CommonHV has two drafts, with no version field to tell them apart:
 *
 *   leaf       draft 1                         draft 2
 *   4F000000H  EAX = highest CommonHV leaf; EBX, ECX, EDX = "CommonHVIntf"
 *   4F000001H  ECX = i: entry i, from 0 on;    ECX = 0: EAX = number of them;
 *              zeros end the list              ECX = i: entry i, from 1 on
 *   4F000002H  EAX = RNG MSR, 0 if none        EAX = feature bits
 *   4F000003H  -                               EAX = RNG MSR
 *
 * An entry is (EAX = CPUID leaf, EBX, ECX, EDX = signature) of an interface
 * that the guest may use, the one that the hypervisor prefers first.
 *
 * Draft 2 numbers the entries "1 < i <= N"; it moved draft 1's list behind a
 * header, so 1 to N is what it means, and what this implementation does.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "qemu/guest-random.h"

CommonHV commonhv;
const CommonHVTest *commonhv_test;

static CommonHVRegs commonhv_entry(uint32_t i)
{
    const CommonHVInterface *iface = &commonhv.interfaces[i];

    if (i >= commonhv.nr_interfaces) {
        return (CommonHVRegs) { 0 };
    }
    return (CommonHVRegs) {
        .eax = iface->location,
        .ebx = iface->signature[0],
        .ecx = iface->signature[1],
        .edx = iface->signature[2],
    };
}

static CommonHVRegs commonhv_list(uint32_t subleaf)
{
    if (commonhv.config.draft == 1) {
        return commonhv_entry(subleaf);
    }
    if (subleaf == 0) {
        return (CommonHVRegs) { .eax = commonhv.nr_interfaces };
    }
    return commonhv_entry(subleaf - 1);
}

static uint32_t commonhv_features(void)
{
    const CommonHVConfig *config = &commonhv.config;
    uint32_t input = config->rng_input ? COMMONHV_FEAT_RNG_INPUT : 0;

    if (!config->rng) {
        return 0;
    }
    return config->draft == 1 ? config->rng_msr : COMMONHV_FEAT_RNG | input;
}

/* Reserved registers and subleaves, and leaves above the highest, are zero. */
CommonHVRegs commonhv_leaf(uint32_t leaf, uint32_t subleaf)
{
    const CommonHVConfig *config = &commonhv.config;

    switch (leaf) {
    case COMMONHV_CPUID_BASE:
        return (CommonHVRegs) {
            .eax = config->draft == 1 ? COMMONHV_CPUID_FEATURES
                                      : COMMONHV_CPUID_RNG,
            .ebx = COMMONHV_SIGNATURE_EBX,
            .ecx = COMMONHV_SIGNATURE_ECX,
            .edx = COMMONHV_SIGNATURE_EDX,
        };
    case COMMONHV_CPUID_INTERFACES:
        return commonhv_list(subleaf);
    case COMMONHV_CPUID_FEATURES:
        return (CommonHVRegs) { .eax = commonhv_features() };
    case COMMONHV_CPUID_RNG:
        if (config->draft == 2 && config->rng) {
            return (CommonHVRegs) { .eax = config->rng_msr };
        }
        /* fall through */
    default:
        return (CommonHVRegs) { 0 };
    }
}

/*
 * A listed interface that the accelerator does not provide: its signature, and
 * one leaf of features that says there are none. That leaf matters: Linux, for
 * one, reads KVM's features whatever the highest leaf is.
 */
CommonHVRegs commonhv_interface_leaf(const CommonHVInterface *iface,
                                     uint32_t leaf)
{
    if (leaf != iface->location || commonhv_test->no_answer(iface)) {
        return (CommonHVRegs) { 0 };
    }
    return (CommonHVRegs) {
        .eax = iface->location + 1,
        .ebx = iface->signature[0],
        .ecx = iface->signature[1],
        .edx = iface->signature[2],
    };
}

/* The interface whose block of 100H leaves @leaf is in. */
static const CommonHVInterface *commonhv_find_interface(uint32_t leaf)
{
    const CommonHVInterface *found = NULL;

    for (uint32_t i = 0; i < commonhv.nr_interfaces; i++) {
        const CommonHVInterface *iface = &commonhv.interfaces[i];

        if (iface->location == leaf) {
            return iface;
        }
        if (iface->location >> 8 == leaf >> 8) {
            found = iface;
        }
    }
    return found;
}

static bool commonhv_classic_leaf(uint32_t leaf, CommonHVRegs *regs)
{
    const CommonHVInterface *iface = commonhv_find_interface(leaf);

    if (!iface || (iface->native && !commonhv_test->no_answer(iface))) {
        return false;
    }
    *regs = commonhv_interface_leaf(iface, leaf);
    return true;
}

/*
 * The guest executes CPUID. False: the leaf is not ours to answer.
 *
 * Do not make the answer depend on the hypervisor bit, CPUID.1:ECX[31]: some
 * nested set-ups hide it, and guests may probe without.
 */
bool commonhv_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t *eax,
                    uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
    CommonHVRegs regs;

    if (leaf < CPUID_HYPERVISOR_FIRST || leaf > COMMONHV_CPUID_LAST) {
        return false;
    }
    commonhv_test->cpuid(leaf);
    if (!commonhv.config.enabled) {
        return false;
    }
    if (leaf >= COMMONHV_CPUID_BASE) {
        regs = commonhv_test->leaf(leaf, subleaf);
    } else if (!commonhv_classic_leaf(leaf, &regs)) {
        return false;
    }
    *eax = regs.eax;
    *ebx = regs.ebx;
    *ecx = regs.ecx;
    *edx = regs.edx;
    return true;
}

bool commonhv_is_rng_msr(uint32_t msr)
{
    return commonhv.config.enabled && commonhv.config.rng &&
           msr == commonhv.config.rng_msr;
}

/*
 * The guest reads the RNG MSR. False: #GP, which an honest hypervisor never
 * gives here; when there is no randomness left it returns zero.
 *
 * Each read is fresh. Nothing is prepared in advance, so there is no state that
 * a snapshot could carry into two machines.
 */
bool commonhv_rdmsr(uint64_t *value)
{
    bool ok;

    if (commonhv_test->rdmsr(value, &ok)) {
        return ok;
    }
    if (qemu_guest_getrandom(value, sizeof(*value), NULL) < 0) {
        *value = 0;
    }
    return true;
}

/*
 * The guest offers entropy. False: #GP, which draft 2 allows when the feature
 * bit is clear.
 *
 * The value is dropped: the host's generator has better sources, and whatever
 * a guest sends is chosen by that guest. A hypervisor that does use it must mix
 * it, never let it replace state, and keep it from other guests.
 */
bool commonhv_wrmsr(uint64_t value)
{
    return commonhv_test->wrmsr(value) && commonhv.config.rng_input;
}
