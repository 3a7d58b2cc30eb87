/* SPDX-License-Identifier: GPL-2.0 */
/* A lock is a flag: it shows whether each is taken once, and given back. */
#ifndef FUZZ_LINUX_LOCKDEP_H
#define FUZZ_LINUX_LOCKDEP_H

#include <linux/types.h>

struct fuzz_lock {
	bool is_held;
};

void fuzz_lock(struct fuzz_lock *lock);
void fuzz_unlock(struct fuzz_lock *lock);
void fuzz_lock_assert(const struct fuzz_lock *lock, bool is_held);

/* A mutex begins with its flag. */
#define lockdep_assert_held(lock) \
	fuzz_lock_assert((const struct fuzz_lock *)(lock), true)

#endif /* FUZZ_LINUX_LOCKDEP_H */
