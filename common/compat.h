/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one place that knows kernel versions. The code is written to the newest
 * API; each shim here names the release and the change that it stands for.
 */
#ifndef COMMON_COMPAT_H
#define COMMON_COMPAT_H

#include <linux/version.h>
#include <linux/random.h>
#include <linux/hw_random.h>
#include <linux/mm.h>

/* 6.16 moved the CPUID accessors out of asm/processor.h. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#include <asm/cpuid/api.h>
#else
#include <asm/processor.h>
#endif

/*
 * 6.2 gave add_hwgenerator_randomness() @sleep_after. Without it the call
 * always throttles its caller, which must be a kthread: it asks
 * kthread_should_stop() and may sleep for a minute.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static inline void
chv_compat_add_hwgenerator_randomness(const void *buf, size_t len,
				      size_t entropy, bool sleep_after)
{
	add_hwgenerator_randomness(buf, len, entropy);
}

#define add_hwgenerator_randomness chv_compat_add_hwgenerator_randomness
#endif

/*
 * The least quality that a hwrng can register with. 6.2 made 0 mean the default,
 * 1024. Before 6.2 it means none, and such a hwrng displaces no other one.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define CHV_COMPAT_HWRNG_QUALITY_LEAST	0
#else
#define CHV_COMPAT_HWRNG_QUALITY_LEAST	1
#endif

/* 6.3 made the device that a bus's uevent callback gets const. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define chv_compat_uevent_const
#else
#define chv_compat_uevent_const const
#endif

/* Buses are const in 6.12, and not in 6.1; not const is right with both. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define chv_compat_bus_type struct bus_type
#else
#define chv_compat_bus_type const struct bus_type
#endif

/* 6.3 made the flags of a VMA writable through accessors alone. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_mod(struct vm_area_struct *vma,
				unsigned long set, unsigned long clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif

/*
 * No version, but a configuration: the kernel's function for a fork is there if
 * its VM generation ID driver is, and exported if that is a module.
 */
typedef void (*chv_compat_vmfork_fn)(const void *unique_vm_id, size_t len);

#if IS_MODULE(CONFIG_VMGENID)
#define CHV_COMPAT_VMFORK_FN add_vmfork_randomness
#else
#define CHV_COMPAT_VMFORK_FN NULL
#endif

static inline chv_compat_vmfork_fn chv_compat_get_vmfork_fn(void)
{
	return CHV_COMPAT_VMFORK_FN;
}

#endif /* COMMON_COMPAT_H */
