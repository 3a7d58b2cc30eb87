// SPDX-License-Identifier: GPL-2.0
/*
 * How a module of suites runs them, in place of KUnit's module notifier. The
 * output is the same on every kernel: 6.1's KUnit prints no plan for a module.
 */
#include <linux/glob.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/test.h>

static char *suites_glob = "*";
module_param_named(suites, suites_glob, charp, 0600);
MODULE_PARM_DESC(suites, "Run only the suites whose name matches one of these globs (separated by commas)");

static bool kunit_suite_is_wanted(const struct kunit_suite *suite)
{
	char *globs = kstrdup(suites_glob, GFP_KERNEL), *rest = globs, *glob;
	bool wanted = false;

	while ((glob = strsep(&rest, ",")))
		wanted |= glob_match(glob, suite->name);
	kfree(globs);
	return wanted;
}

/*
 * With KUnit's autorun option came a parameter that tells whether to run the
 * suites, and not only to show them in debugfs.
 */
typedef int kunit_init_fn(struct kunit_suite *const *const suites, int nr_suites);
typedef int kunit_init_run_fn(struct kunit_suite *const *const suites,
			      int nr_suites, bool run);

static void kunit_call_init(kunit_init_fn *init, struct kunit_suite **suites,
			    int nr_suites)
{
	init(suites, nr_suites);
}

static void kunit_call_init_run(kunit_init_run_fn *init,
				struct kunit_suite **suites, int nr_suites)
{
	init(suites, nr_suites, true);
}

static void kunit_init_suites(struct kunit_suite **suites, int nr_suites)
{
	__builtin_choose_expr(__same_type(__kunit_test_suites_init, kunit_init_fn),
			      kunit_call_init, kunit_call_init_run)
		(__kunit_test_suites_init, suites, nr_suites);
}

/**
 * kunit_run_suites() - run a module's suites, reporting in KTAP
 * @suites: the suites
 * @nr_suites: how many
 *
 * Context: process context; takes as long as the tests do.
 * Return: 0 whatever the tests' results, as with KUnit's own module notifier.
 */
int kunit_run_suites(struct kunit_suite *const suites[], size_t nr_suites)
{
	struct kunit_suite **wanted;
	size_t i, nr_wanted = 0;

	wanted = kcalloc(nr_suites, sizeof(*wanted), GFP_KERNEL);
	if (!wanted)
		return -ENOMEM;

	for (i = 0; i < nr_suites; i++)
		if (kunit_suite_is_wanted(suites[i]))
			wanted[nr_wanted++] = suites[i];

	pr_info("KTAP version 1\n");
	pr_info("1..%zu\n", nr_wanted);
	kunit_init_suites(wanted, nr_wanted);
	/* With no debugfs there is nothing to tear down; 6.1 counts suites on, though. */
	__kunit_test_suites_exit(wanted, nr_wanted);

	kfree(wanted);
	return 0;
}
EXPORT_SYMBOL_GPL(kunit_run_suites);
