/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_GFP_H
#define FUZZ_LINUX_GFP_H

#include <linux/types.h>

#define __GFP_DIRECT_RECLAIM	0x400u
#define __GFP_NOWARN		0x2000u
#define __GFP_NORETRY		0x10000u
#define GFP_KERNEL		0xcc0u

#endif /* FUZZ_LINUX_GFP_H */
