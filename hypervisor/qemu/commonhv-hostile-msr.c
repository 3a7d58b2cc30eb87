/*
 * CommonHV: what a hostile host answers to RDMSR and WRMSR
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "commonhv-hostile.h"
#include "qemu/error-report.h"

typedef enum RngFault {
    RNG_HONEST, RNG_ZERO, RNG_STUCK, RNG_ALTERNATE, RNG_GP, RNG_GP_AT_TIMES,
    NR_RNG_FAULTS
} RngFault;

static struct {
    uint64_t seed;
    uint8_t rng;
    bool write_gp;
} plan;

/* The MSRs that the leaves have named; unused ones are ffffffffh, which is watched. */
static uint32_t named[16];
static uint32_t nr_named;
static uint32_t toggle;
static uint32_t taken_accesses;

/*
 * MSRs of others, whatever the leaves say: of the architecture, Hyper-V
 * (and Xen and VMware), KVM; and the index that is none.
 */
static const struct {
    uint32_t first, last;
} taken_ranges[] = {
    { 0x00000000, 0x00001fff }, { 0x40000000, 0x400002ff }, { 0x4b564d00, 0x4b564dff },
    { 0xc0000000, 0xc001ffff }, { 0xffffffff, 0xffffffff },
};
/* Of these, indices at the limits that QEMU and a guest's kernel do not use. */
static const uint32_t taken_msrs[] = {
    0x00001ffe, 0x00001fff, 0x40000005, 0x400000f0, 0x400002ff, 0x4b564dfe,
    0x4b564dff, 0xc001ff00, 0xc001ffff, 0xffffffff,
};
/* And what a guest may touch. */
static const uint32_t free_msrs[] = {
    0x00002000, 0x40000300, 0x4b564cff, 0x4b564e00, 0x4f000000, 0x4f000001,
    0xbfffffff, 0xc0020000, 0xfffffffe, 0x80000000,
};

static uint32_t pick(uint32_t n)
{
    return hostile_pick(HOSTILE_AREA_MSR, n);
}

/* A new plan: at the start of case @nr, or, with 0, in the midst of it. */
void hostile_msrs_begin(uint32_t nr)
{
    if (nr) {
        qatomic_set(&nr_named, 0);
        memset(named, 0xff, sizeof(named));
        qatomic_set(&toggle, 0);
    }
    plan.seed = hostile_draw(HOSTILE_AREA_MSR);
    plan.rng = pick(2) ? RNG_HONEST : pick(NR_RNG_FAULTS);
    plan.write_gp = !pick(3);
}

static bool is_named(uint32_t msr)
{
    for (int i = 0; i < ARRAY_SIZE(named); i++) {
        if (msr == qatomic_read(&named[i])) {
            return true;
        }
    }
    return false;
}

/* A leaf names @msr, on purpose or as part of noise. */
void hostile_note_msr(uint32_t msr)
{
    if (!is_named(msr)) {
        qatomic_set(&named[qatomic_fetch_inc(&nr_named) % ARRAY_SIZE(named)], msr);
    }
}

/* An index for a leaf: one that no guest may touch, or another one than before. */
uint32_t hostile_bad_msr(HostileClass taken, HostileClass moved, uint64_t number)
{
    uint32_t msr;

    if (number & 1) {
        msr = taken_msrs[(number >> 8) % ARRAY_SIZE(taken_msrs)];
        hostile_served(taken);
    } else {
        msr = free_msrs[(number >> 8) % ARRAY_SIZE(free_msrs)];
        hostile_served(moved);
    }
    return msr;
}

static bool is_watched(uint32_t msr)
{
    for (int i = 0; i < ARRAY_SIZE(taken_msrs); i++) {
        if (msr == taken_msrs[i]) {
            return true;
        }
    }
    return false;
}

/* Only where QEMU has no such MSR itself. */
bool hostile_has_msr(uint32_t msr)
{
    return hostile_is_active() && (is_watched(msr) || is_named(msr));
}

/* In draft 2, index 0 is a valid one, and a guest may read what is there. */
static void check_taken(uint32_t msr, bool write)
{
    for (int i = 0; i < ARRAY_SIZE(taken_ranges) && (msr || write); i++) {
        if (msr >= taken_ranges[i].first && msr <= taken_ranges[i].last) {
            error_report("hostile host: the guest %s MSR %08xh at RIP %" PRIx64,
                         write ? "writes" : "reads", msr,
                         (uint64_t)X86_CPU(current_cpu)->env.eip);
            qatomic_inc(&taken_accesses);
        }
    }
}

uint32_t hostile_taken_accesses(void)
{
    return qatomic_read(&taken_accesses);
}

static bool random_value(uint64_t *value)
{
    *value = hostile_draw(HOSTILE_AREA_MSR);
    switch (plan.rng) {
    case RNG_ZERO:
        *value = 0;
        hostile_served(HOSTILE_MSR_ZERO);
        return true;
    case RNG_STUCK:
        *value = plan.seed;
        hostile_served(HOSTILE_MSR_STUCK);
        return true;
    case RNG_ALTERNATE:
        *value = qatomic_fetch_inc(&toggle) & 1 ? plan.seed : ~0ULL;
        hostile_served(HOSTILE_MSR_ALTERNATE);
        return true;
    case RNG_GP:
        hostile_served(HOSTILE_MSR_GP);
        return false;
    case RNG_GP_AT_TIMES:
        hostile_served(HOSTILE_MSR_GP_AT_TIMES);
        return pick(3);
    default:
        hostile_served(HOSTILE_MSR_HONEST);
        return true;
    }
}

/* False: #GP */
bool hostile_rdmsr(uint32_t msr, uint64_t *value)
{
    check_taken(msr, false);
    if (commonhv_is_generation_msr(msr) && hostile_generation(value)) {
        return true;
    }
    return random_value(value);
}

bool hostile_wrmsr(uint32_t msr)
{
    check_taken(msr, true);
    if (plan.write_gp) {
        hostile_served(HOSTILE_MSR_WRITE_GP);
    }
    return !plan.write_gp;
}
