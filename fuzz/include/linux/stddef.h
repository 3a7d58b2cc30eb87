/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_STDDEF_H
#define FUZZ_LINUX_STDDEF_H

#include <stddef.h>

#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof(((type *)0)->member))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#endif /* FUZZ_LINUX_STDDEF_H */
