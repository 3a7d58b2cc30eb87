/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module loader of a kernel with KUnit does for a module of suites,
 * done by the module itself: find its suites and run them. Force-included in
 * each of its files; the linker keeps one copy of what is weak.
 */
#ifndef KUNIT_CORE_SUITES_H
#define KUNIT_CORE_SUITES_H

#include "stock.h"

/* The section that kunit_test_suites() fills; see suites.lds. */
extern struct kunit_suite *const kunit_suites_begin[];
extern struct kunit_suite *const kunit_suites_end[];

int __weak __init init_module(void)
{
	return kunit_run_suites(kunit_suites_begin,
				kunit_suites_end - kunit_suites_begin);
}

void __weak __exit cleanup_module(void)
{
}

/* As in module_init(): without it the compiler leaves out what IBT needs. */
___ADDRESSABLE(init_module, __initdata);
___ADDRESSABLE(cleanup_module, __exitdata);

#endif /* KUNIT_CORE_SUITES_H */
