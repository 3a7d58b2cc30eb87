// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "interface.h"
#include "signature.h"

/**
 * commonhv_location_is_valid() - can a hypervisor interface be there?
 * @location: a CPUID leaf
 *
 * Context: any.
 * Return: true in the range that processors leave to hypervisors.
 */
bool commonhv_location_is_valid(u32 location)
{
	return location >= COMMONHV_CPUID_HV_FIRST &&
	       location <= COMMONHV_CPUID_HV_LAST;
}

/**
 * commonhv_interface_init() - an interface that was found but not verified
 * @interface: to be filled
 * @source: how it was found
 * @location: where
 * @regs: its signature in EBX, ECX, EDX
 *
 * Context: any.
 */
void commonhv_interface_init(struct commonhv_interface *interface,
			     enum commonhv_source source, u32 location,
			     const struct commonhv_regs *regs)
{
	interface->location = location;
	interface->max_leaf = 0;
	interface->source = source;
	interface->verified = false;
	memcpy(interface->signature, regs->signature, COMMONHV_SIGNATURE_LEN);
}

/*
 * Old KVM hosts return 0 and mean location + 1 (Linux,
 * Documentation/virt/kvm/x86/cpuid.rst). Other known hypervisors that return 0,
 * such as OpenBSD's vmm, have this one leaf.
 */
static u32 commonhv_interface_max_leaf(const struct commonhv_interface *interface,
				       u32 eax)
{
	if (eax || !commonhv_signature_is_known(interface->signature))
		return eax;
	if (!memcmp(interface->signature, "KVMKVMKVM\0\0", COMMONHV_SIGNATURE_LEN))
		return interface->location + 1;
	return interface->location;
}

/**
 * commonhv_interface_verify() - does the location answer with the signature?
 * @access: the way to the hypervisor
 * @interface: what to look at; @verified and @max_leaf are set
 *
 * Costs one CPUID, and none for a location outside of the range that belongs to
 * hypervisors: what is there would prove nothing.
 *
 * Context: any.
 */
void commonhv_interface_verify(const struct commonhv_access *access,
			       struct commonhv_interface *interface)
{
	struct commonhv_regs regs;

	if (!commonhv_location_is_valid(interface->location))
		return;
	regs = commonhv_access_cpuid(access, interface->location, 0);
	/* A leaf that is absent may read as zero. */
	if (commonhv_regs_signature_is_zero(&regs) ||
	    memcmp(regs.signature, interface->signature, COMMONHV_SIGNATURE_LEN))
		return;
	interface->verified = true;
	interface->max_leaf = commonhv_interface_max_leaf(interface, regs.eax);
}
