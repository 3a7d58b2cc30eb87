/* SPDX-License-Identifier: GPL-2.0 */
/* The processor is not under test, but what it is asked for is. */
#ifndef FUZZ_LINUX_NOSPEC_H
#define FUZZ_LINUX_NOSPEC_H

#define array_index_nospec(index, size)	((index) < (size) ? (index) : 0)

#endif /* FUZZ_LINUX_NOSPEC_H */
