/*
 * CommonHV: hypervisor discovery by CPUID, and a random number MSR
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The files:
 *
 *   commonhv.c             what CPUID answers
 *   commonhv-list.c        the list of interfaces
 *   commonhv-msr.c         the random number MSR, and which index it may have
 *   commonhv-generation.c  the number that changes when the machine is loaded
 *   commonhv-load.c        when that is
 *   commonhv-kvm.c         the same answers through KVM's tables and MSR filter
 *   commonhv-config.c      the properties of the CPU
 */

#ifndef TARGET_I386_COMMONHV_H
#define TARGET_I386_COMMONHV_H

/* The ABI. */

#define COMMONHV_CPUID_BASE         0x4f000000
#define COMMONHV_CPUID_INTERFACES   0x4f000001
#define COMMONHV_CPUID_FEATURES     0x4f000002
#define COMMONHV_CPUID_RNG          0x4f000003  /* draft 2 */
#define COMMONHV_CPUID_VERSION      0x4f000004  /* draft 3 */
#define COMMONHV_CPUID_GENERATION   0x4f000005  /* draft 3 */
#define COMMONHV_CPUID_LAST         0x4fffffff

#define COMMONHV_FEAT_RNG           0x1         /* draft 2 */
#define COMMONHV_FEAT_RNG_INPUT     0x2         /* draft 2 */

#define COMMONHV_VERSION_LEAF       0x1         /* the next leaf has it */
#define COMMONHV_VERSION_MSR        0x2         /* an MSR has it */

#define COMMONHV_SIGNATURE_EBX      0x6d6d6f43  /* "Comm" */
#define COMMONHV_SIGNATURE_ECX      0x56486e6f  /* "onHV" */
#define COMMONHV_SIGNATURE_EDX      0x66746e49  /* "Intf" */

/* Where hypervisors have always put their leaves, 100H apart. */
#define CPUID_HYPERVISOR_FIRST      0x40000000
#define CPUID_HYPERVISOR_SCAN_LAST  0x4000ffff

/* The implementation. */

#define COMMONHV_MAX_INTERFACES     512
#define COMMONHV_MAX_INTERFACES_3   256         /* draft 3 */
#define COMMONHV_DEFAULT_RNG_MSR    0x4f000000
#define COMMONHV_DEFAULT_GENERATION_MSR 0x4f000001

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

typedef enum CommonHVGeneration {
    COMMONHV_GENERATION_AUTO,
    COMMONHV_GENERATION_OFF,
    COMMONHV_GENERATION_MSR,
    COMMONHV_GENERATION_ON,
    COMMONHV_GENERATION__MAX,
} CommonHVGeneration;

/**
 * CommonHVConfig: the properties of a CPU, as the user gave them
 *
 * @generation_value: the first one; 0 if it is to be drawn
 * @interfaces: NULL stands for what the accelerator really offers
 */
typedef struct CommonHVConfig {
    bool enabled;
    bool rng;
    OnOffAuto rng_input;
    CommonHVGeneration generation;
    uint8_t draft;
    uint32_t rng_msr;
    uint32_t generation_msr;
    uint64_t generation_value;
    char *interfaces;
} CommonHVConfig;

/**
 * CommonHV: what the machine offers, the same on each of its CPUs
 *
 * Written before the first CPU runs and constant from then on, so CPUs read it
 * without a lock. Only the generation changes, while all CPUs are stopped.
 *
 * @rng_input: @config.rng_input, decided
 * @has_leaf, @has_msr: where the guest finds the generation
 * @generation: not 0 if it is anywhere
 */
typedef struct CommonHV {
    CommonHVConfig config;
    bool rng_input;
    bool has_leaf;
    bool has_msr;
    uint64_t generation;
    uint32_t nr_interfaces;
    CommonHVInterface interfaces[COMMONHV_MAX_INTERFACES];
} CommonHV;

extern CommonHV commonhv;

/* commonhv.c */
CommonHVRegs commonhv_leaf(uint32_t leaf, uint32_t subleaf);
CommonHVRegs commonhv_interface_leaf(const CommonHVInterface *iface,
                                     uint32_t leaf);
bool commonhv_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t *eax,
                    uint32_t *ebx, uint32_t *ecx, uint32_t *edx);

/* commonhv-list.c */
bool commonhv_parse_interfaces(const char *text, int draft, Error **errp);
void commonhv_add_native(uint32_t location, const uint32_t signature[3]);

/* commonhv-msr.c */
uint32_t commonhv_features(void);
CommonHVRegs commonhv_rng_leaf(void);
bool commonhv_has_msr(uint32_t msr);
bool commonhv_rdmsr(uint32_t msr, uint64_t *value);
bool commonhv_wrmsr(uint32_t msr, uint64_t value);
bool commonhv_check_msr(const CommonHVConfig *config, const char *property,
                        uint32_t msr, uint32_t preset, Error **errp);
bool commonhv_configure_rng(const CommonHVConfig *config, Error **errp);

/* commonhv-generation.c */
CommonHVRegs commonhv_version_leaf(void);
CommonHVRegs commonhv_generation_leaf(void);
bool commonhv_is_generation_msr(uint32_t msr);
bool commonhv_new_generation(Error **errp);
bool commonhv_configure_generation(const CommonHVConfig *config, Error **errp);
void commonhv_generation_class_init(ObjectClass *oc);

/* commonhv-load.c */
void commonhv_watch_loads(void);

/* commonhv-config.c */
bool commonhv_realize(X86CPU *cpu, Error **errp);
void commonhv_class_init(ObjectClass *oc);

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
                           uint32_t max, CommonHVFilterMSR *filter);

#endif
