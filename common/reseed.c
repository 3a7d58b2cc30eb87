// SPDX-License-Identifier: GPL-2.0
/*
 * A forced reseed of the kernel's RNG, from a module.
 *
 * What is mixed into the input pool reaches random output at the next reseed,
 * up to a minute later. The kernel exports no call for "now"; user space has
 * one, the RNDRESEEDCRNG ioctl of /dev/random. Its file is opened through a
 * private mount of devtmpfs, because a module in an initramfs runs before user
 * space has a /dev, and once at load, so that a fork allocates nothing.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/major.h>
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "reseed.h"

#define RESEED_RANDOM_MINOR	8	/* Documentation/admin-guide/devices.txt */

/**
 * struct reseed - a way to reseed
 * @mnt: the private mount of devtmpfs
 * @file: /dev/random
 */
struct reseed {
	struct vfsmount *mnt;
	struct file *file;
};

static struct file *reseed_open_random(struct vfsmount *mnt)
{
	struct path root = { .mnt = mnt, .dentry = mnt->mnt_root };

	return file_open_root(&root, "random", O_RDONLY | O_NONBLOCK, 0);
}

/*
 * The mount is private, the filesystem is the one that user space has on /dev:
 * somebody may have put something else there by that name.
 */
static bool reseed_is_random(const struct file *file)
{
	return S_ISCHR(file_inode(file)->i_mode) &&
	       file_inode(file)->i_rdev == MKDEV(MEM_MAJOR, RESEED_RANDOM_MINOR) &&
	       file->f_op->unlocked_ioctl;
}

static struct vfsmount *reseed_mount(void)
{
	struct file_system_type *type = get_fs_type("devtmpfs");
	struct vfsmount *mnt;

	if (!type)
		return ERR_PTR(-ENODEV);
	mnt = kern_mount(type);
	/* kern_mount() holds a reference of its own; devtmpfs has no owner. */
	return mnt;
}

/**
 * reseed_open() - prepare for reseed_force()
 *
 * Context: process context, sleeps, with a credential that may open /dev/random.
 * Return: to be given to reseed_close(), or an ERR_PTR: %-ENODEV without
 * devtmpfs, %-ENXIO if its /dev/random is something else, or why that cannot be
 * opened.
 */
struct reseed *reseed_open(void)
{
	struct reseed *reseed = kzalloc(sizeof(*reseed), GFP_KERNEL);
	int err;

	if (!reseed)
		return ERR_PTR(-ENOMEM);
	reseed->mnt = reseed_mount();
	if (IS_ERR(reseed->mnt)) {
		err = PTR_ERR(reseed->mnt);
		goto free;
	}
	reseed->file = reseed_open_random(reseed->mnt);
	if (IS_ERR(reseed->file)) {
		err = PTR_ERR(reseed->file);
		goto unmount;
	}
	if (!reseed_is_random(reseed->file)) {
		err = -ENXIO;
		goto close;
	}
	return reseed;

close:
	fput(reseed->file);
unmount:
	kern_unmount(reseed->mnt);
free:
	kfree(reseed);
	return ERR_PTR(err);
}

/**
 * reseed_close() - undo reseed_open()
 * @reseed: from reseed_open(); an ERR_PTR is ignored
 *
 * Context: process context, sleeps.
 */
void reseed_close(struct reseed *reseed)
{
	if (IS_ERR(reseed))
		return;
	fput(reseed->file);
	kern_unmount(reseed->mnt);
	kfree(reseed);
}

/**
 * reseed_force() - let what was mixed into the pool take effect now
 * @reseed: from reseed_open(); an ERR_PTR gives its error back
 *
 * Context: process context of a task with CAP_SYS_ADMIN: a kthread or a kworker.
 * Return: 0; %-ENODATA while the RNG is not ready, which is no loss: its first
 * seed has all that was mixed; %-EPERM without the capability.
 */
int reseed_force(struct reseed *reseed)
{
	if (IS_ERR(reseed))
		return PTR_ERR(reseed);
	return reseed->file->f_op->unlocked_ioctl(reseed->file, RNDRESEEDCRNG, 0);
}
