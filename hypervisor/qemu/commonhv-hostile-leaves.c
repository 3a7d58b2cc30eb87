/*
 * CommonHV: what a hostile host answers to CPUID
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "commonhv-hostile.h"

#define NR_LEAVES   (COMMONHV_CPUID_GENERATION - COMMONHV_CPUID_BASE + 1)

typedef enum Fault {
    FAULT_NONE,
    FAULT_FIELD,        /* a field has a value that is at, or beyond, a limit */
    FAULT_BIT,          /* one bit is another one */
    FAULT_ZERO,
    FAULT_NOISE,
    FAULT_CHANGING,     /* another answer at each read */
} Fault;

/*
 * What holds until something changes. CPUs read it while the main loop, or another
 * CPU, replaces it: a mixture of two plans is as good as any.
 */
static struct {
    uint32_t draft;
    uint32_t seed;              /* answers that do not change are drawn from it */
    uint8_t faults[NR_LEAVES];
    uint64_t generation;
    uint32_t generation_bits;   /* where it is said to be */
    uint32_t list_end;          /* a list without end has one there: devices cost time */
    uint32_t left;              /* accesses until the next plan; 0: for ever */
} plan;

static const uint32_t max_leaves[] = {
    0, 1, COMMONHV_CPUID_BASE - 1, COMMONHV_CPUID_BASE, COMMONHV_CPUID_INTERFACES,
    COMMONHV_CPUID_FEATURES, COMMONHV_CPUID_RNG, COMMONHV_CPUID_VERSION,
    COMMONHV_CPUID_GENERATION, COMMONHV_CPUID_LAST, COMMONHV_CPUID_LAST + 1,
    UINT32_MAX,
};
static const uint32_t counts[] = {
    0, 1, 2, 7, 8, 9, 255, 256, 257, 4096, INT32_MAX, 0x80000000, UINT32_MAX,
};
static const uint32_t locations[] = {
    0, 1, 0x3fffffff, 0x40000000, 0x40000001, 0x4eff0000, 0x4effffff, 0x4f000000,
    0x4f000001, 0x4fffff00, 0x80000000, UINT32_MAX,
};
static const uint32_t versions[] = { 0, 1, 2, 3, 4, 255, 256, UINT32_MAX };

#define PICK(_array) (_array)[hostile_pick(HOSTILE_AREA_LEAF, ARRAY_SIZE(_array))]

static uint32_t pick(uint32_t n)
{
    return hostile_pick(HOSTILE_AREA_LEAF, n);
}

/* What stays the same while the plan does: a number for each leaf and subleaf. */
static uint64_t settled(uint32_t leaf, uint32_t subleaf, uint32_t what)
{
    uint64_t z = ((uint64_t)plan.seed << 32 | leaf) + subleaf * 0x9e3779b97f4a7c15ULL + what;

    z = (z ^ (z >> 33)) * 0xff51afd7ed558ccdULL;
    z = (z ^ (z >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return z ^ (z >> 33);
}

static Fault draw_fault(uint32_t nr)
{
    /* Without the first leaf, a guest looks at no other. */
    uint32_t rare = nr == 0 ? 5 : 2;

    if (pick(rare)) {
        return FAULT_NONE;
    }
    return pick(3) ? FAULT_FIELD : FAULT_BIT + pick(4);
}

/* A new plan: at the start of case @nr, or, with 0, in the midst of it. */
void hostile_leaves_begin(uint32_t nr)
{
    if (nr) {
        plan.draft = 1 + pick(4);
        plan.draft = MIN(plan.draft, 3);
        plan.generation = hostile_draw(HOSTILE_AREA_LEAF);
        plan.generation_bits = 1 + pick(3);
        plan.list_end = pick(8) ? pick(32) : UINT32_MAX;
    }
    plan.seed = hostile_draw(HOSTILE_AREA_LEAF);
    for (int i = 0; i < NR_LEAVES; i++) {
        plan.faults[i] = draw_fault(i);
    }
    plan.left = pick(3) ? 0 : 1 + pick(60);
    hostile_msrs_begin(nr);
}

static CommonHVRegs honest(uint32_t leaf, uint32_t subleaf)
{
    uint32_t first = plan.draft == 1 ? 0 : 1, nr = commonhv.nr_interfaces;
    CommonHVRegs regs = commonhv_leaf(leaf, subleaf);

    switch (leaf) {
    case COMMONHV_CPUID_BASE:
        regs.eax = plan.draft == 3 ? COMMONHV_CPUID_GENERATION
                                   : COMMONHV_CPUID_BASE + 1 + plan.draft;
        break;
    case COMMONHV_CPUID_INTERFACES:
        if (plan.draft == 1 && subleaf <= nr) {
            regs = commonhv_leaf(leaf, subleaf + 1);
        }
        regs.eax = subleaf < first || subleaf - first < nr ? regs.eax : 0;
        break;
    case COMMONHV_CPUID_FEATURES:
        regs.eax = plan.draft == 1 ? commonhv.config.rng_msr
                                   : COMMONHV_FEAT_RNG | COMMONHV_FEAT_RNG_INPUT;
        break;
    case COMMONHV_CPUID_VERSION:
        regs.ebx = plan.generation_bits;
        break;
    case COMMONHV_CPUID_GENERATION:
        regs.eax = plan.generation;
        regs.ebx = plan.generation >> 32;
        break;
    }
    if (leaf > COMMONHV_CPUID_BASE + 1 + plan.draft && plan.draft < 3) {
        return (CommonHVRegs) { 0 };
    }
    return regs;
}

static void fault_base(CommonHVRegs *regs, uint64_t number)
{
    if (number & 3) {
        regs->eax = max_leaves[(number >> 8) % ARRAY_SIZE(max_leaves)];
        hostile_served(HOSTILE_LEAF_MAX);
    } else {
        regs->ebx ^= number >> 16 & 0xff;
        hostile_served(HOSTILE_LEAF_SIGNATURE);
    }
}

static void fault_entry(CommonHVRegs *regs, uint64_t number)
{
    switch (number & 3) {
    case 0:
        *regs = (CommonHVRegs) { 0 };
        hostile_served(HOSTILE_LIST_HOLE);
        break;
    case 1:
        regs->eax = locations[(number >> 8) % ARRAY_SIZE(locations)];
        hostile_served(HOSTILE_LIST_LOCATION);
        break;
    case 2:
        regs->ebx = number >> 8;
        regs->ecx = number >> 24;
        regs->edx = number & 4 ? 0 : number >> 32;
        hostile_served(HOSTILE_LIST_SIGNATURE);
        break;
    default:
        /* As many as the guest asks for. */
        regs->eax = 0x40000000 + (number >> 16 & 0xffff00);
        regs->ebx = regs->ecx = regs->edx = 0x41414141 + (number & 0xffff);
        hostile_served(HOSTILE_LIST_ENDLESS);
        break;
    }
}

static void fault_list(CommonHVRegs *regs, uint32_t subleaf, uint64_t number)
{
    if (plan.draft == 1 || subleaf) {
        fault_entry(regs, number);
    } else if (number & 3) {
        regs->eax = counts[(number >> 8) % ARRAY_SIZE(counts)];
        hostile_served(HOSTILE_LIST_COUNT);
    } else {
        regs->edx = number >> 32;
        hostile_served(HOSTILE_LEAF_RESERVED);
    }
}

static void fault_version(CommonHVRegs *regs, uint64_t number)
{
    switch (number & 3) {
    case 0:
        regs->eax = versions[(number >> 8) % ARRAY_SIZE(versions)];
        hostile_served(HOSTILE_VERSION_NUMBER);
        break;
    case 1:
        regs->ebx = number >> 8 & 1 ? number >> 32 : number >> 9 & 3;
        hostile_served(HOSTILE_VERSION_BITS);
        break;
    default:
        regs->ecx = hostile_bad_msr(HOSTILE_GENERATION_TAKEN, HOSTILE_GENERATION_MOVED,
                            number >> 2);
        break;
    }
}

static void fault_field(CommonHVRegs *regs, uint32_t leaf, uint32_t subleaf,
                        uint64_t number)
{
    switch (leaf) {
    case COMMONHV_CPUID_BASE:
        fault_base(regs, number);
        break;
    case COMMONHV_CPUID_INTERFACES:
        fault_list(regs, subleaf, number);
        break;
    case COMMONHV_CPUID_FEATURES:
        if (plan.draft == 1) {
            regs->eax = hostile_bad_msr(HOSTILE_RNG_TAKEN, HOSTILE_RNG_MOVED, number);
        } else {
            regs->eax = number & 1 ? number >> 8 & 7 : number >> 8;
            hostile_served(HOSTILE_FEATURES);
        }
        break;
    case COMMONHV_CPUID_RNG:
        regs->eax = hostile_bad_msr(HOSTILE_RNG_TAKEN, HOSTILE_RNG_MOVED, number);
        break;
    case COMMONHV_CPUID_VERSION:
        fault_version(regs, number);
        break;
    default:
        if (number & 1) {
            regs->eax = regs->ebx = 0;
            hostile_served(HOSTILE_GENERATION_ZERO);
        } else {
            plan.generation++;
            hostile_served(HOSTILE_GENERATION_MOVED);
        }
        break;
    }
}

static CommonHVRegs noise(uint64_t a, uint64_t b)
{
    return (CommonHVRegs) { a, a >> 32, b, b >> 32 };
}

static void spoil(CommonHVRegs *regs, Fault fault, uint32_t leaf, uint32_t subleaf)
{
    uint64_t number = settled(leaf, subleaf, 0);
    uint32_t *words[] = { &regs->eax, &regs->ebx, &regs->ecx, &regs->edx };

    switch (fault) {
    case FAULT_NONE:
        hostile_served(HOSTILE_LEAF_HONEST);
        break;
    case FAULT_FIELD:
        /* Of a list, some entries. */
        if (leaf == COMMONHV_CPUID_INTERFACES && subleaf && number >> 60 > 4) {
            break;
        }
        fault_field(regs, leaf, subleaf, number);
        break;
    case FAULT_BIT:
        *words[number & 3] ^= 1u << (number >> 2 & 31);
        hostile_served(HOSTILE_LEAF_BIT);
        break;
    case FAULT_ZERO:
        *regs = (CommonHVRegs) { 0 };
        hostile_served(HOSTILE_LEAF_ZERO);
        break;
    case FAULT_NOISE:
        *regs = noise(number, settled(leaf, subleaf, 1));
        hostile_served(HOSTILE_LEAF_NOISE);
        break;
    case FAULT_CHANGING:
        hostile_served(HOSTILE_LEAF_CHANGING);
        if (pick(3)) {
            fault_field(regs, leaf, subleaf, hostile_draw(HOSTILE_AREA_LEAF));
        } else {
            *regs = noise(hostile_draw(HOSTILE_AREA_LEAF),
                          hostile_draw(HOSTILE_AREA_LEAF));
        }
        break;
    }
}

/* Where a leaf names an MSR, the guest may come and touch it. */
static void note_named(const CommonHVRegs *regs, uint32_t leaf)
{
    switch (leaf) {
    case COMMONHV_CPUID_FEATURES:
        if (plan.draft == 1) {
            hostile_note_msr(regs->eax);
        }
        break;
    case COMMONHV_CPUID_RNG:
        hostile_note_msr(regs->eax);
        break;
    case COMMONHV_CPUID_VERSION:
        hostile_note_msr(regs->ecx);
        break;
    default:
        break;
    }
}

static void count_down(void)
{
    if (plan.left && !--plan.left) {
        hostile_leaves_begin(0);
    }
}

/* What is listed does not always answer. */
static bool is_unanswered(uint32_t leaf)
{
    if (leaf < CPUID_HYPERVISOR_FIRST || settled(leaf, 0, 2) % 16) {
        return false;
    }
    hostile_served(HOSTILE_LIST_UNANSWERED);
    return true;
}

/* The guest executes CPUID of a leaf up to 4FFFFFFFH. False: the answer is honest. */
bool hostile_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
    CommonHVRegs answer = { 0 };

    if (!hostile_is_active() || leaf < CPUID_HYPERVISOR_FIRST) {
        return false;
    }
    if (leaf >= COMMONHV_CPUID_BASE && leaf < COMMONHV_CPUID_BASE + NR_LEAVES) {
        count_down();
        answer = honest(leaf, subleaf);
        if (leaf == COMMONHV_CPUID_BASE) {
            hostile_served(HOSTILE_LEAF_DRAFT_1 + plan.draft - 1);
        }
        if (leaf == COMMONHV_CPUID_INTERFACES && subleaf > plan.list_end) {
            regs[0] = regs[1] = regs[2] = regs[3] = 0;
            return true;
        }
        spoil(&answer, plan.faults[leaf - COMMONHV_CPUID_BASE], leaf, subleaf);
        note_named(&answer, leaf);
    } else if (leaf < COMMONHV_CPUID_BASE && !is_unanswered(leaf)) {
        return false;
    }
    regs[0] = answer.eax;
    regs[1] = answer.ebx;
    regs[2] = answer.ecx;
    regs[3] = answer.edx;
    return true;
}

/* Its MSR has the same, unless the leaf is spoiled. */
bool hostile_generation(uint64_t *value)
{
    *value = plan.generation;
    return plan.faults[NR_LEAVES - 1] == FAULT_NONE;
}
