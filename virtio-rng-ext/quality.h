/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_QUALITY_H
#define VRNG_QUALITY_H

#include "../common/krng.h"

unsigned int vrng_quality_of(unsigned int quality, bool confidential);
int vrng_quality_filter(unsigned int quality, struct chv_krng *krng, void *data,
			int len);

#endif /* VRNG_QUALITY_H */
