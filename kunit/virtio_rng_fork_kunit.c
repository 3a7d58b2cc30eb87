// SPDX-License-Identifier: GPL-2.0
/*
 * Suite virtio_rng_fork: what a clone would have as well is used by nobody, and
 * what comes first then goes to the kernel.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>

#include "virtio_rng_fake.h"

static void fork_once(struct fake *fake)
{
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	while (fake_is_stale(fake))
		fake_answer(fake, 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	vrng_pool_take_first(&fake->pool, buf, sizeof(buf));
}

static void rings_and_epochs_wrap(struct kunit *test)
{
	struct fake *fake = test->priv;
	unsigned int i;

	fake->pool.epoch = U32_MAX - 4;
	fake_started(test);
	for (i = 0; i < 1000; i++) {
		fake_answer(fake, i % FAKE_SIZE + 1);
		KUNIT_ASSERT_EQ(test, fake_take(fake, 1024), i % FAKE_SIZE + 1);
		KUNIT_ASSERT_EQ(test, fake_nr_posted(fake), FAKE_NR);
		if (i % 100 == 99)
			fork_once(fake);
	}
	KUNIT_EXPECT_EQ(test, fake->pool.epoch, 5);
}

static void fork_drops_what_is_here_and_on_its_way(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	struct vrng_buf *ready = fake->posted[fake->posted_head];
	struct vrng_buf *flying = fake->posted[fake->posted_head + 1];
	u8 buf[VRNG_POOL_SHORT_LEN];

	fake_answer(fake, 200);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 50), 50);
	/* Used, but nobody has looked yet. */
	fake_use(fake, 0, 70, 70);
	vrng_pool_drop(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork, 220);
	KUNIT_EXPECT_TRUE(test, fake_is_zero(ready->data, FAKE_SIZE));
	KUNIT_EXPECT_TRUE(test, fake_is_zero(flying->data, FAKE_SIZE));

	/* The last of the old ones is still out; the short one follows it. */
	KUNIT_ASSERT_EQ(test, fake_nr_posted(fake), 2);
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork, 220 + FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), 0);
	KUNIT_ASSERT_EQ(test, fake->posted[fake->posted_head]->size,
			VRNG_POOL_SHORT_LEN);

	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)),
			VRNG_POOL_SHORT_LEN);
}

static void fork_before_the_first_answer(struct kunit *test)
{
	struct fake *fake = test->priv;

	vrng_pool_start(&fake->pool);
	vrng_pool_drop(&fake->pool);
	KUNIT_ASSERT_EQ(test, fake_nr_posted(fake), 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork,
			VRNG_POOL_SHORT_LEN);
	/* It goes out again, and all others wait for it. */
	KUNIT_ASSERT_EQ(test, fake_nr_posted(fake), 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
}

static void fork_while_suspended(struct kunit *test)
{
	struct fake *fake = test->priv;

	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
}

static void first_bytes_after_a_fork_are_the_kernels(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];
	unsigned int wakes;

	vrng_pool_drop(&fake->pool);
	while (fake_is_stale(fake))
		fake_answer(fake, 1);
	fake_answer(fake, VRNG_POOL_FIRST_LEN - 1);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), 0);
	KUNIT_EXPECT_FALSE(test, vrng_pool_is_worth_a_look(&fake->pool));
	/* A seed comes whole, or it could be guessed part by part. */
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)), 0);
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
	wakes = fake->nr_wakes;
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)),
			VRNG_POOL_SHORT_LEN);
	/* The rest is the readers'. */
	KUNIT_EXPECT_GT(test, fake->nr_wakes, wakes);
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_worth_a_look(&fake->pool));
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), FAKE_SIZE - 33);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)), 0);
	fake_answer(fake, 5);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1024), 5);
}

/* Few bytes in one buffer are no reason to give up while another is to come. */
static void first_bytes_wait_for_what_is_being_wiped(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	while (fake_nr_posted(fake))
		fake_answer(fake, FAKE_SIZE);
	vrng_pool_drop(&fake->pool);
	fake_use(fake, 0, 1, 1);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), 0);
	KUNIT_EXPECT_FALSE(test, vrng_pool_has_first(&fake->pool));
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
}

static void fork_ends_a_hold(struct kunit *test)
{
	struct fake *fake = fake_started(test);

	while (fake_nr_posted(fake))
		fake_answer(fake, 0);
	vrng_pool_drop(&fake->pool);
	KUNIT_ASSERT_EQ(test, fake_nr_posted(fake), 1);
	KUNIT_EXPECT_EQ(test, fake->posted[fake->posted_head % FAKE_RING]->size,
			VRNG_POOL_SHORT_LEN);
}

/* All of it would take an interrupt handler too long. */
static void fork_wipes_without_the_lock(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	struct vrng_buf *ready = fake->posted[fake->posted_head];
	struct vrng_buf *flying = fake->posted[fake->posted_head + 1];
	unsigned int works;

	fake_answer(fake, FAKE_SIZE);
	works = fake->nr_works;
	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_FALSE(test, fake_is_zero(ready->data, FAKE_SIZE));
	KUNIT_EXPECT_FALSE(test, fake_has(fake, ready));
	KUNIT_EXPECT_GT(test, fake->nr_works, works);
	KUNIT_EXPECT_EQ(test, fake_take(fake, 1), 0);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_TRUE(test, fake_is_zero(ready->data, FAKE_SIZE));

	works = fake->nr_works;
	fake_use(fake, 0, FAKE_SIZE, FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_FALSE(test, fake_is_zero(flying->data, FAKE_SIZE));
	KUNIT_EXPECT_FALSE(test, fake_has(fake, flying));
	KUNIT_EXPECT_GT(test, fake->nr_works, works);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_TRUE(test, fake_is_zero(flying->data, FAKE_SIZE));
	KUNIT_EXPECT_FALSE(test, vrng_pool_is_dirty(&fake->pool));
	while (fake_is_stale(fake))
		fake_answer(fake, 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, fake_has(fake, ready));
	KUNIT_EXPECT_TRUE(test, fake_has(fake, flying));
}

/* Fewer bytes than a seed needs, and no buffer left to put more in. */
static void first_bytes_do_not_lock_up(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	while (fake_nr_posted(fake))
		fake_answer(fake, 1);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)),
			1 + FAKE_NR);
	KUNIT_EXPECT_EQ(test, fake_nr_posted(fake), FAKE_NR);
}

#define RACE_ANSWERS	20000

struct race {
	struct fake *fake;
	struct completion done;
	u64 given;
};

/* Answers whatever is posted; a fork now and then. */
static int race_device(void *data)
{
	struct race *race = data;
	struct vrng_pool *pool = &race->fake->pool;
	unsigned long flags;
	unsigned int i = 0;
	bool busy;

	while (i < RACE_ANSWERS) {
		spin_lock_irqsave(&pool->lock, flags);
		busy = fake_nr_posted(race->fake);
		if (busy) {
			fake_use(race->fake, 0, i % 64 + 1, i % 64 + 1);
			race->given += i % 64 + 1;
			i++;
		}
		spin_unlock_irqrestore(&pool->lock, flags);
		vrng_pool_harvest(pool);
		if (i % 1000 == 999)
			vrng_pool_drop(pool);
		vrng_pool_wipe(pool);
		if (!busy)
			usleep_range(10, 20);
	}
	complete(&race->done);
	return 0;
}

static void consumer_completion_and_fork_at_once(struct kunit *test)
{
	struct fake *fake = fake_started(test);
	struct race race = { .fake = fake };
	u64 before = fake->pool.counters.bytes;
	struct task_struct *task;
	u8 buf[VRNG_POOL_SHORT_LEN];
	bool done;

	init_completion(&race.done);
	task = kthread_run(race_device, &race, "vrng-race");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	do {
		done = try_wait_for_completion(&race.done);
		while (fake_take(fake, 64) > 0 ||
		       vrng_pool_take_first(&fake->pool, buf, sizeof(buf)) > 0)
			;
		usleep_range(10, 20);
	} while (!done);
	KUNIT_EXPECT_GT(test, fake->pool.counters.dropped_on_fork, 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.bytes - before +
			fake->pool.counters.dropped_on_fork +
			vrng_pool_buffered(&fake->pool), race.given);
}

static struct kunit_case fork_cases[] = {
	KUNIT_CASE(rings_and_epochs_wrap),
	KUNIT_CASE(fork_drops_what_is_here_and_on_its_way),
	KUNIT_CASE(fork_before_the_first_answer),
	KUNIT_CASE(fork_while_suspended),
	KUNIT_CASE(first_bytes_after_a_fork_are_the_kernels),
	KUNIT_CASE(first_bytes_wait_for_what_is_being_wiped),
	KUNIT_CASE(first_bytes_do_not_lock_up),
	KUNIT_CASE(fork_ends_a_hold),
	KUNIT_CASE(fork_wipes_without_the_lock),
	KUNIT_CASE(consumer_completion_and_fork_at_once),
	{}
};

static struct kunit_suite fork_suite = {
	.name = "virtio_rng_fork",
	.init = fake_init,
	.exit = fake_exit,
	.test_cases = fork_cases,
};

kunit_test_suite(fork_suite);
