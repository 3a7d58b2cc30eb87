/*
 * CommonHV: what CPUID answers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * commonhv_leaf() says what each leaf has, with commonhv-msr.c and
 * commonhv-generation.c; the rest connects it to QEMU.
 *
 * CommonHV has three drafts, the first two with no version field:
 *
 *   leaf       draft 1                         draft 2
 *   4F000000H  EAX = highest CommonHV leaf; EBX, ECX, EDX = "CommonHVIntf"
 *   4F000001H  ECX = i: entry i, from 0 on;    ECX = 0: EAX = number of them;
 *              zeros end the list              ECX = i: entry i, from 1 on
 *   4F000002H  EAX = RNG MSR, 0 if none        EAX = feature bits
 *   4F000003H  -                               EAX = RNG MSR
 *
 * Draft 3 is draft 2 with
 *
 *   4F000004H  EAX = 3; EBX bit 0: the next leaf has the generation; bit 1: so
 *              has the MSR in ECX
 *   4F000005H  EBX:EAX = generation, a random number that changes whenever the
 *              machine is loaded from a saved state
 *
 * An entry is (EAX = CPUID leaf, EBX, ECX, EDX = signature) of an interface
 * that the guest may use, the one that the hypervisor prefers first.
 *
 * Draft 2 numbers the entries "1 < i <= N"; it moved draft 1's list behind a
 * header, so 1 to N is what it means, and what this implementation does.
 */

#include "qemu/osdep.h"
#include "cpu.h"

CommonHV commonhv;

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

static uint32_t commonhv_highest_leaf(void)
{
    static const uint32_t leaves[] = {
        COMMONHV_CPUID_FEATURES, COMMONHV_CPUID_RNG, COMMONHV_CPUID_GENERATION
    };

    return leaves[commonhv.config.draft - 1];
}

/* Reserved registers and subleaves, and leaves above the highest, are zero. */
CommonHVRegs commonhv_leaf(uint32_t leaf, uint32_t subleaf)
{
    if (leaf > commonhv_highest_leaf()) {
        return (CommonHVRegs) { 0 };
    }
    switch (leaf) {
    case COMMONHV_CPUID_BASE:
        return (CommonHVRegs) {
            .eax = commonhv_highest_leaf(),
            .ebx = COMMONHV_SIGNATURE_EBX,
            .ecx = COMMONHV_SIGNATURE_ECX,
            .edx = COMMONHV_SIGNATURE_EDX,
        };
    case COMMONHV_CPUID_INTERFACES:
        return commonhv_list(subleaf);
    case COMMONHV_CPUID_FEATURES:
        return (CommonHVRegs) { .eax = commonhv_features() };
    case COMMONHV_CPUID_RNG:
        return commonhv_rng_leaf();
    case COMMONHV_CPUID_VERSION:
        return commonhv_version_leaf();
    case COMMONHV_CPUID_GENERATION:
        return commonhv_generation_leaf();
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
    if (leaf != iface->location) {
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

    if (!iface || iface->native) {
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

    if (!commonhv.config.enabled || leaf < CPUID_HYPERVISOR_FIRST ||
        leaf > COMMONHV_CPUID_LAST) {
        return false;
    }
    if (leaf >= COMMONHV_CPUID_BASE) {
        regs = commonhv_leaf(leaf, subleaf);
    } else if (!commonhv_classic_leaf(leaf, &regs)) {
        return false;
    }
    *eax = regs.eax;
    *ebx = regs.ebx;
    *ecx = regs.ecx;
    *edx = regs.edx;
    return true;
}
