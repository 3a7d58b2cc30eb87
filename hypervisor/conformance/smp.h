/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CONFORMANCE_SMP_H
#define CONFORMANCE_SMP_H

#include <stdint.h>

/* Where the firmware's tables start, or 0: what the loader says. */
void smp_set_rsdp(uint32_t rsdp);

#endif
