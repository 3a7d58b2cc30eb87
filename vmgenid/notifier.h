/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_NOTIFIER_H
#define VMGENID_NOTIFIER_H

#include "../common/vmfork.h"

void vmgenid_fork_notify(enum vmgenid_fork_phase phase);

#endif /* VMGENID_NOTIFIER_H */
