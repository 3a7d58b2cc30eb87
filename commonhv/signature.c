// SPDX-License-Identifier: GPL-2.0
/* Signatures: twelve bytes as text, and the products that use them. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/string_helpers.h>

#include "signature.h"

/**
 * commonhv_signature_escape() - turn a signature into text
 * @signature: %COMMONHV_SIGNATURE_LEN arbitrary bytes
 * @text: receives at most %COMMONHV_SIGNATURE_TEXT_LEN bytes with the NUL
 *
 * Padding NULs at the end are dropped. Of the rest, printable ASCII stays,
 * spaces included; a backslash and all other bytes become \xHH. The text is one
 * line, and two signatures have the same text only if they differ in padding alone.
 *
 * Context: any.
 */
void commonhv_signature_escape(const u8 *signature, char *text)
{
	size_t len = COMMONHV_SIGNATURE_LEN;
	int used;

	while (len && !signature[len - 1])
		len--;
	/* ESCAPE_NAP keeps printable ASCII, but for what "only" lists. */
	used = string_escape_mem((const char *)signature, len, text,
				 COMMONHV_SIGNATURE_TEXT_LEN - 1,
				 ESCAPE_HEX | ESCAPE_NAP | ESCAPE_APPEND, "\\");
	text[used] = '\0';
}

struct commonhv_signature_vendor {
	char signature[COMMONHV_SIGNATURE_LEN] __nonstring;
	const char *vendor;
};

/*
 * Each row names its source. QNX is left out, as its sources disagree (systemd
 * and stress-ng differ in the padding).
 */
static const struct commonhv_signature_vendor commonhv_signature_vendors[] = {
	/* The CommonHV drafts, leaf 4F000000H. */
	{ "CommonHVIntf", "CommonHV" },
	/* Linux, arch/x86/include/uapi/asm/kvm_para.h. */
	{ "KVMKVMKVM\0\0", "KVM" },
	/* systemd, src/basic/virt.c. */
	{ "Linux KVM Hv", "KVM (Hyper-V interface)" },
	/* Linux, arch/x86/kernel/cpu/mshyperv.c. KVM and Xen imitate it. */
	{ "Microsoft Hv", "Hyper-V" },
	/* Linux, arch/x86/include/asm/xen/hypervisor.h. */
	{ "XenVMMXenVMM", "Xen" },
	/* Linux, arch/x86/kernel/cpu/vmware.c. */
	{ "VMwareVMware", "VMware" },
	/* systemd, src/basic/virt.c; QEMU, target/i386/cpu.c. */
	{ "TCGTCGTCGTCG", "QEMU TCG" },
	/* FreeBSD, sys/x86/x86/identcpu.c: current and old. */
	{ "bhyve bhyve ", "bhyve" },
	{ "BHyVE BHyVE ", "bhyve" },
	/* Linux, arch/x86/kernel/cpu/acrn.c. */
	{ "ACRNACRNACRN", "ACRN" },
	/* Linux, arch/x86/kernel/jailhouse.c. */
	{ "Jailhouse\0\0", "Jailhouse" },
	/* systemd, src/basic/virt.c. */
	{ "SRESRESRESRE", "Lockheed Martin LMHS SRE" },
	/* systemd, src/basic/virt.c. */
	{ "Apple VZ\0\0\0", "Apple Virtualization" },
	/* virt-what. */
	{ "LKVMLKVMLKVM", "kvmtool" },
	/* virt-what. */
	{ "OpenBSDVMM58", "OpenBSD vmm" },
	/* util-linux, sys-utils/lscpu-virt.c. */
	{ "UnisysSpar64", "Unisys s-Par" },
	/* FreeBSD, sys/x86/x86/identcpu.c. */
	{ "VBoxVBoxVBox", "VirtualBox" },
	/* FreeBSD, sys/x86/x86/identcpu.c. */
	{ "___ NVMM ___", "NetBSD NVMM" },
	/* stress-ng, core-cpu.c: variants in byte order and padding. */
	{ " prl hyperv ", "Parallels" },
	{ "prl hyperv  ", "Parallels" },
	{ " lrpepyh vr ", "Parallels" },
	{ " lrpepyh  vr", "Parallels" },
	/* stress-ng, core-cpu.c. */
	{ "HAXMHAXMHAXM", "Intel HAXM" },
	/* stress-ng, core-cpu.c. */
	{ "EVMMEVMMEVMM", "Intel KGT" },
};

static const struct commonhv_signature_vendor *
commonhv_signature_find(const u8 *signature)
{
	const struct commonhv_signature_vendor *known = commonhv_signature_vendors;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commonhv_signature_vendors); i++, known++)
		if (!memcmp(signature, known->signature, COMMONHV_SIGNATURE_LEN))
			return known;
	return NULL;
}

/**
 * commonhv_signature_is_known() - does it belong to a known product?
 * @signature: %COMMONHV_SIGNATURE_LEN arbitrary bytes
 *
 * Context: any.
 * Return: true if the table has it.
 */
bool commonhv_signature_is_known(const u8 *signature)
{
	return commonhv_signature_find(signature);
}

/**
 * commonhv_signature_vendor() - the product that uses a signature
 * @signature: %COMMONHV_SIGNATURE_LEN arbitrary bytes
 *
 * Context: any.
 * Return: the product's name, or "unknown".
 */
const char *commonhv_signature_vendor(const u8 *signature)
{
	const struct commonhv_signature_vendor *known = commonhv_signature_find(signature);

	return known ? known->vendor : "unknown";
}
