// SPDX-License-Identifier: GPL-2.0
/* /dev/sysgenid: Documentation/ABI/testing/dev-sysgenid */
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "../common/compat.h"
#include "sysgenid.h"
#include "sysgenid_abi.h"

/**
 * struct vmgenid_sysgenid_file - an open file
 * @sysgenid: the device; outlives the file, which pins the module
 * @watcher: what it has acknowledged
 */
struct vmgenid_sysgenid_file {
	struct vmgenid_sysgenid *sysgenid;
	struct vmgenid_watcher watcher;
};

static bool vmgenid_sysgenid_is_outdated(const struct vmgenid_sysgenid_file *sf)
{
	return vmgenid_watcher_is_outdated(&sf->watcher, &sf->sysgenid->counter);
}

static int vmgenid_sysgenid_open(struct inode *inode, struct file *file)
{
	struct vmgenid_sysgenid *sysgenid =
		container_of(file->private_data, struct vmgenid_sysgenid, misc);
	struct vmgenid_sysgenid_file *sf = kzalloc(sizeof(*sf), GFP_KERNEL_ACCOUNT);

	if (!sf)
		return -ENOMEM;
	sf->sysgenid = sysgenid;
	vmgenid_watcher_open(&sf->watcher, &sysgenid->counter);
	file->private_data = sf;
	return 0;
}

/*
 * A file that is not tracked wakes no waiter. Otherwise any user could keep the
 * waiters busy by opening and closing the node.
 */
static void vmgenid_sysgenid_track(struct vmgenid_sysgenid_file *sf, bool track)
{
	if (vmgenid_watcher_track(&sf->watcher, &sf->sysgenid->counter, track))
		wake_up_interruptible(&sf->sysgenid->settled);
}

static int vmgenid_sysgenid_release(struct inode *inode, struct file *file)
{
	struct vmgenid_sysgenid_file *sf = file->private_data;

	vmgenid_sysgenid_track(sf, false);
	kfree(sf);
	return 0;
}

static ssize_t vmgenid_sysgenid_read(struct file *file, char __user *buf,
				     size_t len, loff_t *pos)
{
	struct vmgenid_sysgenid_file *sf = file->private_data;
	u32 generation;
	int err;

	if (len < sizeof(generation))
		return -EINVAL;
	/* Another thread may acknowledge after this one was woken. */
	while (!vmgenid_watcher_next(&sf->watcher, &sf->sysgenid->counter,
				     &generation)) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		err = wait_event_interruptible(sf->sysgenid->outdated,
					       vmgenid_sysgenid_is_outdated(sf));
		if (err)
			return err;
	}
	if (copy_to_user(buf, &generation, sizeof(generation)))
		return -EFAULT;
	return sizeof(generation);
}

static ssize_t vmgenid_sysgenid_write(struct file *file, const char __user *buf,
				      size_t len, loff_t *pos)
{
	struct vmgenid_sysgenid_file *sf = file->private_data;
	u32 generation;
	int err;

	if (len != sizeof(generation))
		return -ENOBUFS;
	if (copy_from_user(&generation, buf, sizeof(generation)))
		return -EFAULT;
	err = vmgenid_watcher_ack(&sf->watcher, &sf->sysgenid->counter,
				  generation);
	if (err < 0)
		return err;
	if (err)
		wake_up_interruptible(&sf->sysgenid->settled);
	return sizeof(generation);
}

static __poll_t vmgenid_sysgenid_poll(struct file *file, poll_table *wait)
{
	struct vmgenid_sysgenid_file *sf = file->private_data;

	poll_wait(file, &sf->sysgenid->outdated, wait);
	return vmgenid_sysgenid_is_outdated(sf) ? EPOLLIN | EPOLLRDNORM : 0;
}

static vm_fault_t vmgenid_sysgenid_fault(struct vm_fault *vmf)
{
	struct vmgenid_sysgenid_file *sf = vmf->vma->vm_file->private_data;

	if (vmf->pgoff)
		return VM_FAULT_SIGBUS;
	get_page(sf->sysgenid->page);
	vmf->page = sf->sysgenid->page;
	return 0;
}

static const struct vm_operations_struct vmgenid_sysgenid_vm_ops = {
	.fault = vmgenid_sysgenid_fault,
};

static int vmgenid_sysgenid_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff || vma_pages(vma) != 1)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	/* Nor later, by mprotect(), nor a debugger in a private copy. */
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYWRITE);
	vma->vm_ops = &vmgenid_sysgenid_vm_ops;
	return 0;
}

static int vmgenid_sysgenid_wait_watchers(struct vmgenid_sysgenid_file *sf,
					  unsigned long ms)
{
	struct vmgenid_sysgenid *sysgenid = sf->sysgenid;
	ktime_t timeout = ms ? ktime_set(ms / MSEC_PER_SEC,
					 ms % MSEC_PER_SEC * NSEC_PER_MSEC) :
			       KTIME_MAX;
	int err = wait_event_interruptible_hrtimeout(sysgenid->settled,
			vmgenid_counter_is_settled(&sysgenid->counter) ||
			vmgenid_sysgenid_is_outdated(sf), timeout);

	if (vmgenid_sysgenid_is_outdated(sf))
		return -EINTR;
	/* A call that is restarted after a signal would wait the whole time again. */
	return err == -ERESTARTSYS && ms ? -EINTR : err;
}

static long vmgenid_sysgenid_ioctl(struct file *file, unsigned int cmd,
				   unsigned long arg)
{
	struct vmgenid_sysgenid_file *sf = file->private_data;

	switch (cmd) {
	case SYSGENID_SET_WATCHER_TRACKING:
		/*
		 * Only a file that can be written to can acknowledge. If others
		 * could be tracked, any user could block all waiters for ever.
		 */
		if (!(file->f_mode & FMODE_WRITE))
			return -EBADF;
		vmgenid_sysgenid_track(sf, arg);
		return 0;
	case SYSGENID_WAIT_WATCHERS:
		return vmgenid_sysgenid_wait_watchers(sf, arg);
	case SYSGENID_TRIGGER_GEN_UPDATE:
		/*
		 * In the initial user namespace: any user can be root in another
		 * one, and the generation is that of the whole machine.
		 */
		if (!checkpoint_restore_ns_capable(&init_user_ns))
			return -EACCES;
		if (arg > U32_MAX)
			return -EINVAL;
		sf->sysgenid->trigger(sf->sysgenid, arg);
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations vmgenid_sysgenid_fops = {
	.owner = THIS_MODULE,
	.open = vmgenid_sysgenid_open,
	.release = vmgenid_sysgenid_release,
	.read = vmgenid_sysgenid_read,
	.write = vmgenid_sysgenid_write,
	.poll = vmgenid_sysgenid_poll,
	.mmap = vmgenid_sysgenid_mmap,
	/* The argument is a number: there is nothing to convert. */
	.unlocked_ioctl = vmgenid_sysgenid_ioctl,
	.compat_ioctl = vmgenid_sysgenid_ioctl,
};

/**
 * vmgenid_sysgenid_init() - begin with generation 0, and no node yet
 * @sysgenid: with @trigger set
 * @parent: the device that owns the page, until it is unbound
 *
 * Context: process context, sleeps.
 * Return: 0 or %-ENOMEM.
 */
int vmgenid_sysgenid_init(struct vmgenid_sysgenid *sysgenid,
			  struct device *parent)
{
	unsigned long addr = devm_get_free_pages(parent, GFP_KERNEL | __GFP_ZERO, 0);

	if (!addr)
		return -ENOMEM;
	/* Each mapping has a reference of its own. */
	sysgenid->page = virt_to_page((void *)addr);
	vmgenid_counter_init(&sysgenid->counter, (void *)addr);
	init_waitqueue_head(&sysgenid->outdated);
	init_waitqueue_head(&sysgenid->settled);
	return 0;
}

/**
 * vmgenid_sysgenid_register() - make the node
 * @sysgenid: the device
 * @parent: the device that it belongs to
 *
 * Last of all: its existence is a promise that forks will be noticed.
 *
 * Context: process context, sleeps.
 * Return: 0 or a negative errno.
 */
int vmgenid_sysgenid_register(struct vmgenid_sysgenid *sysgenid,
			      struct device *parent)
{
	sysgenid->misc = (struct miscdevice) {
		.minor = MISC_DYNAMIC_MINOR,
		.name = "sysgenid",
		.fops = &vmgenid_sysgenid_fops,
		.parent = parent,
		.mode = 0444,
	};
	return misc_register(&sysgenid->misc);
}

/**
 * vmgenid_sysgenid_unregister() - undo vmgenid_sysgenid_register()
 * @sysgenid: the device; without open files or mappings, which pin the module,
 *	and so without waiters
 *
 * Context: process context, sleeps.
 */
void vmgenid_sysgenid_unregister(struct vmgenid_sysgenid *sysgenid)
{
	misc_deregister(&sysgenid->misc);
}

/**
 * vmgenid_sysgenid_publish() - begin a generation, and wake those that wait for one
 * @sysgenid: the device
 * @generation: which
 *
 * Context: process context.
 */
void vmgenid_sysgenid_publish(struct vmgenid_sysgenid *sysgenid, u32 generation)
{
	vmgenid_counter_set(&sysgenid->counter, generation);
	wake_up_interruptible(&sysgenid->outdated);
	wake_up_interruptible(&sysgenid->settled);
}
