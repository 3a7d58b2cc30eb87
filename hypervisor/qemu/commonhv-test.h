/*
 * CommonHV: help for testing guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TARGET_I386_COMMONHV_TEST_H
#define TARGET_I386_COMMONHV_TEST_H

#include "qemu/atomic.h"
#include "qemu/stats64.h"

/* What misbehaves. The names are in commonhv-test-properties.c. */
enum {
    LIST_OK,
    LIST_LITERAL,
    LIST_TOO_LARGE,
    LIST_HUGE,
    LIST_TRUNCATED,
    LIST_RESERVED,
    LIST_NO_ANSWER,
    LIST_OUTSIDE,
};

enum {
    LEAF_OK,
    LEAF_MAX_LEAF_LOW,
    LEAF_MAX_LEAF_HIGH,
    LEAF_NO_RNG_LEAF,
    LEAF_RESERVED,
    LEAF_FEATURE_BITS,
};

enum {
    RNG_OK,
    RNG_ZEROS,
    RNG_POOL,
    RNG_STUCK,
    RNG_ALTERNATE,
    RNG_COUNTING,
    RNG_GP_READ,
    RNG_GP_WRITE,
};

enum {
    VERSION_OK,
    VERSION_0,
    VERSION_2,
    VERSION_4,
    VERSION_100,
    VERSION_RESERVED,
    VERSION_MSR_APIC,
    VERSION_MSR_RNG,
    VERSION_MSR_LAST,
    VERSION_MAX_LEAF,
};

enum {
    GENERATION_OK,
    GENERATION_ZERO,
    GENERATION_CHANGING,
    GENERATION_DIFFER,
    GENERATION_RESERVED,
    GENERATION_GP_READ,
    GENERATION_WRITABLE,
    GENERATION_STALE,
};

enum {
    MODE_LIST,
    MODE_LEAF,
    MODE_RNG,
    MODE_VERSION,
    MODE_GENERATION,
    NR_MODES,
};

enum {
    /* The first six are those of leaves 4F000000H to 4F000005H. */
    COUNT_CPUID_OTHER = 6,
    COUNT_CPUID_SCAN,
    COUNT_RDMSR,
    COUNT_RDMSR_GENERATION,
    COUNT_WRMSR,
    /* Values that mode "counting" has handed out; the last one's number. */
    COUNT_COUNTED,
    /* No counter, but read and set to 0 as one. */
    LAST_WRMSR_VALUE,
    NR_COUNTERS,
};

/* Read by CPUs while the monitor writes. */
extern int commonhv_modes[NR_MODES];
extern int commonhv_pool_left;
extern Stat64 commonhv_counters[NR_COUNTERS];

/* Once KVM has the CPUID table, nothing can change it. */
extern bool commonhv_cpuid_frozen;

static inline int mode(int which)
{
    return qatomic_read(&commonhv_modes[which]);
}

#endif
