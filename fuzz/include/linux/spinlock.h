/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_SPINLOCK_H
#define FUZZ_LINUX_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/lockdep.h>

typedef struct fuzz_lock spinlock_t;

#define spin_lock_init(lock)	((lock)->is_held = false)
#define spin_lock(lock)		fuzz_lock(lock)
#define spin_unlock(lock)	fuzz_unlock(lock)
#define spin_lock_irqsave(lock, flags) \
	do { (flags) = 1; fuzz_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do { (void)(flags); fuzz_unlock(lock); } while (0)

#endif /* FUZZ_LINUX_SPINLOCK_H */
