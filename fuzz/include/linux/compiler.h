/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_COMPILER_H
#define FUZZ_LINUX_COMPILER_H

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))
#define smp_store_release(p, value) __atomic_store_n(p, value, __ATOMIC_RELEASE)
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define barrier_data(ptr)	({ __asm__ volatile("" : : "r"(ptr) : "memory"); })
#define fallthrough		__attribute__((fallthrough))
#define __nonstring
#define __cold			__attribute__((cold))
#define __noreturn		__attribute__((noreturn))

#endif /* FUZZ_LINUX_COMPILER_H */
