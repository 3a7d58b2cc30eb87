// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_storm: notifications and triggers side by side. */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>

#include "vmgenid_fake.h"

#define NR_THREADS	4

struct storm {
	struct fake_machine *m;
	struct completion done;
	atomic_t left;
	atomic_t nr_forks;
	bool stop;
};

static int storm_thread(void *data)
{
	struct storm *storm = data;

	while (!READ_ONCE(storm->stop)) {
		if (vmgenid_pipeline_check(&storm->m->pipeline))
			atomic_inc(&storm->nr_forks);
		cond_resched();
	}
	if (atomic_dec_and_test(&storm->left))
		complete(&storm->done);
	return 0;
}

static void linger(struct fake_machine *m)
{
	usleep_range(100, 200);
}

static void storm_start(struct kunit *test, struct storm *storm)
{
	struct task_struct *task;
	int i;

	init_completion(&storm->done);
	atomic_set(&storm->left, 1);
	for (i = 0; i < NR_THREADS; i++) {
		atomic_inc(&storm->left);
		task = kthread_run(storm_thread, storm, "storm%d", i);
		if (!IS_ERR(task))
			continue;
		atomic_dec(&storm->left);
		KUNIT_FAIL(test, "no thread");
	}
}

static void storm_stop(struct storm *storm)
{
	WRITE_ONCE(storm->stop, true);
	if (!atomic_dec_and_test(&storm->left))
		wait_for_completion(&storm->done);
}

/* Each fork once, one at a time, none lost. */
static void storm_counts_each_fork_once(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	struct storm storm = { .m = m };
	int i, wait;

	m->during_early = linger;
	storm_start(test, &storm);
	for (i = 1; i <= NR_FORKS; i++) {
		WRITE_ONCE(m->id.words[0], m->id.words[0] + 1);
		for (wait = 0; wait < 20000 && READ_ONCE(m->nr_published) < i; wait++)
			usleep_range(500, 1000);
	}
	storm_stop(&storm);
	KUNIT_EXPECT_EQ(test, m->nr_published, NR_FORKS);
	KUNIT_EXPECT_EQ(test, atomic_read(&storm.nr_forks), NR_FORKS);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, NR_FORKS);
	KUNIT_EXPECT_EQ(test, atomic_read(&m->overlaps), 0);
	for (i = 0; i < NR_FORKS; i++) {
		KUNIT_EXPECT_EQ(test, m->published[i], i + 1);
		KUNIT_EXPECT_EQ(test, strncmp(m->steps + ONE_FORK_LEN * i,
					      ONE_FORK, ONE_FORK_LEN), 0);
	}
}

/* Triggers come from user space, side by side. */
static int trigger_thread(void *data)
{
	struct storm *storm = data;
	int i;

	for (i = 0; i < NR_FORKS / 2; i++)
		vmgenid_pipeline_trigger(&storm->m->pipeline, 0);
	if (atomic_dec_and_test(&storm->left))
		complete(&storm->done);
	return 0;
}

static void forks_do_not_overlap(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	struct storm storm = { .m = m };
	int i;

	m->during_early = linger;
	init_completion(&storm.done);
	atomic_set(&storm.left, 2);
	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(trigger_thread, &storm,
							    "trigger%d", i)));
	wait_for_completion(&storm.done);
	KUNIT_EXPECT_EQ(test, atomic_read(&m->overlaps), 0);
	KUNIT_EXPECT_EQ(test, m->nr_published, NR_FORKS);
	for (i = 0; i < NR_FORKS; i++)
		KUNIT_EXPECT_EQ(test, m->published[i], i + 1);
}

static struct kunit_case storm_cases[] = {
	KUNIT_CASE(storm_counts_each_fork_once),
	KUNIT_CASE(forks_do_not_overlap),
	{}
};

static struct kunit_suite storm_suite = {
	.name = "vmgenid_storm",
	.init = fake_machine_init,
	.exit = fake_machine_exit,
	.test_cases = storm_cases,
};

kunit_test_suites(&storm_suite);
