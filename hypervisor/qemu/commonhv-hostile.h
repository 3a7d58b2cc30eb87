/*
 * CommonHV: a host that answers with structured nonsense, for testing guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All that such a host does follows from the number of a case: see
 * commonhv-hostile.c. Included by devices as well, so no cpu.h here.
 */

#ifndef TARGET_I386_COMMONHV_HOSTILE_H
#define TARGET_I386_COMMONHV_HOSTILE_H

/*
 * What is served, by the name under which it is counted. The guest's program
 * tests that each was, so a class that cannot happen has no place here.
 */
#define HOSTILE_CLASSES(X) \
    X(LEAF_HONEST, "leaf-honest") \
    X(LEAF_DRAFT_1, "leaf-draft-1") \
    X(LEAF_DRAFT_2, "leaf-draft-2") \
    X(LEAF_DRAFT_3, "leaf-draft-3") \
    X(LEAF_ZERO, "leaf-zero") \
    X(LEAF_BIT, "leaf-bit") \
    X(LEAF_NOISE, "leaf-noise") \
    X(LEAF_CHANGING, "leaf-changing") \
    X(LEAF_MAX, "leaf-max") \
    X(LEAF_SIGNATURE, "leaf-signature") \
    X(LEAF_RESERVED, "leaf-reserved") \
    X(LIST_COUNT, "list-count") \
    X(LIST_HOLE, "list-hole") \
    X(LIST_LOCATION, "list-location") \
    X(LIST_SIGNATURE, "list-signature") \
    X(LIST_ENDLESS, "list-endless") \
    X(LIST_UNANSWERED, "list-unanswered") \
    X(FEATURES, "leaf-features") \
    X(RNG_TAKEN, "leaf-rng-taken") \
    X(RNG_MOVED, "leaf-rng-moved") \
    X(VERSION_NUMBER, "leaf-version-number") \
    X(VERSION_BITS, "leaf-version-bits") \
    X(GENERATION_TAKEN, "leaf-gen-taken") \
    X(GENERATION_ZERO, "leaf-gen-zero") \
    X(GENERATION_MOVED, "leaf-gen-moved") \
    X(MSR_HONEST, "msr-honest") \
    X(MSR_ZERO, "msr-zero") \
    X(MSR_STUCK, "msr-stuck") \
    X(MSR_ALTERNATE, "msr-alternate") \
    X(MSR_GP, "msr-gp") \
    X(MSR_GP_AT_TIMES, "msr-gp-at-times") \
    X(MSR_WRITE_GP, "msr-write-gp") \
    X(USED_HONEST, "used-honest") \
    X(USED_ZERO, "used-zero") \
    X(USED_ONE, "used-one") \
    X(USED_SHORTER, "used-shorter") \
    X(USED_LONGER, "used-longer") \
    X(USED_HUGE, "used-huge") \
    X(USED_STUCK, "used-stuck") \
    X(USED_TWICE, "used-twice") \
    X(USED_BAD_ID, "used-bad-id") \
    X(USED_FREE_ID, "used-free-id") \
    X(USED_REVERSED, "used-reversed") \
    X(USED_LATE, "used-late") \
    X(USED_NEVER, "used-never") \
    X(USED_INDEX, "used-index") \
    X(RNG_INTERRUPT, "used-no-answer") \
    X(RNG_CONFIG, "used-config-change") \
    X(RNG_NEEDS_RESET, "used-needs-reset") \
    X(ID_NEW, "id-new") \
    X(ID_SAME, "id-same") \
    X(ID_SILENT, "id-silent") \
    X(ID_ZERO, "id-zero") \
    X(ID_ONES, "id-ones") \
    X(ID_BACK, "id-back") \
    X(CLOCK_HONEST, "clock-honest") \
    X(CLOCK_SAME, "clock-same") \
    X(CLOCK_SILENT, "clock-silent") \
    X(CLOCK_BACK, "clock-back") \
    X(CLOCK_ODD, "clock-odd") \
    X(CLOCK_MAGIC, "clock-magic") \
    X(CLOCK_SIZE, "clock-size") \
    X(CLOCK_VERSION, "clock-version") \
    X(CLOCK_FLAGS, "clock-flags") \
    X(CLOCK_NOISE, "clock-noise") \
    X(CLOCK_GONE, "clock-gone") \
    X(ADDR_GOOD, "addr-good") \
    X(ADDR_NO_PACKAGE, "addr-no-package") \
    X(ADDR_COUNT, "addr-count") \
    X(ADDR_TYPE, "addr-type") \
    X(ADDR_WIDE, "addr-wide") \
    X(ADDR_ZERO, "addr-zero") \
    X(ADDR_UNALIGNED, "addr-unaligned") \
    X(ADDR_BEYOND, "addr-beyond") \
    X(ADDR_NOWHERE, "addr-nowhere") \
    X(ADDR_RAM, "addr-ram") \
    X(ADDR_EDGE, "addr-edge") \
    X(ADDR_RANDOM, "addr-random") \
    X(CRS_GOOD, "crs-good") \
    X(CRS_BUFFER, "crs-no-buffer") \
    X(CRS_CUT, "crs-cut") \
    X(CRS_BYTE, "crs-byte") \
    X(CRS_RANGE, "crs-range")

typedef enum HostileClass {
#define X(_id, _name) HOSTILE_##_id,
    HOSTILE_CLASSES(X)
#undef X
    HOSTILE_NR_CLASSES
} HostileClass;

/* Each has numbers of its own, so that the answers of one do not move another's. */
typedef enum HostileArea {
    HOSTILE_AREA_LEAF,
    HOSTILE_AREA_MSR,
    HOSTILE_AREA_RNG,
    HOSTILE_AREA_ID,
    HOSTILE_AREA_CLOCK,
    HOSTILE_AREA_ADDR,
    HOSTILE_AREA_EVENT,
    HOSTILE_NR_AREAS
} HostileArea;

/* commonhv-hostile.c; all may be called on any thread. */
bool hostile_is_active(void);
uint64_t hostile_draw(HostileArea area);
uint32_t hostile_pick(HostileArea area, uint32_t n);
bool hostile_one_in(HostileArea area, uint32_t n);
void hostile_served(HostileClass class);
void hostile_add_properties(ObjectClass *oc);
bool hostile_control(uint32_t leaf, uint32_t arg, uint32_t regs[4]);

/* commonhv-hostile-leaves.c */
void hostile_leaves_begin(uint32_t nr);
bool hostile_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t regs[4]);
bool hostile_generation(uint64_t *value);

/* commonhv-hostile-msr.c */
void hostile_msrs_begin(uint32_t nr);
uint32_t hostile_bad_msr(HostileClass taken, HostileClass moved, uint64_t number);
void hostile_note_msr(uint32_t msr);
bool hostile_has_msr(uint32_t msr);
bool hostile_rdmsr(uint32_t msr, uint64_t *value);
bool hostile_wrmsr(uint32_t msr);
uint32_t hostile_taken_accesses(void);

/* commonhv-hostile-forks.c; under the big lock */
void hostile_forks_event(void);
void hostile_forks_end(void);
void hostile_forks_realize(void);

/* commonhv-hostile-rng.c; under the big lock */
struct VirtIORNG;
void hostile_rng_answer(struct VirtIORNG *vrng, const uint8_t *buf, size_t size);
void hostile_rng_event(void);
void hostile_rng_reset(struct VirtIORNG *vrng);
void hostile_rng_end(void);

/* vmclock-hostile.c; under the big lock */
void vmclock_hostile_event(void);
void vmclock_hostile_end(void);

#endif
