/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_NOTIFIER_H
#define VMGENID_NOTIFIER_H

#include "../common/vmfork.h"
#include "source.h"

struct vmgenid_pipeline;

extern struct vmgenid_source vmgenid_notifier_source;

bool vmgenid_notifier_call(struct vmgenid_pipeline *pipeline,
			   enum vmgenid_fork_phase phase);

#endif /* VMGENID_NOTIFIER_H */
