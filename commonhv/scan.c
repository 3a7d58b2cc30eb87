// SPDX-License-Identifier: GPL-2.0
/*
 * The scan of the classic range, for hypervisors without CommonHV. The kernel's
 * own scan looks for one signature and stops. Interfaces coexist (KVM with
 * Hyper-V's at 40000000H and its own at 40000100H), so this scan goes on.
 */
#include "scan.h"
#include "signature.h"

/*
 * An absent leaf does not read as zero: Intel processors, KVM and TCG answer
 * with the highest basic leaf. An interface differs from that by a highest leaf
 * within its own block. Old KVM and OpenBSD's vmm return 0 for the highest leaf:
 * then only a known signature counts.
 */
static bool commonhv_scan_is_interface(u32 location, const struct commonhv_regs *regs)
{
	if (commonhv_regs_signature_is_zero(regs))
		return false;
	if (!regs->eax)
		return commonhv_signature_is_known(regs->signature);
	return regs->eax >= location &&
	       regs->eax - location < COMMONHV_SCAN_STEP;
}

/**
 * commonhv_scan() - find the interfaces that no list names
 * @access: the way to the hypervisor
 * @interfaces: receives up to %COMMONHV_SCAN_MAX interfaces by location
 *
 * Costs 256 CPUIDs, and one for each interface. The range is scanned with the
 * hypervisor bit clear too; on bare metal nothing is found.
 *
 * Context: any.
 * Return: the number of interfaces.
 */
unsigned int commonhv_scan(const struct commonhv_access *access,
			   struct commonhv_interface *interfaces)
{
	struct commonhv_regs regs;
	unsigned int nr = 0;
	u32 location;

	for (location = COMMONHV_SCAN_FIRST; location <= COMMONHV_SCAN_LAST;
	     location += COMMONHV_SCAN_STEP) {
		regs = commonhv_access_cpuid(access, location, 0);
		if (!commonhv_scan_is_interface(location, &regs))
			continue;
		commonhv_interface_init(&interfaces[nr], COMMONHV_SOURCE_SCAN,
					location, &regs);
		commonhv_interface_verify(access, &interfaces[nr++]);
	}
	return nr;
}
