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

#undef CONFIG_MODULES
#undef current
#define current kunit_current

#include "test.c"
