/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_ID_H
#define VMGENID_ID_H

#include "source.h"

extern struct vmgenid_source vmgenid_id_source;

bool vmgenid_id_has_driver(void);
bool vmgenid_id_survives_restore(void);

#endif /* VMGENID_ID_H */
