// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_addr: all that a host can give for ADDR. */
#include <kunit/test.h>

#include "../vmgenid/addr.h"
#include "table.h"

#define PHYS_BITS 40

struct addr_row {
	const char *name;
	u32 type;		/* of ADDR itself; 0: there is none */
	u32 count;
	u32 types[3];
	u64 values[3];
	u64 phys;
	const char *trouble;
};

#define PACKAGE(nr, ...) .type = ACPI_TYPE_PACKAGE, .count = (nr), \
	.types = { ACPI_TYPE_INTEGER, ACPI_TYPE_INTEGER, ACPI_TYPE_INTEGER }, \
	.values = { __VA_ARGS__ }
#define NO_PACKAGE "is not a package of two integers"
#define BEYOND "is beyond the processor's physical addresses"

static const struct addr_row addr_rows[] = {
	{ "QEMU's", PACKAGE(2, 0x1ffff028, 0), .phys = 0x1ffff028 },
	{ "above 4 GiB", PACKAGE(2, 0x28, 0x12), .phys = 0x1200000028 },
	{ "the last 16 bytes there are", PACKAGE(2, 0xfffffff0, 0xff),
	  .phys = 0xfffffffff0 },
	{ "the least address there is", PACKAGE(2, 8, 0), .phys = 8 },
	{ "nothing", .trouble = NO_PACKAGE },
	{ "an integer", .type = ACPI_TYPE_INTEGER, .trouble = NO_PACKAGE },
	{ "a buffer", .type = ACPI_TYPE_BUFFER, .trouble = NO_PACKAGE },
	{ "an empty package", PACKAGE(0), .trouble = NO_PACKAGE },
	{ "one element", PACKAGE(1, 0x1000), .trouble = NO_PACKAGE },
	{ "three elements", PACKAGE(3, 0x1000, 0, 0), .trouble = NO_PACKAGE },
	{ "a string first", PACKAGE(2, 0x1000, 0),
	  .types = { ACPI_TYPE_STRING, ACPI_TYPE_INTEGER }, .trouble = NO_PACKAGE },
	{ "a reference second", PACKAGE(2, 0x1000, 0),
	  .types = { ACPI_TYPE_INTEGER, ACPI_TYPE_LOCAL_REFERENCE },
	  .trouble = NO_PACKAGE },
	{ "zero", PACKAGE(2, 0, 0), .trouble = "is zero" },
	{ "four bytes off", PACKAGE(2, 0x1004, 0),
	  .trouble = "is not aligned to 8 bytes" },
	{ "one byte off", PACKAGE(2, 0x1001, 0),
	  .trouble = "is not aligned to 8 bytes" },
	{ "all of it in the first element", PACKAGE(2, 0x100001000, 0),
	  .trouble = "has an element of more than 32 bits" },
	{ "more than 32 bits in the second", PACKAGE(2, 0x1000, 0x100000000),
	  .trouble = "has an element of more than 32 bits" },
	{ "past the last address", PACKAGE(2, 0, 0x100), .trouble = BEYOND },
	{ "across the last address", PACKAGE(2, 0xfffffff8, 0xff), .trouble = BEYOND },
	{ "all ones", PACKAGE(2, 0xfffffff8, 0xffffffff), .trouble = BEYOND },
};

KUNIT_ARRAY_PARAM_DESC(addr, addr_rows, name);

static void addr_decodes(struct kunit *test)
{
	const struct addr_row *row = test->param_value;
	union acpi_object elements[3], addr = { .type = row->type };
	const char *trouble;
	u64 phys = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(elements); i++) {
		elements[i].type = row->types[i];
		elements[i].integer.value = row->values[i];
	}
	if (row->type == ACPI_TYPE_PACKAGE) {
		addr.package.count = row->count;
		addr.package.elements = elements;
	}
	trouble = vmgenid_addr_decode(row->type ? &addr : NULL, PHYS_BITS, &phys);
	KUNIT_EXPECT_STREQ(test, trouble ?: "nothing",
			   row->trouble ?: "nothing");
	KUNIT_EXPECT_EQ(test, phys, row->phys);
}

/* With 64 bits all addresses can be, but not one that ends behind them. */
static void addr_does_not_wrap(struct kunit *test)
{
	union acpi_object elements[2] = {
		{ .integer = { ACPI_TYPE_INTEGER, 0xfffffff8 } },
		{ .integer = { ACPI_TYPE_INTEGER, 0xffffffff } },
	};
	union acpi_object addr = { .package = { ACPI_TYPE_PACKAGE, 2, elements } };
	u64 phys;

	KUNIT_EXPECT_STREQ(test, vmgenid_addr_decode(&addr, 64, &phys) ?: "nothing",
			   BEYOND);
	elements[0].integer.value = 0xfffffff0;
	KUNIT_EXPECT_NULL(test, vmgenid_addr_decode(&addr, 64, &phys));
	KUNIT_EXPECT_EQ(test, phys, 0xfffffffffffffff0);
}

static struct kunit_case addr_cases[] = {
	KUNIT_CASE_PARAM(addr_decodes, addr_gen_params),
	KUNIT_CASE(addr_does_not_wrap),
	{}
};

static struct kunit_suite addr_suite = {
	.name = "vmgenid_addr",
	.test_cases = addr_cases,
};

kunit_test_suites(&addr_suite);

MODULE_DESCRIPTION("Suites for vmgenid-ext");
MODULE_LICENSE("GPL");
