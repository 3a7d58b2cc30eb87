// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_signature: twelve arbitrary bytes as text, and their vendor. */
#include <kunit/test.h>

#include "../commonhv/signature.h"
#include "table.h"

struct signature_row {
	const char *name;
	char signature[COMMONHV_SIGNATURE_LEN + 1];
	const char *text;
	const char *vendor;
};

#define LETTERS(signature_, vendor_) \
	{ signature_, signature_, signature_, vendor_ }

static const struct signature_row signature_rows[] = {
	LETTERS("CommonHVIntf", "CommonHV"),
	LETTERS("Linux KVM Hv", "KVM (Hyper-V interface)"),
	LETTERS("Microsoft Hv", "Hyper-V"),
	LETTERS("XenVMMXenVMM", "Xen"),
	LETTERS("VMwareVMware", "VMware"),
	LETTERS("TCGTCGTCGTCG", "QEMU TCG"),
	LETTERS("bhyve bhyve ", "bhyve"),
	LETTERS("BHyVE BHyVE ", "bhyve"),
	LETTERS("ACRNACRNACRN", "ACRN"),
	LETTERS("SRESRESRESRE", "Lockheed Martin LMHS SRE"),
	LETTERS("LKVMLKVMLKVM", "kvmtool"),
	LETTERS("OpenBSDVMM58", "OpenBSD vmm"),
	LETTERS("UnisysSpar64", "Unisys s-Par"),
	LETTERS("VBoxVBoxVBox", "VirtualBox"),
	LETTERS("___ NVMM ___", "NetBSD NVMM"),
	LETTERS(" prl hyperv ", "Parallels"),
	LETTERS("prl hyperv  ", "Parallels"),
	LETTERS(" lrpepyh vr ", "Parallels"),
	LETTERS(" lrpepyh  vr", "Parallels"),
	LETTERS("HAXMHAXMHAXM", "Intel HAXM"),
	LETTERS("EVMMEVMMEVMM", "Intel KGT"),
	{ "KVM, padded", "KVMKVMKVM", "KVMKVMKVM", "KVM" },
	{ "Jailhouse, padded", "Jailhouse", "Jailhouse", "Jailhouse" },
	{ "Apple VZ, padded", "Apple VZ", "Apple VZ", "Apple Virtualization" },
	{ "a prefix of a known one", "KVMKVMKVMKVM", "KVMKVMKVMKVM", "unknown" },
	{ "shorter than a known one", "KVMKVMKV", "KVMKVMKV", "unknown" },
	{ "another last letter", "XenVMMXenVMN", "XenVMMXenVMN", "unknown" },
	{ "other letter case", "microsoft hv", "microsoft hv", "unknown" },
	{ "empty", "", "", "unknown" },
	{ "a NUL within", "a\0b", "a\\x00b", "unknown" },
	{ "a NUL first", "\0b", "\\x00b", "unknown" },
	{ "a newline", "abc\ndef", "abc\\x0adef", "unknown" },
	{ "an escape sequence", "\x1b[31mred", "\\x1b[31mred", "unknown" },
	{ "a backslash", "a\\b", "a\\x5cb", "unknown" },
	{ "text that looks escaped", "a\\x00b", "a\\x5cx00b", "unknown" },
	{ "Latin-1", "\xe9t\xe9", "\\xe9t\\xe9", "unknown" },
	{ "DEL", "a\x7f", "a\\x7f", "unknown" },
	{ "the longest text", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	  "\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff",
	  "unknown" },
};

KUNIT_ARRAY_PARAM_DESC(signature, signature_rows, name);

static void signature_is_escaped(struct kunit *test)
{
	const struct signature_row *row = test->param_value;
	char *text = kunit_kzalloc(test, COMMONHV_SIGNATURE_TEXT_LEN, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', COMMONHV_SIGNATURE_TEXT_LEN);
	commonhv_signature_escape((const u8 *)row->signature, text);
	KUNIT_EXPECT_STREQ(test, text, row->text);
}

static void signature_has_vendor(struct kunit *test)
{
	const struct signature_row *row = test->param_value;

	KUNIT_EXPECT_STREQ(test, commonhv_signature_vendor((const u8 *)row->signature),
			   row->vendor);
	KUNIT_EXPECT_EQ(test, commonhv_signature_is_known((const u8 *)row->signature),
			strcmp(row->vendor, "unknown") != 0);
}

static struct kunit_case signature_cases[] = {
	KUNIT_CASE_PARAM(signature_is_escaped, signature_gen_params),
	KUNIT_CASE_PARAM(signature_has_vendor, signature_gen_params),
	{}
};

static struct kunit_suite signature_suite = {
	.name = "commonhv_signature",
	.test_cases = signature_cases,
};

kunit_test_suites(&signature_suite);
