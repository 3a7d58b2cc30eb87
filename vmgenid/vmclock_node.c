// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/vmclock0 on kernels that have no driver for VMClock, with the ABI of newer ones
 * (Documentation/ABI/testing/dev-vmclock): the page of the host itself.
 */
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/barrier.h>

#include "../common/compat.h"
#include "vmclock.h"
#include "vmclock_abi.h"

/* How long a read waits for the host to end an update. */
#define VMGENID_VMCLOCK_READ_NS	(100 * NSEC_PER_MSEC)

/**
 * struct vmgenid_vmclock_file - an open file
 * @vmclock: the device; outlives the file, which pins the module
 * @seq: the sequence number of what was read last; 0 before
 */
struct vmgenid_vmclock_file {
	struct vmgenid_vmclock *vmclock;
	atomic_t seq;
};

static u32 vmgenid_vmclock_seq(const struct vmgenid_vmclock *vmclock)
{
	return le32_to_cpu(READ_ONCE(vmclock->page->seq_count));
}

static int vmgenid_vmclock_node_open(struct inode *inode, struct file *file)
{
	struct vmgenid_vmclock_file *vf = kzalloc(sizeof(*vf), GFP_KERNEL_ACCOUNT);

	if (!vf)
		return -ENOMEM;
	vf->vmclock = container_of(file->private_data, struct vmgenid_vmclock, misc);
	file->private_data = vf;
	return 0;
}

static int vmgenid_vmclock_node_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static int vmgenid_vmclock_node_mmap(struct file *file, struct vm_area_struct *vma)
{
	const struct vmgenid_vmclock_file *vf = file->private_data;

	if ((vma->vm_flags & (VM_READ | VM_WRITE)) != VM_READ)
		return -EROFS;
	if (vma->vm_pgoff || vma_pages(vma) != 1)
		return -EINVAL;
	/* Nor later, by mprotect(). */
	vm_flags_mod(vma, 0, VM_MAYWRITE);
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(vf->vmclock->phys), PAGE_SIZE,
				  vma->vm_page_prot) ? -EAGAIN : 0;
}

/* The page as it was at one time, as far as one call reads it. */
static ssize_t vmgenid_vmclock_node_read(struct file *file, char __user *buf, size_t len,
					 loff_t *pos)
{
	struct vmgenid_vmclock_file *vf = file->private_data;
	const struct vmclock_page *page = vf->vmclock->page;
	u64 deadline = ktime_get_ns() + VMGENID_VMCLOCK_READ_NS;
	u32 seq;

	if (*pos < 0 || *pos >= PAGE_SIZE)
		return 0;
	len = min_t(size_t, len, PAGE_SIZE - *pos);
	for (;;) {
		seq = vmgenid_vmclock_seq(vf->vmclock);
		/* Pair with the host's barriers around an update. */
		virt_rmb();
		if (copy_to_user(buf, (const char *)page + *pos, len))
			return -EFAULT;
		/* As before. */
		virt_rmb();
		if (!(seq & 1) && seq == vmgenid_vmclock_seq(vf->vmclock))
			break;
		if (ktime_get_ns() > deadline)
			return -ETIMEDOUT;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	atomic_set(&vf->seq, seq);
	*pos += len;
	return len;
}

static __poll_t vmgenid_vmclock_node_poll(struct file *file, poll_table *wait)
{
	const struct vmgenid_vmclock_file *vf = file->private_data;

	/* Nobody would wake the caller. */
	if (!vf->vmclock->source.is_listening)
		return EPOLLHUP;
	poll_wait(file, &vf->vmclock->disrupted, wait);
	return atomic_read(&vf->seq) != vmgenid_vmclock_seq(vf->vmclock) ?
	       EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations vmgenid_vmclock_node_fops = {
	.owner = THIS_MODULE,
	.open = vmgenid_vmclock_node_open,
	.release = vmgenid_vmclock_node_release,
	.mmap = vmgenid_vmclock_node_mmap,
	.read = vmgenid_vmclock_node_read,
	.poll = vmgenid_vmclock_node_poll,
	/* No llseek: ptp_vmclock has none, and a program must not come to need it. */
};

/**
 * vmgenid_vmclock_node_register() - make the node, if the kernel's driver does not
 * @vmclock: the device, open and listening
 * @parent: the device that it belongs to
 *
 * Somebody else's module may have the name. That is no reason to fail: programs use
 * /dev/sysgenid by now.
 *
 * Context: process context, sleeps.
 */
void vmgenid_vmclock_node_register(struct vmgenid_vmclock *vmclock, struct device *parent)
{
	int err;

	/* It may be loaded later, and needs the name. */
	if (IS_ENABLED(CONFIG_PTP_1588_CLOCK_VMCLOCK) || !vmclock->source.is_open)
		return;
	vmclock->misc = (struct miscdevice) {
		.minor = MISC_DYNAMIC_MINOR,
		.name = "vmclock0",
		.fops = &vmgenid_vmclock_node_fops,
		.parent = parent,
		.mode = 0600,
	};
	err = misc_register(&vmclock->misc);
	vmclock->has_node = !err;
	if (err)
		dev_warn(parent, "no /dev/vmclock0: error %d\n", err);
}

/**
 * vmgenid_vmclock_node_unregister() - undo vmgenid_vmclock_node_register()
 * @vmclock: the device; without open files or mappings, which pin the module
 *
 * Context: process context, sleeps.
 */
void vmgenid_vmclock_node_unregister(struct vmgenid_vmclock *vmclock)
{
	if (!vmclock->has_node)
		return;
	misc_deregister(&vmclock->misc);
	vmclock->has_node = false;
}
