/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CONFORMANCE_ACPI_H
#define CONFORMANCE_ACPI_H

#include <stdint.h>

/*
 * The number of vCPUs by the firmware's MADT, or 0 if there is none. @rsdp: where the
 * tables start, or 0 to look for them below 1 MiB.
 */
uint32_t acpi_count_cpus(uint32_t rsdp);

#endif
