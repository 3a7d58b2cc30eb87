// SPDX-License-Identifier: GPL-2.0
/*
 * The CommonHV leaves: decode.c, list.c, interface.c, info.c, as the module calls them.
 *
 * Input: how the guest is set up, the highest leaf, leaves 1 to 4, and some entries of
 * the list, after which it ends, begins again, or goes on with something else.
 *
 * Rules: a decoder that is written from the specification, and not from decode.c, finds
 * the same; no leaf is read that may not be; the list is in order, within its bound, and
 * costs a CPUID for each entry.
 */
#include "../commonhv/info.h"
#include "../commonhv/violation.h"
#include "host.h"

#define DECODE_ENTRIES	8
#define DECODE_CANARY	0x5ca1ab1e0ddba11ull

enum decode_tail { DECODE_ENDS, DECODE_REPEATS, DECODE_GOES_ON };

struct decode_host {
	struct commonhv_access access;
	bool has_hypervisor_bit;
	u8 answers;			/* how the locations of interfaces answer */
	struct commonhv_regs base;
	struct commonhv_regs leaf[5];
	struct commonhv_regs entries[DECODE_ENTRIES];
	unsigned int nr_entries;
	enum decode_tail tail;
	unsigned int nr_cpuids;
	unsigned int nr_list_cpuids;
	bool may_read_version;
	bool verifies;			/* an interface may claim to be at one of our leaves */
};

static struct decode_host decode_host;
static struct {
	struct commonhv_info info;
	u64 canary;
} decode_result;

static struct commonhv_regs decode_entry(const struct decode_host *host, u32 i)
{
	if (i < host->nr_entries)
		return host->entries[i];
	if (host->tail == DECODE_ENDS || !host->nr_entries)
		return (struct commonhv_regs){};
	if (host->tail == DECODE_REPEATS)
		return host->entries[i % host->nr_entries];
	return (struct commonhv_regs){ .eax = 0x40000000 + i, .ebx = i };
}

/* Subleaf 0 is leaf[1], whatever the draft; subleaf 1 is entry 0. */
static struct commonhv_regs decode_list(const struct decode_host *host, u32 subleaf)
{
	return subleaf ? decode_entry(host, subleaf - 1) : host->leaf[1];
}

/* What is at the location of an interface depends on the location alone. */
static struct commonhv_regs decode_location(const struct decode_host *host, u32 location)
{
	struct commonhv_regs regs = { .eax = location + host->answers };
	unsigned int i;

	if (host->answers & 1)
		regs.eax = 0;
	for (i = 0; i < host->nr_entries; i++)
		if (host->entries[i].eax == location)
			break;
	if (i == host->nr_entries) {
		regs.ebx = location - 0x40000000;
		return regs;
	}
	regs.ebx = host->entries[i].ebx;
	regs.ecx = host->entries[i].ecx;
	regs.edx = host->entries[i].edx;
	if (host->answers >> i & 2)
		regs.edx ^= 1;
	return regs;
}

static void decode_cpuid(const struct commonhv_access *access, u32 leaf, u32 subleaf,
			 struct commonhv_regs *regs)
{
	struct decode_host *host = container_of(access, struct decode_host, access);

	host->nr_cpuids++;
	if (leaf == 1) {
		*regs = (struct commonhv_regs){
			.eax = 0x12345, .ecx = host->has_hypervisor_bit ? 0x80000000 : 0x7fffffff,
		};
		return;
	}
	if (leaf == 0x4f000001) {
		host->nr_list_cpuids += !!subleaf;
		fuzz_check(host->verifies || leaf <= host->base.eax);
		*regs = decode_list(host, subleaf);
		return;
	}
	fuzz_check(!subleaf);
	if (leaf == 0x4f000000) {
		*regs = host->base;
		return;
	}
	if (leaf >= 0x4f000002 && leaf <= 0x4f000004) {
		fuzz_check(host->verifies || leaf <= host->base.eax);
		fuzz_check(host->verifies || leaf != 0x4f000004 || host->may_read_version);
		*regs = host->leaf[leaf - 0x4f000000];
		return;
	}
	/* All that is left is verification. */
	fuzz_check(leaf >= 0x40000000 && leaf <= 0x4fffffff);
	*regs = decode_location(host, leaf);
}

static u32 decode_max_leaf(struct fuzz_input *in)
{
	u8 max = fuzz_u8(in);

	if (max < 0x20)
		return 0x4f000000 + max % 7;
	if (max < 0x40)
		return fuzz_host_number(fuzz_u8(in));
	return 0x4f000005;
}

static enum commonhv_draft decode_set_up(struct decode_host *host, struct fuzz_input *in)
{
	u8 first = fuzz_u8(in), i;

	memset(host, 0, sizeof(*host));
	host->access.cpuid = decode_cpuid;
	host->has_hypervisor_bit = first & 4;
	host->base = (struct commonhv_regs){
		.eax = decode_max_leaf(in),
		.ebx = 0x6d6d6f43, .ecx = 0x56486e6f, .edx = 0x66746e49,
	};
	if (first >= 0xf0)
		host->base.signature[first % COMMONHV_SIGNATURE_LEN] ^= fuzz_u8(in);
	host->tail = first >> 3 & 3;
	for (i = 1; i < 5; i++)
		host->leaf[i] = fuzz_host_regs(in);
	host->answers = fuzz_u8(in);
	while (in->left && host->nr_entries < DECODE_ENTRIES)
		host->entries[host->nr_entries++] = fuzz_host_regs(in);
	host->may_read_version = (first & 3) == 0 || (first & 3) == 3;
	return first & 3;
}

/*
 * The specification's reading of the same registers.
 */

static void decode_expect_msr(struct commonhv_caps *want, u32 msr, bool input)
{
	if (want->draft == 2 && !msr) {
		want->rng = true;
	} else if (fuzz_host_msr_is_architectural(msr)) {
		want->violations |= BIT(COMMONHV_VIOLATION_RNG_MSR_ARCHITECTURAL);
	} else if (fuzz_host_msr_is_synthetic(msr)) {
		want->violations |= BIT(COMMONHV_VIOLATION_RNG_MSR_SYNTHETIC);
	} else {
		want->rng = true;
		want->rng_input = input;
		want->rng_msr = msr;
	}
}

static void decode_expect_generation(struct commonhv_caps *want,
				     const struct commonhv_regs *version)
{
	bool leaf = version->ebx & 1, msr = version->ebx & 2;

	if (version->eax == 3 &&
	    (version->ebx > 3 || version->edx || (!msr && version->ecx)))
		want->violations |= BIT(COMMONHV_VIOLATION_VERSION_RESERVED);
	if (leaf && want->max_leaf < 0x4f000005)
		want->violations |= BIT(COMMONHV_VIOLATION_GENERATION_LEAF_MISSING);
	else
		want->generation_in_leaf = leaf;
	if (!msr)
		return;
	if (fuzz_host_msr_is_reserved(version->ecx) ||
	    (want->rng && want->rng_msr == version->ecx)) {
		want->violations |= BIT(COMMONHV_VIOLATION_GENERATION_MSR);
		return;
	}
	want->generation_in_msr = true;
	want->generation_msr = version->ecx;
}

/* Documentation/pictures/draft.dot */
static enum commonhv_draft decode_expect_draft(struct commonhv_caps *want,
					       const struct commonhv_regs *leaf)
{
	bool is_entry = fuzz_host_has_signature(&leaf[1]);
	bool is_located = leaf[1].eax >= 0x40000000 && leaf[1].eax <= 0x4fffffff;
	bool has_features = want->max_leaf >= 0x4f000002;
	bool are_draft_2 = want->max_leaf >= 0x4f000003 && leaf[2].eax < 4;

	if (is_entry && is_located) {
		if (are_draft_2 && leaf[2].eax)
			want->violations |= BIT(COMMONHV_VIOLATION_DRAFT_CONFLICT);
		return 1;
	}
	if (!is_entry && leaf[1].eax)
		return 2;
	return has_features && !are_draft_2 ? 1 : 2;
}

static void decode_expect_features(struct commonhv_caps *want,
				   const struct commonhv_regs *leaf)
{
	u32 features = leaf[2].eax;

	want->nr_listed = leaf[1].eax;
	if (fuzz_host_has_signature(&leaf[1]))
		want->violations |= BIT(COMMONHV_VIOLATION_HEADER_RESERVED);
	if (features > 3)
		want->violations |= BIT(COMMONHV_VIOLATION_FEATURES_RESERVED);
	if ((features & 1) && want->max_leaf < 0x4f000003)
		want->violations |= BIT(COMMONHV_VIOLATION_RNG_LEAF_MISSING);
	else if (features & 1)
		decode_expect_msr(want, leaf[3].eax, features & 2);
}

static struct commonhv_caps decode_expect(const struct decode_host *host,
					  enum commonhv_draft draft)
{
	struct commonhv_caps want = { .hypervisor_bit = host->has_hypervisor_bit };
	struct commonhv_regs leaf[5] = {};
	bool has_version;
	unsigned int i;

	if (memcmp(host->base.signature, "CommonHVIntf", 12))
		return want;
	if (host->base.eax >> 24 != 0x4f) {
		want.violations = BIT(COMMONHV_VIOLATION_MAX_LEAF);
		return want;
	}
	want.present = true;
	want.max_leaf = host->base.eax;
	for (i = 1; i < 5; i++)
		if (want.max_leaf >= 0x4f000000 + i)
			leaf[i] = host->leaf[i];
	if (fuzz_host_has_signature(&leaf[2]))
		want.violations |= BIT(COMMONHV_VIOLATION_FEATURES_RESERVED);
	has_version = host->may_read_version && leaf[4].eax >= 3 && leaf[4].eax <= 0xff;
	if (host->may_read_version && want.max_leaf >= 0x4f000004 && !has_version)
		want.violations |= BIT(COMMONHV_VIOLATION_VERSION);
	want.draft = draft ?: has_version ? 3 : decode_expect_draft(&want, leaf);

	if (want.draft == 1) {
		if (!host->has_hypervisor_bit)
			want.violations |= BIT(COMMONHV_VIOLATION_HYPERVISOR_BIT);
		if (leaf[2].eax)
			decode_expect_msr(&want, leaf[2].eax, true);
		return want;
	}
	decode_expect_features(&want, leaf);
	if (want.draft == 3 && has_version)
		decode_expect_generation(&want, &leaf[4]);
	return want;
}

static bool decode_is_empty(const struct commonhv_regs *regs)
{
	return !regs->eax && !fuzz_host_has_signature(regs);
}

static void decode_check_interface(const struct decode_host *host,
				   const struct commonhv_interface *got,
				   const struct commonhv_regs *entry)
{
	struct commonhv_regs answer = decode_location(host, entry->eax);
	bool verified = entry->eax >> 28 == 4 && fuzz_host_has_signature(entry) &&
			entry->eax >> 8 != 0x4f0000 &&
			!memcmp(answer.signature, entry->signature, sizeof(answer.signature));

	fuzz_check(got->location == entry->eax);
	fuzz_check(got->source == COMMONHV_SOURCE_LIST);
	fuzz_check(!memcmp(got->signature, entry->signature, sizeof(got->signature)));
	/* CommonHV's own leaves answer otherwise: see decode_cpuid(). */
	if (entry->eax >> 8 != 0x4f0000) {
		fuzz_check(got->verified == verified);
		/* What 0 means depends on the signature: see scan.c. */
		if (!verified || answer.eax)
			fuzz_check(got->max_leaf == (verified ? answer.eax : 0));
	}
	fuzz_check(got->verified || !got->max_leaf);
}

/* Returns the violations of the list. */
static unsigned long decode_check_list(const struct decode_host *host,
				       const struct commonhv_info *info)
{
	bool is_draft1 = info->caps.draft == 1, first_is_empty = false;
	unsigned int i, nr = 0, last = is_draft1 ? 256 : min(info->caps.nr_listed, 256u);
	struct commonhv_regs entry;
	unsigned long violations = 0;

	for (i = 0; i < last; i++) {
		if (host->base.eax < 0x4f000001)
			break;
		entry = decode_list(host, i + !is_draft1);
		if (!decode_is_empty(&entry))
			decode_check_interface(host, &info->interfaces[nr++], &entry);
		else if (is_draft1)
			break;
		else if (!i)
			first_is_empty = true;
	}
	fuzz_check(info->nr_interfaces == nr);
	if (is_draft1) {
		entry = decode_list(host, 256);
		if (nr == 256 && !decode_is_empty(&entry))
			violations |= BIT(COMMONHV_VIOLATION_LIST_CAPPED);
		fuzz_check(host->nr_list_cpuids == nr);
		return violations;
	}
	fuzz_check(host->nr_list_cpuids == last);
	if (first_is_empty && nr) {
		violations |= BIT(COMMONHV_VIOLATION_LIST_LITERAL);
		nr++;
	}
	if (nr < last)
		violations |= BIT(COMMONHV_VIOLATION_LIST_TRUNCATED);
	if (info->caps.nr_listed > 256)
		violations |= BIT(COMMONHV_VIOLATION_LIST_CAPPED);
	return violations;
}

FUZZ_TARGET(decode)
{
	struct decode_host *host = &decode_host;
	struct commonhv_leaves leaves;
	struct commonhv_caps want;
	enum commonhv_draft draft = decode_set_up(host, in);

	commonhv_caps_decode(&host->access, draft, &leaves);
	fuzz_check(host->nr_cpuids <= 6);
	want = decode_expect(host, draft);
	fuzz_check(commonhv_caps_is_same(&leaves.caps, &want));
	if (!want.present)
		return;

	host->verifies = true;
	decode_result.canary = DECODE_CANARY;
	commonhv_info_read(&host->access, &leaves, &decode_result.info);
	fuzz_check(decode_result.canary == DECODE_CANARY);
	want.violations |= decode_check_list(host, &decode_result.info);
	fuzz_check(commonhv_caps_is_same(&decode_result.info.caps, &want));
	fuzz_check(!commonhv_info_is_empty(&decode_result.info));
}
