// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel RNG, and a forced reseed of it.
 *
 * Bytes that are mixed into the input pool reach random output at the next
 * reseed, up to a minute later. The kernel exports no function that reseeds now.
 * The RNDRESEEDCRNG ioctl of /dev/random is the only way, so the module needs an
 * open file of that device.
 *
 * The module has a file of its own: an inode of character device 1:8 on an
 * internal mount of ramfs, without a path. User space's /dev may not be there yet,
 * an administrator may have put something else at /dev/random, and a mount of
 * devtmpfs would reconfigure the one that user space has. The file is opened at
 * load, so that a VM fork allocates nothing.
 *
 * The ioctl checks for CAP_SYS_ADMIN. A task that resumes the VM or triggers a
 * generation may lack it, so the kernel's own credentials are taken for the open
 * and for each call.
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
#include <linux/sched/task.h>
#include <linux/stat.h>

#include "compat.h"
#include "krng.h"

#define CHV_RANDOM_MINOR	8	/* Documentation/admin-guide/devices.txt */

static bool chv_krng_native_is_ready(struct chv_krng *krng)
{
	return rng_is_initialized();
}

static void chv_krng_native_mix(struct chv_krng *krng, const void *buf, size_t len)
{
	add_device_randomness(buf, len);
}

static void chv_krng_native_credit(struct chv_krng *krng, const void *buf,
				   size_t len, size_t bits)
{
	add_hwgenerator_randomness(buf, len, bits, false);
}

static u64 chv_krng_native_draw(struct chv_krng *krng)
{
	return get_random_u64();
}

static int chv_krng_native_reseed(struct chv_krng *krng)
{
	struct chv_krng_native *native =
		container_of(krng, struct chv_krng_native, krng);
	const struct cred *old;
	int err;

	if (!native->random)
		return -EOPNOTSUPP;
	old = override_creds(native->cred);
	err = native->random->f_op->unlocked_ioctl(native->random,
						   RNDRESEEDCRNG, 0);
	revert_creds(old);
	return err;
}

static struct file *chv_krng_open_random(struct vfsmount *mnt, const struct cred *cred)
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
 * chv_krng_native_init() - get hold of the kernel RNG
 * @native: to be filled; can be used after an error too, without forced reseeds
 *
 * Context: process context, sleeps.
 * Return: 0, or the negative errno that rules out forced reseeds.
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
			.is_ready = chv_krng_native_is_ready,
			.mix = chv_krng_native_mix,
			.credit = chv_krng_native_credit,
			.reseed = chv_krng_native_reseed,
			.draw = chv_krng_native_draw,
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
	file = chv_krng_open_random(mnt, cred);
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
