/*
 * CommonHV: the MSRs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "qapi/error.h"
#include "qemu/guest-random.h"
#include "system/kvm.h"

/*
 * MSRs that exist, or that some guest takes for another one. Those of CommonHV
 * must not hide them, and some never reach QEMU's handler on KVM: a guest would
 * take a constant for a random number.
 */
static const struct {
    uint32_t first, last;
    bool may_be_free;   /* on TCG, and in drafts 1 and 2 */
    const char *owner;
} msr_owners[] = {
    { 0x00000000, 0x00001fff, false, "architectural MSRs and the x2APIC" },
    { 0x40000000, 0x400002ff, true,  "Hyper-V and Xen emulation" },
    { 0x4b564d00, 0x4b564dff, false, "KVM's paravirtual MSRs" },
    { 0xc0000000, 0xc001ffff, false, "AMD's MSRs" },
    /* One past it, where ranges end, is index 0. */
    { 0xffffffff, 0xffffffff, false, "no filter range can end there" },
};

/* Whether @msr may be one of CommonHV's. */
bool commonhv_check_msr(const CommonHVConfig *config, const char *property,
                        uint32_t msr, uint32_t preset, Error **errp)
{
    bool may_be_free = !kvm_enabled() && config->draft < 3;

    for (int i = 0; i < ARRAY_SIZE(msr_owners); i++) {
        if (msr >= msr_owners[i].first && msr <= msr_owners[i].last &&
            !(may_be_free && msr_owners[i].may_be_free)) {
            error_setg(errp, "%s: %" PRIX32 "H is taken (%s); the default is "
                       "%" PRIX32 "H", property, msr, msr_owners[i].owner,
                       preset);
            return false;
        }
    }
    return true;
}

uint32_t commonhv_features(void)
{
    const CommonHVConfig *config = &commonhv.config;
    uint32_t input = commonhv.rng_input ? COMMONHV_FEAT_RNG_INPUT : 0;

    if (!config->rng) {
        return 0;
    }
    return config->draft == 1 ? config->rng_msr : COMMONHV_FEAT_RNG | input;
}

CommonHVRegs commonhv_rng_leaf(void)
{
    const CommonHVConfig *config = &commonhv.config;

    return (CommonHVRegs) { .eax = config->rng ? config->rng_msr : 0 };
}

static bool commonhv_is_rng_msr(uint32_t msr)
{
    return commonhv.config.enabled && commonhv.config.rng &&
           msr == commonhv.config.rng_msr;
}

/* Whether commonhv_rdmsr() and commonhv_wrmsr() serve an MSR. */
bool commonhv_has_msr(uint32_t msr)
{
    return commonhv_is_rng_msr(msr) || commonhv_is_generation_msr(msr);
}

/*
 * The guest reads one of the MSRs. False: #GP, which never happens here; when
 * there is no randomness left the RNG MSR returns zero.
 *
 * Each random number is fresh. Nothing is prepared in advance, so there is no
 * state that a snapshot could carry into two machines.
 */
bool commonhv_rdmsr(uint32_t msr, uint64_t *value)
{
    if (commonhv_is_generation_msr(msr)) {
        *value = qatomic_read_u64(&commonhv.generation);
    } else if (qemu_guest_getrandom(value, sizeof(*value), NULL) < 0) {
        *value = 0;
    }
    return true;
}

/*
 * The guest offers entropy, or writes the generation. False: #GP, which draft 2
 * allows when the feature bit is clear.
 *
 * The value is dropped: the host's generator has better sources, and whatever
 * a guest sends is chosen by that guest. A hypervisor that does use it must mix
 * it, never let it replace state, and keep it from other guests.
 */
bool commonhv_wrmsr(uint32_t msr, uint64_t value)
{
    return commonhv_is_rng_msr(msr) && commonhv.rng_input;
}

/* Values that a guest offers are dropped, so draft 3 does not ask for them. */
bool commonhv_configure_rng(const CommonHVConfig *config, Error **errp)
{
    if (config->draft == 1 && config->rng_input == ON_OFF_AUTO_OFF) {
        error_setg(errp, "commonhv-rng-input=off needs commonhv-draft=2 or 3: "
                   "draft 1 has no way to refuse input");
        return false;
    }
    commonhv.rng_input = config->rng_input == ON_OFF_AUTO_AUTO
                         ? config->draft < 3
                         : config->rng_input == ON_OFF_AUTO_ON;
    return commonhv_check_msr(config, "commonhv-rng-msr", config->rng_msr,
                              COMMONHV_DEFAULT_RNG_MSR, errp);
}
