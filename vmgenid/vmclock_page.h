/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_VMCLOCK_PAGE_H
#define VMGENID_VMCLOCK_PAGE_H

#include <linux/types.h>

struct vmclock_page;

/* A host that never ends an update must not keep a processor of the guest. */
#define VMGENID_VMCLOCK_TRIES_MAX	1000

/**
 * enum vmgenid_vmclock_state - what was found in VMClock's page at the last look
 * @VMGENID_VMCLOCK_OK: the generation counter
 * @VMGENID_VMCLOCK_NO_COUNTER: a page without it
 * @VMGENID_VMCLOCK_TORN: an update that did not end
 * @VMGENID_VMCLOCK_INVALID: no page of VMClock, or of a version that is not known
 */
enum vmgenid_vmclock_state {
	VMGENID_VMCLOCK_OK,
	VMGENID_VMCLOCK_NO_COUNTER,
	VMGENID_VMCLOCK_TORN,
	VMGENID_VMCLOCK_INVALID,
};

/**
 * struct vmgenid_vmclock_view - a page that was read
 * @state: whether the rest means anything
 * @notifies: the device notifies changes
 * @counter: the generation counter, with %VMGENID_VMCLOCK_OK
 */
struct vmgenid_vmclock_view {
	enum vmgenid_vmclock_state state;
	bool notifies;
	u64 counter;
};

const char *vmgenid_vmclock_state_name(enum vmgenid_vmclock_state state);
struct vmgenid_vmclock_view vmgenid_vmclock_read(const struct vmclock_page *page,
						 u64 len);

#endif /* VMGENID_VMCLOCK_PAGE_H */
