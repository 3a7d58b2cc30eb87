/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables whose rows name themselves: KUNIT_ARRAY_PARAM_DESC(), which 6.12 has and
 * 6.1 has not.
 */
#ifndef KUNIT_TABLE_H
#define KUNIT_TABLE_H

#include <kunit/test.h>

#ifndef KUNIT_ARRAY_PARAM_DESC
#define KUNIT_ARRAY_PARAM_DESC(name, array, desc_member)		\
	static void name##_param_desc(typeof(&(array)[0]) row, char *desc) \
	{								\
		strscpy(desc, row->desc_member, KUNIT_PARAM_DESC_SIZE);	\
	}								\
	KUNIT_ARRAY_PARAM(name, array, name##_param_desc)
#endif

#endif /* KUNIT_TABLE_H */
