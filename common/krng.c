// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's RNG, and a forced reseed of it.
 *
 * Bytes that are mixed into the input pool reach random output at the next
 * reseed, up to a minute later. The kernel exports no call for "now". The
 * RNDRESEEDCRNG ioctl of /dev/random is the only way, so the module needs an
 * open file of that device.
 *
 * The file is the module's own: an inode of character device 1:8 on an internal
 * mount of ramfs, which no path leads to. User space's /dev may not be there
 * yet, an administrator may have put something else at /dev/random, and a
 * mount of devtmpfs would reconfigure the one that user space has. It is opened
 * at load, so that a fork of the VM allocates nothing.
 *
 * The ioctl checks for CAP_SYS_ADMIN. Whoever resumes the machine or triggers a
 * generation need not have that, so the kernel's own credentials are taken for
 * the open and for each call.
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/major.h>
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/stat.h>

#include "compat.h"
#include "krng.h"

#define CHV_RANDOM_MINOR	8	/* Documentation/admin-guide/devices.txt */

static bool chv_native_is_ready(struct chv_krng *krng)
{
	return rng_is_initialized();
}

static void chv_native_mix(struct chv_krng *krng, const void *buf, size_t len)
{
	add_device_randomness(buf, len);
}

static void chv_native_credit(struct chv_krng *krng, const void *buf,
			      size_t len, size_t bits)
{
	add_hwgenerator_randomness(buf, len, bits, false);
}

static u64 chv_native_draw(struct chv_krng *krng)
{
	return get_random_u64();
}

static int chv_random_reseed(struct file *random)
{
	return random->f_op->unlocked_ioctl(random, RNDRESEEDCRNG, 0);
}

static int chv_native_reseed(struct chv_krng *krng)
{
	struct chv_krng_native *native =
		container_of(krng, struct chv_krng_native, krng);
	const struct cred *old;
	int err;

	if (!native->random)
		return -EOPNOTSUPP;
	/* Notifications run in a kernel thread, which has them, and are urgent. */
	if (current->flags & PF_KTHREAD)
		return chv_random_reseed(native->random);
	old = override_creds(native->cred);
	err = chv_random_reseed(native->random);
	revert_creds(old);
	return err;
}

static struct file *chv_random_open(struct vfsmount *mnt, const struct cred *cred)
{
	struct inode *inode = new_inode(mnt->mnt_sb);
	struct path path = { .mnt = mnt };
	const struct cred *old;
	struct file *file;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_ino = get_next_ino();
	init_special_inode(inode, S_IFCHR | 0400,
			   MKDEV(MEM_MAJOR, CHV_RANDOM_MINOR));
	/* Consumes the reference of the inode, also when it fails. */
	path.dentry = d_obtain_alias(inode);
	if (IS_ERR(path.dentry))
		return ERR_CAST(path.dentry);
	old = override_creds(cred);
	file = dentry_open(&path, O_RDONLY, cred);
	revert_creds(old);
	dput(path.dentry);
	return file;
}

/**
 * chv_krng_native_init() - get at the kernel's RNG
 * @native: to be filled; ready for use whatever is returned
 *
 * Context: process context, sleeps.
 * Return: 0, or why there can be no forced reseeds.
 */
int chv_krng_native_init(struct chv_krng_native *native)
{
	struct file_system_type *ramfs = get_fs_type("ramfs");
	struct vfsmount *mnt;
	const struct cred *cred;
	struct file *file;
	int err;

	*native = (struct chv_krng_native) {
		.krng = {
			.is_ready = chv_native_is_ready,
			.mix = chv_native_mix,
			.credit = chv_native_credit,
			.reseed = chv_native_reseed,
			.draw = chv_native_draw,
		},
	};
	/* Built into every kernel, so it has no owner to put. */
	if (!ramfs)
		return -ENODEV;
	cred = prepare_kernel_cred(&init_task);
	if (!cred)
		return -ENOMEM;
	mnt = kern_mount(ramfs);
	if (IS_ERR(mnt)) {
		err = PTR_ERR(mnt);
		goto put_cred;
	}
	file = chv_random_open(mnt, cred);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto unmount;
	}
	native->cred = cred;
	native->mnt = mnt;
	native->random = file;
	return 0;

unmount:
	kern_unmount(mnt);
put_cred:
	put_cred(cred);
	return err;
}

/**
 * chv_krng_native_destroy() - undo chv_krng_native_init()
 * @native: not in use any more
 *
 * Context: process context, sleeps.
 */
void chv_krng_native_destroy(struct chv_krng_native *native)
{
	if (!native->random)
		return;
	fput(native->random);
	kern_unmount(native->mnt);
	put_cred(native->cred);
}
