// SPDX-License-Identifier: GPL-2.0
/*
 * Suite vrng_fork: what a clone would have as well is used by nobody, and
 * what comes first then goes to the kernel.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>

#include "vrng_fake.h"

static void fork_once(struct vrng_fake *fake)
{
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0);
}

static void rings_and_epochs_wrap(struct kunit *test)
{
	struct vrng_fake *fake = test->priv;
	unsigned int i;

	fake->pool.epoch = U32_MAX - 4;
	vrng_fake_started(test);
	for (i = 0; i < 1000; i++) {
		vrng_fake_answer(fake, i % VRNG_FAKE_SIZE + 1);
		KUNIT_ASSERT_EQ(test, vrng_fake_take(fake, 1024), i % VRNG_FAKE_SIZE + 1);
		KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
		if (i % 100 == 99)
			fork_once(fake);
	}
	KUNIT_EXPECT_EQ(test, fake->pool.epoch, 5);
}

static void fork_drops_what_is_here_and_on_its_way(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct vrng_buf *ready = fake->posted[fake->posted_head];
	struct vrng_buf *flying = fake->posted[fake->posted_head + 1];
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_fake_answer(fake, 200);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 50), 50);
	/* Used, but nobody has looked yet. */
	vrng_fake_use(fake, 0, 70, 70);
	vrng_pool_drop(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.fork_dropped_bytes, 220);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(ready->data, VRNG_FAKE_SIZE));
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(flying->data, VRNG_FAKE_SIZE));

	/* The last of the old ones is still out; the short one follows it. */
	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), 2);
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.fork_dropped_bytes, 220 + VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), 0);
	KUNIT_ASSERT_EQ(test, fake->posted[fake->posted_head]->size,
			VRNG_POOL_SHORT_LEN);

	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0),
			VRNG_POOL_SHORT_LEN);
}

static void fork_before_the_first_answer(struct kunit *test)
{
	struct vrng_fake *fake = test->priv;

	vrng_pool_start(&fake->pool);
	vrng_pool_drop(&fake->pool);
	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.fork_dropped_bytes,
			VRNG_POOL_SHORT_LEN);
	/* It goes out again, and all others wait for it. */
	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_seed(&fake->pool));
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

static void fork_while_suspended(struct kunit *test)
{
	struct vrng_fake *fake = test->priv;

	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_seed(&fake->pool));
}

static void seed_after_a_fork_is_the_kernels(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];
	unsigned int wakes;

	vrng_pool_drop(&fake->pool);
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, VRNG_POOL_SEED_LEN - 1);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 0);
	KUNIT_EXPECT_FALSE(test, vrng_pool_is_readable(&fake->pool));
	/* A seed comes whole, or it could be guessed part by part. */
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0), 0);
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_seed(&fake->pool));
	wakes = fake->nr_wakes;
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0),
			VRNG_POOL_SHORT_LEN);
	/* The rest is the readers'. */
	KUNIT_EXPECT_GT(test, fake->nr_wakes, wakes);
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_readable(&fake->pool));
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), VRNG_FAKE_SIZE - 33);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0), 0);
	vrng_fake_answer(fake, 5);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), 5);
}

/* Few bytes in one buffer are no reason to give up while another is to come. */
static void seed_waits_for_what_is_being_wiped(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	while (vrng_fake_nr_posted(fake))
		vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	vrng_pool_drop(&fake->pool);
	vrng_fake_use(fake, 0, 1, 1);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), 0);
	KUNIT_EXPECT_FALSE(test, vrng_pool_has_seed(&fake->pool));
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

static void fork_ends_a_backoff(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	while (vrng_fake_nr_posted(fake))
		vrng_fake_answer(fake, 0);
	vrng_pool_drop(&fake->pool);
	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), 1);
	KUNIT_EXPECT_EQ(test, fake->posted[fake->posted_head % VRNG_FAKE_RING]->size,
			VRNG_POOL_SHORT_LEN);
}

/* All of it would take an interrupt handler too long. */
static void fork_wipes_without_the_lock(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct vrng_buf *ready = fake->posted[fake->posted_head];
	struct vrng_buf *flying = fake->posted[fake->posted_head + 1];
	unsigned int wipes;

	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	wipes = fake->nr_wipes;
	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_FALSE(test, vrng_fake_is_zero(ready->data, VRNG_FAKE_SIZE));
	KUNIT_EXPECT_FALSE(test, vrng_fake_has(fake, ready));
	KUNIT_EXPECT_GT(test, fake->nr_wipes, wipes);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 0);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(ready->data, VRNG_FAKE_SIZE));

	wipes = fake->nr_wipes;
	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, VRNG_FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_FALSE(test, vrng_fake_is_zero(flying->data, VRNG_FAKE_SIZE));
	KUNIT_EXPECT_FALSE(test, vrng_fake_has(fake, flying));
	KUNIT_EXPECT_GT(test, fake->nr_wipes, wipes);
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(flying->data, VRNG_FAKE_SIZE));
	KUNIT_EXPECT_FALSE(test, vrng_pool_is_dirty(&fake->pool));
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, vrng_fake_has(fake, ready));
	KUNIT_EXPECT_TRUE(test, vrng_fake_has(fake, flying));
}

/* Fewer bytes than a seed needs, and no buffer left to put more in. */
static void small_seed_does_not_lock_up(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	vrng_pool_wipe(&fake->pool);
	while (vrng_fake_nr_posted(fake))
		vrng_fake_answer(fake, 1);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_seed(&fake->pool));
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0),
			1 + VRNG_FAKE_NR);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

/* The same, with an answer to the short request that had no byte: it is left to be asked. */
static void small_seed_without_a_short_answer_does_not_lock_up(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];
	unsigned int i;

	vrng_pool_drop(&fake->pool);
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, 0);
	vrng_pool_backoff_end(&fake->pool);
	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	for (i = 0; i < VRNG_FAKE_NR; i++)
		vrng_fake_answer(fake, 1);
	KUNIT_EXPECT_FALSE(test, vrng_pool_has_seed(&fake->pool));
	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), 1);
	vrng_fake_answer(fake, VRNG_POOL_SEED_LEN);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0),
			VRNG_FAKE_NR + VRNG_POOL_SEED_LEN);
	KUNIT_EXPECT_FALSE(test, fake->pool.seed_reserved);
}

#define RACE_ANSWERS	20000

struct race {
	struct vrng_fake *fake;
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
		busy = vrng_fake_nr_posted(race->fake);
		if (busy) {
			vrng_fake_use(race->fake, 0, i % 64 + 1, i % 64 + 1);
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
	struct vrng_fake *fake = vrng_fake_started(test);
	struct race race = { .fake = fake };
	u64 before = fake->pool.counters.read_bytes;
	struct task_struct *task;
	u8 buf[VRNG_POOL_SHORT_LEN];
	bool done;

	init_completion(&race.done);
	task = kthread_run(race_device, &race, "vrng-race");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	do {
		done = try_wait_for_completion(&race.done);
		while (vrng_fake_take(fake, 64) > 0 ||
		       vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0) > 0)
			;
		usleep_range(10, 20);
	} while (!done);
	KUNIT_EXPECT_GT(test, fake->pool.counters.fork_dropped_bytes, 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.read_bytes - before +
			fake->pool.counters.fork_dropped_bytes +
			vrng_pool_buffered(&fake->pool), race.given);
}

static struct kunit_case fork_cases[] = {
	KUNIT_CASE(rings_and_epochs_wrap),
	KUNIT_CASE(fork_drops_what_is_here_and_on_its_way),
	KUNIT_CASE(fork_before_the_first_answer),
	KUNIT_CASE(fork_while_suspended),
	KUNIT_CASE(seed_after_a_fork_is_the_kernels),
	KUNIT_CASE(seed_waits_for_what_is_being_wiped),
	KUNIT_CASE(small_seed_does_not_lock_up),
	KUNIT_CASE(small_seed_without_a_short_answer_does_not_lock_up),
	KUNIT_CASE(fork_ends_a_backoff),
	KUNIT_CASE(fork_wipes_without_the_lock),
	KUNIT_CASE(consumer_completion_and_fork_at_once),
	{}
};

static struct kunit_suite fork_suite = {
	.name = "vrng_fork",
	.init = vrng_fake_init,
	.exit = vrng_fake_exit,
	.test_cases = fork_cases,
};

kunit_test_suite(fork_suite);
