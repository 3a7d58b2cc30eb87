/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_ACPI_H
#define FUZZ_LINUX_ACPI_H

#include <linux/types.h>

#define ACPI_TYPE_INTEGER	1
#define ACPI_TYPE_STRING	2
#define ACPI_TYPE_BUFFER	3
#define ACPI_TYPE_PACKAGE	4

/* As ACPICA's, without the types that no test has. */
union acpi_object {
	u32 type;
	struct {
		u32 type;
		u64 value;
	} integer;
	struct {
		u32 type;
		u32 length;
		u8 *pointer;
	} buffer;
	struct {
		u32 type;
		u32 count;
		union acpi_object *elements;
	} package;
};

#endif /* FUZZ_LINUX_ACPI_H */
