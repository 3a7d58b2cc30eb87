/*
 * CommonHV: hypervisor discovery by CPUID, and a random number MSR
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The files, each of which calls only those above it:
 *
 *   commonhv.c         the interface itself: what CPUID and the MSR answer
 *   commonhv-config.c  properties, their validation, the default list
 *   commonhv-kvm.c     the same answers through KVM's tables and MSR filter
 *   commonhv-test.c    counters, and misbehaviour for testing guests; the
 *                      others reach it through CommonHVTest
 *
 * Another hypervisor needs the first file; the others are specific to QEMU.
 */

#ifndef TARGET_I386_COMMONHV_H
#define TARGET_I386_COMMONHV_H

/* The ABI. */

#define COMMONHV_CPUID_BASE         0x4f000000
#define COMMONHV_CPUID_INTERFACES   0x4f000001
#define COMMONHV_CPUID_FEATURES     0x4f000002
#define COMMONHV_CPUID_RNG          0x4f000003  /* draft 2 */
#define COMMONHV_CPUID_LAST         0x4fffffff

#define COMMONHV_FEAT_RNG           0x1         /* draft 2 */
#define COMMONHV_FEAT_RNG_INPUT     0x2         /* draft 2 */

#define COMMONHV_SIGNATURE_EBX      0x6d6d6f43  /* "Comm" */
#define COMMONHV_SIGNATURE_ECX      0x56486e6f  /* "onHV" */
#define COMMONHV_SIGNATURE_EDX      0x66746e49  /* "Intf" */

/* Where hypervisors have always put their leaves, 100H apart. */
#define CPUID_HYPERVISOR_FIRST      0x40000000
#define CPUID_HYPERVISOR_SCAN_LAST  0x4000ffff

/* The implementation. */

#define COMMONHV_MAX_INTERFACES     512
#define COMMONHV_DEFAULT_RNG_MSR    0x4f000000

typedef struct CommonHVRegs {
    uint32_t eax, ebx, ecx, edx;
} CommonHVRegs;

/**
 * CommonHVInterface: one entry of the list that guests see
 *
 * @location: CPUID leaf where the interface starts
 * @signature: what that leaf has in EBX, ECX, EDX
 * @native: the accelerator answers there; otherwise this code does
 */
typedef struct CommonHVInterface {
    uint32_t location;
    uint32_t signature[3];
    bool native;
} CommonHVInterface;

/**
 * CommonHVConfig: the properties of a CPU, as the user gave them
 *
 * @interfaces: NULL stands for what the accelerator really offers
 */
typedef struct CommonHVConfig {
    bool enabled;
    bool rng;
    bool rng_input;
    uint8_t draft;
    uint32_t rng_msr;
    char *interfaces;
} CommonHVConfig;

/**
 * CommonHV: what the machine offers, the same on each of its CPUs
 *
 * Written before the first CPU runs and constant from then on, so CPUs read it
 * without a lock.
 */
typedef struct CommonHV {
    CommonHVConfig config;
    uint32_t nr_interfaces;
    CommonHVInterface interfaces[COMMONHV_MAX_INTERFACES];
} CommonHV;

/**
 * CommonHVTest: where commonhv-test.c steps in; another hypervisor has none
 *
 * @cpuid: the guest executes CPUID; counts it
 * @leaf: commonhv_leaf(), perhaps with a mistake
 * @no_answer: whether the interface answers nowhere although it is listed
 * @rdmsr: the guest reads the RNG MSR. True: the read is answered, by @value
 *         or, if not @ok, by #GP
 * @wrmsr: the guest writes it. False: #GP
 * @freeze_cpuid: from now on no CPUID answer can change
 */
typedef struct CommonHVTest {
    void (*cpuid)(uint32_t leaf);
    CommonHVRegs (*leaf)(uint32_t leaf, uint32_t subleaf);
    bool (*no_answer)(const CommonHVInterface *iface);
    bool (*rdmsr)(uint64_t *value, bool *ok);
    bool (*wrmsr)(uint64_t value);
    void (*freeze_cpuid)(void);
} CommonHVTest;

extern CommonHV commonhv;

/* commonhv.c */
extern const CommonHVTest *commonhv_test;   /* set before there is a CPU */
CommonHVRegs commonhv_leaf(uint32_t leaf, uint32_t subleaf);
CommonHVRegs commonhv_interface_leaf(const CommonHVInterface *iface,
                                     uint32_t leaf);
bool commonhv_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t *eax,
                    uint32_t *ebx, uint32_t *ecx, uint32_t *edx);
bool commonhv_is_rng_msr(uint32_t msr);
bool commonhv_rdmsr(uint64_t *value);
bool commonhv_wrmsr(uint64_t value);

/* commonhv-config.c */
bool commonhv_realize(X86CPU *cpu, Error **errp);
bool commonhv_parse_interfaces(CommonHV *hv, const char *text, Error **errp);
const char *commonhv_msr_owner(uint32_t msr, bool kvm);
void commonhv_add_native(uint32_t location, const uint32_t signature[3]);

/* commonhv-kvm.c */
struct KVMState;
struct kvm_cpuid_entry2;
/* As kvm_filter_msr(), which kvm.c keeps to itself. */
typedef int CommonHVFilterMSR(struct KVMState *s, uint32_t msr,
                              bool (*rdmsr)(X86CPU *cpu, uint32_t msr,
                                            uint64_t *value),
                              bool (*wrmsr)(X86CPU *cpu, uint32_t msr,
                                            uint64_t value));
int commonhv_kvm_init_vcpu(struct kvm_cpuid_entry2 *entries, uint32_t nr,
                           uint32_t max, CommonHVFilterMSR *filter_msr);

/* commonhv-test.c */
void commonhv_test_class_init(ObjectClass *oc);

#endif
