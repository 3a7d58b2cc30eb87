// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit's test.c without its module notifier, which reads members of struct
 * module that this kernel's does not have, and without task_struct's member.
 */
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/sched/debug.h>
#include <kunit/resource.h>
#include <kunit/test.h>
#include "debugfs.h"
#include "string-stream.h"
#include "try-catch-impl.h"

/* The notifier's view of a module. It is compiled, but never registered. */
struct kunit_module {
	struct kunit_suite **kunit_suites, **kunit_init_suites;
	int num_kunit_suites, num_kunit_init_suites;
};

#define module kunit_module
#define register_module_notifier(nb) ((void)(nb), 0)
#define unregister_module_notifier(nb) ((void)(nb))

#undef current
#define current kunit_current

#include "test.c"
