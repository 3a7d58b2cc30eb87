/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The CommonHV interface: CPUID leaves and their contents.
 *
 * Both drafts of the specification (Lutomirski, 2014) are described here, with
 * the draft's number where they differ. Documentation/commonhv.rst describes how
 * a guest distinguishes them. A hypervisor may copy this file unchanged, hence
 * the dual licence.
 */
#ifndef COMMONHV_ABI_H
#define COMMONHV_ABI_H

/* Leaf 4F000000H: discovery. EAX: highest leaf; EBX, ECX, EDX: signature. */
#define COMMONHV_CPUID_BASE		0x4f000000u
#define COMMONHV_CPUID_LIMIT		0x4fffffffu
#define COMMONHV_CPUID_SIGNATURE_EBX	0x6d6d6f43u	/* "Comm" */
#define COMMONHV_CPUID_SIGNATURE_ECX	0x56486e6fu	/* "onHV" */
#define COMMONHV_CPUID_SIGNATURE_EDX	0x66746e49u	/* "Intf" */

/*
 * Leaf 4F000001H: enumeration. A list entry is EAX: location; EBX, ECX, EDX:
 * signature. Draft 1: entries from subleaf 0 on, ended by one that is all zero.
 * Draft 2: subleaf 0 is a header with the number of entries in EAX and zero in
 * the other registers; entries from subleaf 1 on.
 */
#define COMMONHV_CPUID_INTERFACES	0x4f000001u

/*
 * Leaf 4F000002H: features. Draft 1: EAX is the RNG MSR's index, or 0 without
 * an RNG. Draft 2: EAX has the bits below. The other registers are reserved.
 */
#define COMMONHV_CPUID_FEATURES		0x4f000002u
#define COMMONHV_FEAT_RNG		0x1u	/* the RNG is available */
#define COMMONHV_FEAT_RNG_INPUT		0x2u	/* ... and accepts WRMSR */
#define COMMONHV_FEAT_MASK		0x3u

/* Leaf 4F000003H, draft 2 only. EAX: index of the RNG MSR. */
#define COMMONHV_CPUID_RNG		0x4f000003u

/* CPUID.1:ECX */
#define COMMONHV_CPUID_1_ECX_HYPERVISOR	0x80000000u

/* Where paravirtual interfaces may be (Intel SDM vol. 2, CPUID; AMD APM vol. 3, E.4). */
#define COMMONHV_CPUID_HV_FIRST		0x40000000u
#define COMMONHV_CPUID_HV_LAST		0x4fffffffu

#define COMMONHV_SIGNATURE_LEN		12

#endif /* COMMONHV_ABI_H */
