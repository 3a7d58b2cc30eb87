/*
 * CommonHV: a host that answers with structured nonsense, for testing guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A case has a number, and all that the host says in it is drawn from a generator
 * that begins with that number: mostly a valid answer in which something is
 * wrong, sometimes noise. Each area has numbers of its own, and a number is drawn
 * for each access of the guest. So a case gives the same answers to the same
 * accesses. When an event comes between them depends on how fast the guest runs,
 * unless x-commonhv-hostile-timer=off leaves those that the guest asks for.
 *
 * With x-commonhv-hostile=on, the guest's program gives the number, by CPUID:
 *
 *   4FFFFF00H  ECX = number of the case, 0 for an honest host
 *   4FFFFF01H  ECX = 0: something happens now
 *   4FFFFF02H  ECX = class: EAX = how often it was served; its name, 12 bytes
 *   4FFFFF03H  the same: the rest of its name, 16 bytes
 *   4FFFFF04H  EAX = number of classes, EBX = accesses of MSRs that no guest may
 *              touch, whatever the leaves say; "host" in ECX
 *
 * That costs the guest one instruction, and no driver.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "commonhv-hostile.h"
#include "qapi/error.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"

#define CONTROL_CASE    0x4fffff00
#define CONTROL_EVENT   0x4fffff01
#define CONTROL_COUNT   0x4fffff02
#define CONTROL_NAME    0x4fffff03
#define CONTROL_INFO    0x4fffff04

static const char *const class_names[] = {
#define X(_id, _name) [HOSTILE_##_id] = _name,
    HOSTILE_CLASSES(X)
#undef X
};

static bool enabled;
static bool timer_enabled = true;
static uint32_t case_nr;
static uint32_t served[HOSTILE_NR_CLASSES];
static QEMUTimer *event_timer;

/* CPUs and the main loop draw side by side. */
static GMutex lock;     /* needs no initialisation */
static uint64_t states[HOSTILE_NR_AREAS];

bool hostile_is_active(void)
{
    return qatomic_read(&case_nr);
}

/* splitmix64 */
static uint64_t scramble(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

uint64_t hostile_draw(HostileArea area)
{
    uint64_t state;

    g_mutex_lock(&lock);
    state = states[area] += 0x9e3779b97f4a7c15ULL;
    g_mutex_unlock(&lock);
    return scramble(state);
}

/* 0 to @n - 1 */
uint32_t hostile_pick(HostileArea area, uint32_t n)
{
    return (hostile_draw(area) >> 32) * n >> 32;
}

bool hostile_one_in(HostileArea area, uint32_t n)
{
    return !hostile_pick(area, n);
}

void hostile_served(HostileClass class)
{
    qatomic_inc(&served[class]);
}

static void arm_event(void)
{
    if (!timer_enabled) {
        return;
    }
    timer_mod(event_timer, qemu_clock_get_us(QEMU_CLOCK_VIRTUAL) +
                           1000 + hostile_pick(HOSTILE_AREA_EVENT, 30000));
}

/* Something changes while the guest runs. */
static void event(void)
{
    switch (hostile_pick(HOSTILE_AREA_EVENT, 4)) {
    case 0:
        hostile_forks_event();
        break;
    case 1:
        vmclock_hostile_event();
        break;
    case 2:
        hostile_rng_event();
        break;
    default:
        hostile_leaves_begin(0);
        break;
    }
}

static void event_timed(void *opaque)
{
    if (hostile_is_active()) {
        event();
        arm_event();
    }
}

static void begin(uint32_t nr)
{
    qatomic_set(&case_nr, 0);
    hostile_rng_end();
    if (!nr) {
        hostile_forks_end();
        vmclock_hostile_end();
        timer_del(event_timer);
        return;
    }
    g_mutex_lock(&lock);
    for (int i = 0; i < HOSTILE_NR_AREAS; i++) {
        states[i] = scramble(((uint64_t)nr << 8) + i);
    }
    g_mutex_unlock(&lock);
    hostile_leaves_begin(nr);
    qatomic_set(&case_nr, nr);
    vmclock_hostile_event();
    arm_event();
}

static void name_class(uint32_t class, size_t from, size_t len, uint32_t *regs)
{
    const char *name = class_names[class];

    if (strlen(name) > from) {
        memcpy(regs, name + from, MIN(strlen(name) - from, len));
    }
}

/* The guest executes CPUID. False: it does not speak to this. */
bool hostile_control(uint32_t leaf, uint32_t arg, uint32_t regs[4])
{
    if (!enabled || leaf < CONTROL_CASE || leaf > CONTROL_INFO) {
        return false;
    }
    memset(regs, 0, 4 * sizeof(*regs));
    switch (leaf) {
    case CONTROL_CASE:
    case CONTROL_EVENT:
        bql_lock();
        if (leaf == CONTROL_CASE) {
            begin(arg);
        } else if (hostile_is_active()) {
            event();
        }
        bql_unlock();
        break;
    case CONTROL_COUNT:
        if (arg < HOSTILE_NR_CLASSES) {
            regs[0] = qatomic_read(&served[arg]);
            name_class(arg, 0, 12, &regs[1]);
        }
        break;
    case CONTROL_NAME:
        if (arg < HOSTILE_NR_CLASSES) {
            name_class(arg, 12, 16, regs);
        }
        break;
    default:
        regs[0] = HOSTILE_NR_CLASSES;
        regs[1] = hostile_taken_accesses();
        regs[2] = 0x74736f68;
        break;
    }
    return true;
}

static bool get_enabled(Object *obj, Error **errp)
{
    return enabled;
}

static void set_enabled(Object *obj, bool value, Error **errp)
{
    if (value && !enabled) {
        event_timer = timer_new_us(QEMU_CLOCK_VIRTUAL, event_timed, NULL);
        hostile_forks_realize();
    }
    enabled |= value;
}

static bool get_timer_enabled(Object *obj, Error **errp)
{
    return timer_enabled;
}

static void set_timer_enabled(Object *obj, bool value, Error **errp)
{
    timer_enabled = value;
}

void hostile_add_properties(ObjectClass *oc)
{
    object_class_property_add_bool(oc, "x-commonhv-hostile", get_enabled,
                                   set_enabled);
    object_class_property_add_bool(oc, "x-commonhv-hostile-timer",
                                   get_timer_enabled, set_timer_enabled);
}
