/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_MUTEX_H
#define FUZZ_LINUX_MUTEX_H

#include <linux/kernel.h>
#include <linux/lockdep.h>

struct mutex {
	struct fuzz_lock lock;
};

#define mutex_init(mutex)	((mutex)->lock.is_held = false)
#define mutex_destroy(mutex)	fuzz_lock_assert(&(mutex)->lock, false)
#define mutex_lock(mutex)	fuzz_lock(&(mutex)->lock)
#define mutex_unlock(mutex)	fuzz_unlock(&(mutex)->lock)

#endif /* FUZZ_LINUX_MUTEX_H */
