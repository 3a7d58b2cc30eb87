// SPDX-License-Identifier: GPL-2.0
/*
 * Suite vrng_tasks: what a pool does in its own time, on the kernel's real
 * work queue; and that none of it is left when the device goes.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>

#include "krng_fake.h"
#include "vrng_fake.h"
#include "../virtio-rng-ext/fork.h"
#include "../virtio-rng-ext/tasks.h"

#define LONG_MS		3600000
#define PATIENCE	(60 * HZ)

struct bench {
	struct vrng_tasks tasks;
	struct vrng_fork fork;
	struct fake_krng krng;
	struct completion cancelled;
};

static struct bench *new_bench(struct kunit *test)
{
	struct bench *bench = kunit_kzalloc(test, sizeof(*bench), GFP_KERNEL);
	struct vrng_fake *fake = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, bench);
	fake_krng_init(&bench->krng);
	vrng_fork_init(&bench->fork, &bench->krng.krng);
	vrng_tasks_init(&bench->tasks, &fake->pool, &bench->fork);
	init_completion(&bench->cancelled);
	return bench;
}

static int cancel(void *data)
{
	struct bench *bench = data;

	vrng_tasks_cancel(&bench->tasks);
	complete(&bench->cancelled);
	return 0;
}

static void wait_until_it_runs(struct kunit *test, struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < 60000 && !(work_busy(work) & WORK_BUSY_RUNNING); i++)
		usleep_range(1000, 2000);
	KUNIT_EXPECT_TRUE(test, work_busy(work) & WORK_BUSY_RUNNING);
}

/* The device is freed next: what runs by then has to be waited for. */
static void expect_cancel_waits(struct kunit *test, struct bench *bench)
{
	KUNIT_EXPECT_FALSE(test, IS_ERR(kthread_run(cancel, bench, "vrng-cancel")));
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&bench->cancelled,
							  msecs_to_jiffies(100)), 0);
}

static void expect_cancel_ends(struct kunit *test, struct bench *bench)
{
	KUNIT_EXPECT_GT(test, wait_for_completion_timeout(&bench->cancelled,
							  PATIENCE), 0);
}

static void make_seed(struct vrng_fake *fake)
{
	vrng_pool_drop(&fake->pool);
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
}

static void cancel_waits_for_the_seed(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);

	make_seed(fake);
	/* As a fork that is being dealt with does. */
	mutex_lock(&bench->fork.lock);
	vrng_tasks_run(&bench->tasks, false, true);
	wait_until_it_runs(test, &bench->tasks.seed);
	expect_cancel_waits(test, bench);
	mutex_unlock(&bench->fork.lock);
	expect_cancel_ends(test, bench);
	KUNIT_EXPECT_STREQ(test, bench->krng.steps, "mr");
	flush_work(&bench->tasks.seed);
}

static DECLARE_COMPLETION(go_on);

static void stay(struct vrng_fake *fake)
{
	wait_for_completion(&go_on);
}

static void cancel_waits_for_wiping(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);

	reinit_completion(&go_on);
	make_seed(fake);
	/* What is there for a fork gets the work item into the fake's hands. */
	fake->on_work = stay;
	schedule_work(&bench->tasks.wipe);
	wait_until_it_runs(test, &bench->tasks.wipe);
	expect_cancel_waits(test, bench);
	complete_all(&go_on);
	expect_cancel_ends(test, bench);
	flush_work(&bench->tasks.wipe);
}

static struct bench *busy_bench;
static bool busy_wipe, busy_seed;
static DECLARE_COMPLETION(stays);
static DECLARE_COMPLETION(go_further);

/* As a work item that finds some work, and is preempted before it schedules it. */
static void stay_and_schedule(struct vrng_fake *fake)
{
	complete(&stays);
	wait_for_completion(&go_on);
	vrng_tasks_run(&busy_bench->tasks, busy_wipe, busy_seed);
}

static void stay_further(struct vrng_fake *fake)
{
	wait_for_completion(&go_further);
}

/* A seed, and a buffer that is dirty. The large ones have the device. */
static void make_seed_and_dirt(struct vrng_fake *fake)
{
	vrng_pool_drop(&fake->pool);
	vrng_fake_use(fake, 0, 1, 1);
	vrng_fake_use(fake, vrng_fake_nr_posted(fake) - 1, VRNG_POOL_SHORT_LEN,
		      VRNG_POOL_SHORT_LEN);
	vrng_pool_harvest(&fake->pool);
}

static void start_and_stay(struct kunit *test, struct bench *bench, bool wipe)
{
	struct vrng_fake *fake = test->priv;

	reinit_completion(&go_on);
	reinit_completion(&stays);
	busy_bench = bench;
	busy_wipe = !wipe;
	busy_seed = wipe;
	fake->on_work = stay_and_schedule;
	vrng_tasks_run(&bench->tasks, wipe, !wipe);
	/* Not before it is there: next, it is told to do something else. */
	KUNIT_ASSERT_GT(test, wait_for_completion_timeout(&stays, PATIENCE), 0);
}

/* What was scheduled last is not there when the cancelling ends, and may be freed. */
static bool ends_with_nothing_left(struct kunit *test, struct bench *bench,
				   struct work_struct *work)
{
	bool ended;

	complete_all(&go_on);
	ended = wait_for_completion_timeout(&bench->cancelled, msecs_to_jiffies(100));
	if (ended)
		KUNIT_EXPECT_EQ(test, work_busy(work), 0);
	return ended;
}

static void cancel_waits_for_what_the_seed_schedules(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);
	bool ended;

	reinit_completion(&go_further);
	make_seed_and_dirt(fake);
	start_and_stay(test, bench, false);
	/* Another seed gets the wiping into the fake's hands. */
	fake->on_work = NULL;
	make_seed_and_dirt(fake);
	fake->on_work = stay_further;
	expect_cancel_waits(test, bench);
	ended = ends_with_nothing_left(test, bench, &bench->tasks.wipe);
	complete_all(&go_further);
	if (!ended)
		expect_cancel_ends(test, bench);
	flush_work(&bench->tasks.wipe);
	fake->on_work = NULL;
}

static void cancel_waits_for_what_wiping_schedules(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);
	bool ended;

	make_seed(fake);
	start_and_stay(test, bench, true);
	mutex_lock(&bench->fork.lock);
	expect_cancel_waits(test, bench);
	fake->on_work = NULL;
	ended = ends_with_nothing_left(test, bench, &bench->tasks.seed);
	mutex_unlock(&bench->fork.lock);
	if (!ended)
		expect_cancel_ends(test, bench);
	flush_work(&bench->tasks.seed);
}

static void cancel_leaves_nothing(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);

	vrng_tasks_defer(&bench->tasks, LONG_MS);
	fake->allocs_left = 0;
	fake->pool.nr_wanted++;
	KUNIT_EXPECT_FALSE(test, vrng_tasks_grow(&bench->tasks));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&bench->tasks.backoff));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&bench->tasks.grow));
	vrng_tasks_cancel(&bench->tasks);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&bench->tasks.backoff));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&bench->tasks.grow));
	/* Or else the timers would be freed with the test. */
	cancel_delayed_work_sync(&bench->tasks.backoff);
	cancel_delayed_work_sync(&bench->tasks.grow);
}

static void growth_goes_on_until_it_is_complete(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);

	fake->allocs_left = 1;
	fake->pool.nr_wanted += 2;
	KUNIT_EXPECT_FALSE(test, vrng_tasks_grow(&bench->tasks));
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR + 1);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&bench->tasks.grow));
	fake->allocs_left = 1;
	flush_delayed_work(&bench->tasks.grow);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR + 2);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&bench->tasks.grow));
	vrng_tasks_cancel(&bench->tasks);
}

static void deferred_end_of_a_backoff(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);

	vrng_fake_answer(fake, 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
	vrng_tasks_defer(&bench->tasks, LONG_MS);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
	flush_delayed_work(&bench->tasks.backoff);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	vrng_tasks_cancel(&bench->tasks);
}

/* Bytes ended a long back-off, and a short one begins: its end is what counts. */
static void last_backoff_counts(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);
	unsigned long end = jiffies + 10 * HZ;

	vrng_fake_answer(fake, 0);
	vrng_tasks_defer(&bench->tasks, LONG_MS);
	vrng_tasks_defer(&bench->tasks, VRNG_POOL_BACKOFF_MIN);
	while (delayed_work_pending(&bench->tasks.backoff) && time_before(jiffies, end))
		usleep_range(1000, 2000);
	flush_work(&bench->tasks.backoff.work);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&bench->tasks.backoff));
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	vrng_tasks_cancel(&bench->tasks);
}

static void what_is_dirty_is_wiped_and_posted(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct bench *bench = new_bench(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, 0);
	vrng_pool_harvest(&fake->pool);
	vrng_pool_backoff_end(&fake->pool);
	KUNIT_EXPECT_FALSE(test, vrng_fake_has(fake, buf));
	vrng_tasks_run(&bench->tasks, true, false);
	flush_work(&bench->tasks.wipe);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf->data, VRNG_FAKE_SIZE));
	KUNIT_EXPECT_TRUE(test, vrng_fake_has(fake, buf));
	KUNIT_EXPECT_STREQ(test, bench->krng.steps, "");
	vrng_tasks_cancel(&bench->tasks);
}

static struct kunit_case tasks_cases[] = {
	KUNIT_CASE(cancel_waits_for_the_seed),
	KUNIT_CASE(cancel_waits_for_wiping),
	KUNIT_CASE(cancel_waits_for_what_the_seed_schedules),
	KUNIT_CASE(cancel_waits_for_what_wiping_schedules),
	KUNIT_CASE(cancel_leaves_nothing),
	KUNIT_CASE(growth_goes_on_until_it_is_complete),
	KUNIT_CASE(deferred_end_of_a_backoff),
	KUNIT_CASE(last_backoff_counts),
	KUNIT_CASE(what_is_dirty_is_wiped_and_posted),
	{}
};

static struct kunit_suite tasks_suite = {
	.name = "vrng_tasks",
	.init = vrng_fake_init,
	.exit = vrng_fake_exit,
	.test_cases = tasks_cases,
};

kunit_test_suite(tasks_suite);
