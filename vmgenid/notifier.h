/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_NOTIFIER_H
#define VMGENID_NOTIFIER_H

#include "../common/vmfork.h"

struct vmgenid_pipeline;

bool vmgenid_notifier_look(struct vmgenid_pipeline *pipeline);
void vmgenid_notifier_call(struct vmgenid_pipeline *pipeline,
			   enum vmgenid_fork_phase phase);

#endif /* VMGENID_NOTIFIER_H */
