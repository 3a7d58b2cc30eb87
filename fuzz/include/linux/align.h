/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_ALIGN_H
#define FUZZ_LINUX_ALIGN_H

#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)

#endif /* FUZZ_LINUX_ALIGN_H */
