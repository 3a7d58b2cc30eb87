// SPDX-License-Identifier: GPL-2.0
/*
 * The scan of the classic range: scan.c, interface.c, signature.c, info.c.
 *
 * Input: what a leaf answers where nothing is, and some blocks that answer something
 * else; one of them changes its answer after the scan has found it.
 *
 * Rules: the result is what the comments of scan.c promise, in order and within its bound;
 * each block costs one CPUID, and each interface another one.
 */
#include "../commonhv/info.h"
#include "../commonhv/signature.h"
#include "host.h"

#define SCAN_BLOCKS	256
#define SCAN_CANARY	0x5ca1ab1e0ddba11ull

struct scan_host {
	struct commonhv_access access;
	const struct commonhv_regs *blocks[SCAN_BLOCKS];
	struct commonhv_regs absent;
	struct commonhv_regs present[8];
	unsigned int nr_present;
	unsigned int fickle;		/* this block changes its answer */
	unsigned int seen_fickle;
	unsigned int nr_cpuids;
};

static struct scan_host scan_host;
static struct {
	struct commonhv_info info;
	u64 canary;
} scan_result;

static const char scan_signatures[][COMMONHV_SIGNATURE_LEN] __nonstring = {
	"KVMKVMKVM\0\0", "Microsoft Hv", "OpenBSDVMM58", "XenVMMXenVMM", "prl hyperv  ",
	"KVMKVMKVM\0\1", "\0\0\0\0\0\0\0\0\0\0\0", "unknown to u",
};

static void scan_cpuid(const struct commonhv_access *access, u32 leaf, u32 subleaf,
		       struct commonhv_regs *regs)
{
	struct scan_host *host = container_of(access, struct scan_host, access);
	unsigned int block = leaf >> 8 & 0xff;

	fuzz_check(!subleaf && leaf >> 16 == 0x4000 && !(leaf & 0xff));
	host->nr_cpuids++;
	*regs = *host->blocks[block];
	if (block == host->fickle && host->seen_fickle++)
		regs->edx ^= 0x20;
}

static void scan_add(struct scan_host *host, struct fuzz_input *in)
{
	struct commonhv_regs *regs = &host->present[host->nr_present++];
	unsigned int block = fuzz_u8(in);
	u8 how = fuzz_u8(in);

	if (how & 0x80)
		*regs = fuzz_host_regs(in);
	else
		memcpy(regs->signature, scan_signatures[how & 7], COMMONHV_SIGNATURE_LEN);
	if (how & 0x40)
		regs->eax = 0x40000000 + block * 0x100 + (int)fuzz_u16(in) - 0x100;
	else if (how & 0x20)
		regs->eax = 0;
	host->blocks[block] = regs;
	if (how & 0x10)
		host->fickle = block;
}

static void scan_set_up(struct scan_host *host, struct fuzz_input *in)
{
	unsigned int i;

	host->access.cpuid = scan_cpuid;
	host->absent = fuzz_host_regs(in);
	for (i = 0; i < SCAN_BLOCKS; i++)
		host->blocks[i] = &host->absent;
	memset(host->present, 0, sizeof(host->present));
	host->nr_present = 0;
	host->fickle = SCAN_BLOCKS;
	host->seen_fickle = 0;
	host->nr_cpuids = 0;
	while (in->left && host->nr_present < ARRAY_SIZE(host->present))
		scan_add(host, in);
}

static bool scan_is_interface(u32 location, const struct commonhv_regs *regs)
{
	if (!fuzz_host_has_signature(regs))
		return false;
	if (!regs->eax)
		return strcmp(commonhv_signature_vendor(regs->signature), "unknown");
	return regs->eax >> 8 == location >> 8;
}

static u32 scan_max_leaf(u32 location, const struct commonhv_regs *regs)
{
	if (regs->eax)
		return regs->eax;
	return location + !memcmp(regs->signature, "KVMKVMKVM\0\0\0", 12);
}

static void scan_check(const struct scan_host *host, const struct commonhv_info *info)
{
	const struct commonhv_interface *got = info->interfaces;
	unsigned int i, nr = 0;

	for (i = 0; i < SCAN_BLOCKS; i++) {
		const struct commonhv_regs *regs = host->blocks[i];
		u32 location = 0x40000000 + i * 0x100;
		bool verified = i != host->fickle;

		if (!scan_is_interface(location, regs))
			continue;
		fuzz_check(nr < info->nr_interfaces);
		fuzz_check(got[nr].location == location);
		fuzz_check(got[nr].source == COMMONHV_SOURCE_SCAN);
		fuzz_check(got[nr].verified == verified);
		fuzz_check(got[nr].max_leaf == (verified ? scan_max_leaf(location, regs) : 0));
		fuzz_check(!memcmp(got[nr].signature, regs->signature, 12));
		nr++;
	}
	fuzz_check(info->nr_interfaces == nr);
	fuzz_check(host->nr_cpuids == SCAN_BLOCKS + nr);
}

FUZZ_TARGET(scan)
{
	static const struct commonhv_leaves none;

	scan_set_up(&scan_host, in);
	scan_result.canary = SCAN_CANARY;
	commonhv_info_read(&scan_host.access, &none, &scan_result.info);
	fuzz_check(scan_result.canary == SCAN_CANARY);
	scan_check(&scan_host, &scan_result.info);
}
