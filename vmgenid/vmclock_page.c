// SPDX-License-Identifier: GPL-2.0
/*
 * VMClock's page, which the host writes at any time: pure, KUnit drives it. Each field
 * is read once, and believed only if the sequence number did not change meanwhile.
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/processor.h>
#include <linux/stddef.h>

#include <asm/barrier.h>
#include <asm/byteorder.h>

#include "vmclock_abi.h"
#include "vmclock_page.h"

static_assert(offsetof(struct vmclock_page, generation_counter) == 0x68);

/* Part of the sysfs ABI. */
static const char * const vmgenid_vmclock_state_names[] = {
	[VMGENID_VMCLOCK_OK]	     = "ok",
	[VMGENID_VMCLOCK_NO_COUNTER] = "no_counter",
	[VMGENID_VMCLOCK_TORN]	     = "torn",
	[VMGENID_VMCLOCK_INVALID]    = "invalid",
};

/**
 * vmgenid_vmclock_state_name() - the name of a state
 * @state: the state
 *
 * Context: any.
 * Return: its name.
 */
const char *vmgenid_vmclock_state_name(enum vmgenid_vmclock_state state)
{
	return vmgenid_vmclock_state_names[state];
}

static struct vmgenid_vmclock_view
vmgenid_vmclock_view(const struct vmclock_page *page, u64 len)
{
	u64 flags = le64_to_cpu(READ_ONCE(page->flags));
	u32 size = le32_to_cpu(READ_ONCE(page->size));
	struct vmgenid_vmclock_view view = { .state = VMGENID_VMCLOCK_INVALID };

	if (le32_to_cpu(READ_ONCE(page->magic)) != VMCLOCK_PAGE_MAGIC ||
	    le16_to_cpu(READ_ONCE(page->version)) != VMCLOCK_PAGE_VERSION ||
	    size < offsetofend(struct vmclock_page, flags) || size > len)
		return view;
	view.notifies = flags & VMCLOCK_PAGE_NOTIFIES;
	view.state = VMGENID_VMCLOCK_NO_COUNTER;
	if (!(flags & VMCLOCK_PAGE_HAS_COUNTER) || size < sizeof(*page))
		return view;
	view.counter = le64_to_cpu(READ_ONCE(page->generation_counter));
	view.state = VMGENID_VMCLOCK_OK;
	return view;
}

/**
 * vmgenid_vmclock_read() - what does the page say now?
 * @page: the page, in memory that the host writes
 * @len: the length of the device's memory, of which all that is read is mapped
 *
 * Context: any; a thousand reads at most.
 * Return: what it says, or the state that tells why nothing.
 */
struct vmgenid_vmclock_view vmgenid_vmclock_read(const struct vmclock_page *page,
						 u64 len)
{
	struct vmgenid_vmclock_view view = { .state = VMGENID_VMCLOCK_TORN };
	unsigned int tries;
	u32 seq;

	for (tries = 0; tries < VMGENID_VMCLOCK_TRIES_MAX; tries++) {
		seq = le32_to_cpu(READ_ONCE(page->seq_count));
		/* Pair with the host's barriers around an update. */
		virt_rmb();
		view = vmgenid_vmclock_view(page, len);
		/* As before. */
		virt_rmb();
		if (!(seq & 1) && seq == le32_to_cpu(READ_ONCE(page->seq_count)))
			return view;
		cpu_relax();
	}
	/* What no update changes was wrong all the same. */
	if (view.state == VMGENID_VMCLOCK_INVALID)
		return view;
	return (struct vmgenid_vmclock_view) { .state = VMGENID_VMCLOCK_TORN };
}
