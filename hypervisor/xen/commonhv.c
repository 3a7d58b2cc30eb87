/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CommonHV: what Xen answers.
 *
 *   leaf       subleaf  answer
 *   4F000000H           EAX = highest leaf; EBX, ECX, EDX = "CommonHVIntf"
 *   4F000001H  0        EAX = N, the number of interfaces
 *   4F000001H  1 to N   EAX = where it is; EBX, ECX, EDX = its signature
 *   4F000002H           EAX = 1 if there is an RNG MSR, else 0
 *   4F000003H           EAX = index of the RNG MSR, or 0
 *   4F000004H           draft 3: EAX = 3
 *   4F000005H           draft 3: 0, as there is no generation
 *
 * All else is zero. Nothing depends on the hypervisor bit, which some guests
 * have hidden from them and yet use Xen's or Viridian's interface.
 */

#include <xen/err.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/sched.h>

#include <asm/commonhv.h>
#include <asm/cpuid.h>
#include <asm/x86_emulate.h>

/*
 * Off by default: what a domain sees must not change when the hypervisor below
 * it is updated, or when it migrates between updated and other hosts.
 */
static bool __ro_after_init opt_commonhv;
boolean_param("commonhv", opt_commonhv);

static unsigned int __ro_after_init opt_draft = 2;

static int __init cf_check parse_commonhv_draft(const char *s)
{
    const char *end;
    unsigned long draft = simple_strtoul(s, &end, 10);

    if ( *end || draft < 2 || draft > 3 )
        return -EINVAL;

    opt_draft = draft;

    return 0;
}
custom_param("commonhv-draft", parse_commonhv_draft);

enum commonhv_rng_mode {
    RNG_OFF,
    RNG_POOL,
    RNG_GENERATOR,
};
static enum commonhv_rng_mode __ro_after_init opt_rng = RNG_POOL;

static int __init cf_check parse_commonhv_rng(const char *s)
{
    if ( !strcmp(s, "pool") )
        opt_rng = RNG_POOL;
    else if ( !strcmp(s, "generator") )
        opt_rng = RNG_GENERATOR;
    else if ( !parse_bool(s, NULL) )
        opt_rng = RNG_OFF;
    else
        return -EINVAL;

    return 0;
}
custom_param("commonhv-rng", parse_commonhv_rng);

/* Before the first domain is made. */
static int __init cf_check commonhv_init(void)
{
    const char *source = commonhv_seed_source();

    if ( !opt_commonhv )
        return 0;

    if ( opt_rng != RNG_OFF && !commonhv_rng_self_test() )
    {
        printk(XENLOG_ERR "CommonHV: ChaCha20 fails its self-test, no RNG\n");
        opt_rng = RNG_OFF;
    }
    else if ( opt_rng != RNG_OFF && !source )
    {
        printk(XENLOG_WARNING
               "CommonHV: neither RDSEED nor RDRAND on this processor, no RNG\n");
        opt_rng = RNG_OFF;
    }

    if ( opt_rng == RNG_OFF )
        printk("CommonHV: draft %u, RNG off\n", opt_draft);
    else
        printk("CommonHV: draft %u, RNG %s, from %s\n", opt_draft,
               opt_rng == RNG_POOL ? "pool" : "generator", source);

    return 0;
}
__initcall(commonhv_init);

/*
 * The interface at @location, as CPUID has it for this domain: the toolstack
 * decides whether there is Viridian, and that moves Xen's.
 */
static bool commonhv_interface_at(const struct vcpu *v, uint32_t location,
                                  struct cpuid_leaf *res)
{
    guest_cpuid(v, location, 0, res);
    res->a = location;

    return res->b || res->c || res->d;
}

/* Subleaf 0: how many there are. The one that Xen prefers, its own, is first. */
static void commonhv_interfaces(const struct vcpu *v, uint32_t subleaf,
                                struct cpuid_leaf *res)
{
    static const uint32_t locations[] = { 0x40000100, 0x40000000 };
    struct cpuid_leaf entry;
    unsigned int i, nr = 0;

    for ( i = 0; i < ARRAY_SIZE(locations); i++ )
        if ( commonhv_interface_at(v, locations[i], &entry) &&
             ++nr == subleaf )
            *res = entry;

    if ( !subleaf )
        res->a = nr;
}

void commonhv_cpuid(const struct vcpu *v, uint32_t leaf, uint32_t subleaf,
                    struct cpuid_leaf *res)
{
    const struct domain *d = v->domain;

    if ( !opt_commonhv )
        return;

    switch ( leaf )
    {
    case COMMONHV_CPUID_BASE:
        /* Also without an RNG: with 4F000002H it would look like draft 1. */
        res->a = opt_draft == 2 ? COMMONHV_CPUID_RNG
                                : COMMONHV_CPUID_GENERATION;
        res->b = COMMONHV_CPUID_SIGNATURE_EBX;
        res->c = COMMONHV_CPUID_SIGNATURE_ECX;
        res->d = COMMONHV_CPUID_SIGNATURE_EDX;
        break;

    case COMMONHV_CPUID_INTERFACES:
        commonhv_interfaces(v, subleaf, res);
        break;

    case COMMONHV_CPUID_FEATURES:
        if ( d->arch.commonhv_rng )
            res->a = COMMONHV_FEAT_RNG;
        break;

    case COMMONHV_CPUID_RNG:
        if ( d->arch.commonhv_rng )
            res->a = COMMONHV_MSR_RNG;
        break;

    case COMMONHV_CPUID_VERSION:
        /*
         * No generation: a domain that migrates live has to keep its own, and
         * only the toolstack knows a migration from a restore.
         */
        if ( opt_draft == 3 )
            res->a = COMMONHV_VERSION_3;
        break;
    }
}

/* Without an RNG the MSR does not exist, and is left to who handles others. */
int commonhv_rdmsr(struct domain *d, uint64_t *val)
{
    if ( !d->arch.commonhv_rng )
        return X86EMUL_UNHANDLEABLE;

    *val = commonhv_rng_take(d->arch.commonhv_rng);

    return X86EMUL_OKAY;
}

/* What a domain offers is worth nothing to others: feature bit 1 is clear. */
int commonhv_wrmsr(const struct domain *d)
{
    return d->arch.commonhv_rng ? X86EMUL_EXCEPTION : X86EMUL_UNHANDLEABLE;
}

/* False: there is no seed, and the RNG is as it was. */
static bool commonhv_fill(const struct domain *d, struct commonhv_rng *rng)
{
    uint32_t seed[CHACHA20_KEY_WORDS];

    if ( !commonhv_seed(seed) )
    {
        printk(XENLOG_G_WARNING
               "%pd: CommonHV: %s gives no random numbers\n",
               d, commonhv_seed_source());
        return false;
    }

    commonhv_rng_fill(rng, opt_rng == RNG_GENERATOR, seed);

    return true;
}

/*
 * A domain that is restored or migrates in is a new domain for Xen, and comes here,
 * too. No random numbers: no RNG is announced.
 */
int commonhv_domain_init(struct domain *d)
{
    struct commonhv_rng *rng;

    if ( !opt_commonhv || opt_rng == RNG_OFF )
        return 0;

    rng = xzalloc(struct commonhv_rng);
    if ( !rng )
        return -ENOMEM;

    spin_lock_init(&rng->lock);

    if ( commonhv_fill(d, rng) )
        d->arch.commonhv_rng = rng;
    else
        xfree(rng);

    return 0;
}

/*
 * The domain remains, and so must what it sees. Where the source fails, it keeps
 * what is left of its pool.
 */
void commonhv_domain_soft_reset(struct domain *d)
{
    if ( d->arch.commonhv_rng )
        commonhv_fill(d, d->arch.commonhv_rng);
}

void commonhv_domain_destroy(struct domain *d)
{
    if ( d->arch.commonhv_rng )
        commonhv_wipe(d->arch.commonhv_rng, sizeof(*d->arch.commonhv_rng));
    XFREE(d->arch.commonhv_rng);
}
