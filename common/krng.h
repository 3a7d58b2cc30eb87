/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMON_KRNG_H
#define COMMON_KRNG_H

#include <linux/types.h>

struct cred;
struct file;
struct vfsmount;

/**
 * struct chv_krng - the kernel RNG, as far as the modules act on it
 * @is_ready: has it been seeded?
 * @mix: stir bytes into the input pool, without credit. Takes effect at the next
 *	reseed. Any context.
 * @credit: stir bytes in and credit @bits of entropy. A kthread of the module's
 *	own: up to Linux 6.1 the call may sleep for a minute and asks
 *	kthread_should_stop().
 * @reseed: let all that was mixed take effect now. Process context, sleeps.
 *	Returns 0; %-ENODATA while the kernel RNG is not ready, which loses nothing:
 *	its first seed has all that was mixed; or another negative errno.
 * @draw: draw 64 random bits. Any context.
 *
 * Each effect that a module has on the kernel RNG goes through this struct, so that
 * KUnit can put a fake in its place and see values and their order.
 */
struct chv_krng {
	bool (*is_ready)(struct chv_krng *krng);
	void (*mix)(struct chv_krng *krng, const void *buf, size_t len);
	void (*credit)(struct chv_krng *krng, const void *buf, size_t len,
		       size_t bits);
	int (*reseed)(struct chv_krng *krng);
	u64 (*draw)(struct chv_krng *krng);
};

/**
 * struct chv_krng_native - the RNG of the running kernel
 * @krng: what the modules use
 * @cred: the kernel's credentials; %NULL without forced reseeds
 * @mnt: internal mount that @random is on; %NULL without forced reseeds
 * @random: character device 1:8; %NULL without forced reseeds
 */
struct chv_krng_native {
	struct chv_krng krng;
	const struct cred *cred;
	struct vfsmount *mnt;
	struct file *random;
};

int chv_krng_native_init(struct chv_krng_native *native);
void chv_krng_native_destroy(struct chv_krng_native *native);

#endif /* COMMON_KRNG_H */
