/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The CommonHV interface: CPUID leaves and their contents.
 *
 * Drafts 1 and 2 of the specification (Lutomirski, 2014) and the proposal for a
 * draft 3 (Documentation/commonhv-draft3.rst) are described here, with the draft's
 * number where they differ. Documentation/commonhv.rst describes how a guest
 * distinguishes them. A hypervisor may copy this file unchanged, hence the dual
 * licence.
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
 * Drafts 2 and 3: subleaf 0 is a header with the number of entries in EAX and zero in
 * the other registers; entries from subleaf 1 on.
 */
#define COMMONHV_CPUID_INTERFACES	0x4f000001u

/*
 * Leaf 4F000002H: features. Draft 1: EAX is the RNG MSR's index, or 0 without
 * an RNG. Drafts 2 and 3: EAX has the bits below. The other registers are reserved.
 */
#define COMMONHV_CPUID_FEATURES		0x4f000002u
#define COMMONHV_FEAT_RNG		0x1u	/* the RNG is available */
#define COMMONHV_FEAT_RNG_INPUT		0x2u	/* ... and accepts WRMSR */
#define COMMONHV_FEAT_MASK		0x3u

/* Leaf 4F000003H, drafts 2 and 3. EAX: index of the RNG MSR. */
#define COMMONHV_CPUID_RNG		0x4f000003u

/*
 * Leaf 4F000004H, draft 3: version and further features. EAX: the version, 3 or, in
 * a later one, up to FFH. EBX has the bits below. ECX: index of the generation MSR.
 */
#define COMMONHV_CPUID_VERSION		0x4f000004u
#define COMMONHV_VERSION_3		0x3u
#define COMMONHV_VERSION_MAX		0xffu
#define COMMONHV_FEAT_GENERATION_LEAF	0x1u	/* leaf 4F000005H has the generation */
#define COMMONHV_FEAT_GENERATION_MSR	0x2u	/* ... and the MSR has */
#define COMMONHV_FEAT_VERSION_MASK	0x3u

/* Leaf 4F000005H, draft 3. EBX:EAX: the generation, 0 if there is none. */
#define COMMONHV_CPUID_GENERATION	0x4f000005u

/* CPUID.1:ECX */
#define COMMONHV_CPUID_1_ECX_HYPERVISOR	0x80000000u

/* Where paravirtual interfaces may be (Intel SDM vol. 2, CPUID; AMD APM vol. 3, E.4). */
#define COMMONHV_CPUID_HV_FIRST		0x40000000u
#define COMMONHV_CPUID_HV_LAST		0x4fffffffu

#define COMMONHV_SIGNATURE_LEN		12

#endif /* COMMONHV_ABI_H */
