// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit's try-catch.c, and what takes the place of task_struct's kunit_test.
 */
#include "try-catch.c"

/**
 * kunit_task_test() - the test that the current task runs
 *
 * Each test runs in a kernel thread of its own, whose data leads to the test:
 * that is as good as a member of task_struct, with nothing to keep up to date.
 *
 * Context: any.
 * Return: the test, or NULL in a task that is not a test's own.
 */
struct kunit *kunit_task_test(void)
{
	struct kunit_try_catch *try_catch;

	if (!in_task() || !(current->flags & PF_KTHREAD) ||
	    kthread_func(current) != kunit_generic_run_threadfn_adapter)
		return NULL;

	try_catch = kthread_data(current);
	return try_catch->test;
}
EXPORT_SYMBOL_GPL(kunit_task_test);
