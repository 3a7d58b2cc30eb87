/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What test.c needs of Xen's headers.
 */
#ifndef FAKE_H
#define FAKE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define BUILD_BUG_ON(condition)	_Static_assert(!(condition), #condition)
#define ASM_FLAG_OUT(yes, no)	yes
#define noinline		__attribute__((__noinline__))
#define cf_check
#define cpu_relax()		do { } while (0)

typedef pthread_mutex_t spinlock_t;
#define spin_lock		pthread_mutex_lock
#define spin_unlock		pthread_mutex_unlock

extern bool fake_cpu_has[2];
#define X86_FEATURE_RDSEED	0
#define X86_FEATURE_RDRAND	1
#define boot_cpu_has(feature)	fake_cpu_has[feature]

#define SHA2_256_DIGEST_SIZE	32
void sha2_256_digest(uint8_t digest[SHA2_256_DIGEST_SIZE], const void *msg, size_t len);

#endif /* FAKE_H */
