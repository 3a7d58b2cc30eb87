/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit for a kernel that was built without it. Force-included ahead of
 * everything else in KUnit's own files and in the suites.
 */
#ifndef KUNIT_CORE_STOCK_H
#define KUNIT_CORE_STOCK_H

#include <linux/module.h>
#include <linux/sched.h>

/*
 * No earlier, and not on the command line: struct module and struct task_struct
 * have members for KUnit, which the running kernel's do not have.
 */
#define CONFIG_KUNIT_MODULE 1
#define CONFIG_KUNIT_DEFAULT_ENABLED 1
#define CONFIG_KUNIT_AUTORUN_ENABLED 1
#define CONFIG_KUNIT_DEFAULT_FILTER ""
#define CONFIG_KUNIT_DEFAULT_FILTER_ACTION ""
#define CONFIG_KUNIT_DEFAULT_FILTER_GLOB ""
#define CONFIG_KUNIT_DEFAULT_TIMEOUT 300

struct kunit;
struct kunit_suite;

struct kunit_task {
	struct kunit *kunit_test;
};

struct kunit *kunit_task_test(void);
int kunit_run_suites(struct kunit_suite *const suites[], size_t nr_suites);

/*
 * What "current->kunit_test" is made to mean, in the few places that name it:
 * reads get the test that the current task runs, writes go nowhere.
 */
#define kunit_current (&(struct kunit_task){ kunit_task_test() })

#pragma push_macro("current")
#include <linux/jump_label.h>
#undef current
#define current kunit_current
#include <kunit/test-bug.h>
#pragma pop_macro("current")

#endif /* KUNIT_CORE_STOCK_H */
