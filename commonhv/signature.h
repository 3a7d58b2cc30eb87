/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_SIGNATURE_H
#define COMMONHV_SIGNATURE_H

#include <linux/types.h>

#include "abi.h"

/* Twelve bytes, each at worst as \xHH, and the NUL. */
#define COMMONHV_SIGNATURE_TEXT_LEN	(COMMONHV_SIGNATURE_LEN * 4 + 1)

void commonhv_signature_escape(const u8 *signature, char *text);
bool commonhv_signature_is_known(const u8 *signature);
const char *commonhv_signature_vendor(const u8 *signature);

#endif /* COMMONHV_SIGNATURE_H */
