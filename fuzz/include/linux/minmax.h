/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_MINMAX_H
#define FUZZ_LINUX_MINMAX_H

#define __fuzz_smaller(type, a, b) \
	({ type __a = (a); type __b = (b); __a < __b ? __a : __b; })
#define min(a, b)		__fuzz_smaller(__auto_type, a, b)
#define min_t(type, a, b)	__fuzz_smaller(type, a, b)
#define max(a, b) \
	({ __auto_type __a = (a); __auto_type __b = (b); __a > __b ? __a : __b; })
#define clamp(value, low, high) \
	({ __typeof__(value) __v = (value); \
	   __v < (low) ? (low) : __v > (high) ? (high) : __v; })

#endif /* FUZZ_LINUX_MINMAX_H */
