/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_NOTIFIER_H
#define VMGENID_NOTIFIER_H

#include "vmgenid.h"

void vmgenid_fork_notify(enum vmgenid_fork_event event,
			 const struct vmgenid_fork *fork);

#endif /* VMGENID_NOTIFIER_H */
