// SPDX-License-Identifier: GPL-2.0
/*
 * Suite vrng_details: limits of the pool and its monitor, and what is in
 * their memory afterwards.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/string.h>

#include "krng_fake.h"
#include "vrng_fake.h"
#include "../virtio-rng-ext/fork.h"
#include "../virtio-rng-ext/tasks.h"

#define DETAILS_LARGE	(2 * VRNG_POOL_JUDGE_MAX)

/* An idle buffer is all zeros, the short one too. */
static void short_buffer_is_wiped_when_dropped(struct kunit *test)
{
	struct vrng_fake *fake = test->priv;
	struct vrng_buf *buf = &fake->pool.bufs[0];

	vrng_pool_start(&fake->pool);
	vrng_fake_use(fake, 0, VRNG_POOL_SHORT_LEN, VRNG_POOL_SHORT_LEN);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_FALSE(test, vrng_fake_is_zero(buf->data, VRNG_POOL_SHORT_LEN));
	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf->data, VRNG_POOL_SHORT_LEN));
	KUNIT_EXPECT_TRUE(test, vrng_fake_has(fake, buf));
}

/* A megabyte is not wiped with interrupts off: that is vrng_pool_wipe()'s. */
static void large_buffers_are_wiped_later(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, VRNG_FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_dirty(&fake->pool));
	KUNIT_EXPECT_EQ(test, buf->state, VRNG_BUF_DIRTY);
	KUNIT_EXPECT_FALSE(test, vrng_fake_is_zero(buf->data, VRNG_FAKE_SIZE));
	vrng_pool_wipe(&fake->pool);
	KUNIT_EXPECT_FALSE(test, vrng_pool_is_dirty(&fake->pool));
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf->data, VRNG_FAKE_SIZE));
}

static void reader_gets_no_more_than_the_limit(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u8 *buf = kunit_kzalloc(test, 2 * VRNG_POOL_TAKE_MAX, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	fake->pool.nr_wanted = VRNG_POOL_TAKE_MAX / VRNG_FAKE_SIZE + 1;
	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	for (i = 0; i < fake->pool.nr_wanted; i++)
		vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, 2 * VRNG_POOL_TAKE_MAX, false),
			VRNG_POOL_TAKE_MAX);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf + VRNG_POOL_TAKE_MAX, VRNG_POOL_TAKE_MAX));
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), VRNG_FAKE_SIZE);
}

static void reader_gets_nothing_from_what_is_gone(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 1);
	KUNIT_EXPECT_GT(test, fake->pool.judged, 1);
	vrng_pool_stop(&fake->pool, VRNG_POOL_GONE);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), -ENODEV);
}

static void bytes_are_counted_however_they_are_taken(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u64 before = fake->pool.counters.read_bytes;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, before, VRNG_POOL_SHORT_LEN);
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	for (i = 0; i < VRNG_FAKE_SIZE; i++)
		KUNIT_ASSERT_EQ(test, vrng_fake_take(fake, 1), 1);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.read_bytes - before, VRNG_FAKE_SIZE);
}

/* No reader has to wait until a large buffer is judged as a whole. */
static void judging_is_bounded(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	fake->pool.buf_size = DETAILS_LARGE;
	fake->pool.nr_wanted++;
	KUNIT_ASSERT_EQ(test, vrng_pool_grow(&fake->pool), 0);
	vrng_fake_use(fake, VRNG_FAKE_NR, DETAILS_LARGE, DETAILS_LARGE);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 1);
	KUNIT_EXPECT_EQ(test, fake->pool.judged, VRNG_POOL_JUDGE_MAX - 1);
	KUNIT_EXPECT_EQ(test, fake->pool.left, DETAILS_LARGE - 1);
}

static void seed_is_reserved_once(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_TRUE(test, fake->pool.seed_reserved);
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0),
			VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_FALSE(test, fake->pool.seed_reserved);
	KUNIT_EXPECT_FALSE(test, vrng_pool_has_seed(&fake->pool));
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_seed(&fake->pool, buf, sizeof(buf), 0), 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1024), VRNG_POOL_SHORT_LEN);
}

static const siphash_key_t details_keys[] = { { { 1, 2 } }, { { 1, 3 } } };

static struct vrng_monitor *details_monitor(struct kunit *test, unsigned int key)
{
	struct vrng_monitor *monitor = kunit_kzalloc(test, sizeof(*monitor), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, monitor);
	vrng_monitor_init(monitor, &details_keys[key]);
	return monitor;
}

/* A hash says nothing of its word without the key, which is random. */
static void monitor_remembers_hashes_of_its_own(struct kunit *test)
{
	struct vrng_monitor *a = details_monitor(test, 0), *b = details_monitor(test, 1);
	u8 word[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	vrng_monitor_check(a, word, sizeof(word));
	vrng_monitor_check(b, word, sizeof(word));
	KUNIT_EXPECT_EQ(test, a->health.history_len, 1);
	KUNIT_EXPECT_NE(test, a->health.history[0], b->health.history[0]);
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(a->word, sizeof(a->word)));
}

/* Three answers that are the same, of which each begins a stride. */
static void monitor_judges_each_answer(struct kunit *test)
{
	struct vrng_monitor *monitor = details_monitor(test, 0);
	u8 answer[16];
	int i;

	memset(answer, 0x5a, sizeof(answer));
	for (i = 1; i <= 3; i++) {
		vrng_monitor_begin(monitor);
		KUNIT_EXPECT_EQ(test, vrng_monitor_check(monitor, answer, sizeof(answer)), i < 3);
	}
}

/* Two of these make a word. The third word is the last. */
static void monitor_joins_short_answers(struct kunit *test)
{
	struct vrng_monitor *monitor = details_monitor(test, 0);
	u8 answer[4];
	int i;

	memset(answer, 0x5a, sizeof(answer));
	for (i = 0; i < 2 * VRNG_MONITOR_STRIDE; i++) {
		vrng_monitor_begin(monitor);
		if (!vrng_monitor_check(monitor, answer, sizeof(answer)))
			break;
	}
	KUNIT_EXPECT_EQ(test, i, 2 * 3 - 1);
}

static void buffer_goes_round(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	KUNIT_ASSERT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR - 1);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, VRNG_FAKE_SIZE), VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

static void backoff_ends_when_told(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, 0);
	KUNIT_EXPECT_TRUE(test, fake->pool.backing_off);
	vrng_pool_backoff_end(&fake->pool);
	KUNIT_EXPECT_FALSE(test, fake->pool.backing_off);
	KUNIT_EXPECT_EQ(test, vrng_fake_nr_posted(fake), VRNG_FAKE_NR);
}

/* Nothing is posted while backing off, and still it is found out. */
static void broken_queue_is_seen_in_a_backoff(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, 0);
	KUNIT_EXPECT_TRUE(test, fake->pool.backing_off);
	fake->broken = true;
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->pool.state, VRNG_POOL_BROKEN);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), -EIO);
}

static void stopped_pool_takes_nothing_in(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, VRNG_FAKE_SIZE);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_pool_buffered(&fake->pool), 0);
	KUNIT_EXPECT_NE(test, fake->used_head, fake->used_tail);
}

/* A reader has had a byte of the buffer, and could go on without a look. */
static void fork_takes_the_rest_from_a_reader(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 1);
	KUNIT_EXPECT_GT(test, fake->pool.judged, 1);
	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->pool.judged, 0);
	KUNIT_EXPECT_EQ(test, vrng_fake_take(fake, 1), 0);
	/* What is asked from now on is of this epoch. */
	KUNIT_EXPECT_EQ(test, fake->pool.bufs[0].state, VRNG_BUF_POSTED);
	KUNIT_EXPECT_EQ(test, fake->pool.bufs[0].epoch, fake->pool.epoch);
}

static void work_is_asked_for(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, VRNG_FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	vrng_pool_wake(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->nr_wipes, 0);
	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_dirty(&fake->pool));
	KUNIT_EXPECT_EQ(test, fake->nr_wipes, 1);

	vrng_pool_wipe(&fake->pool);
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->nr_seeds, 0);
	fake->nr_wipes = 0;
	vrng_fake_use(fake, 0, VRNG_POOL_SHORT_LEN, VRNG_POOL_SHORT_LEN);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_seed(&fake->pool));
	KUNIT_EXPECT_EQ(test, fake->nr_seeds, 1);
	KUNIT_EXPECT_EQ(test, fake->nr_wipes, 0);
}

/* A reader that waits gets the error. */
static void bad_health_is_readable(struct kunit *test)
{
	struct vrng_fake *fake = vrng_fake_started(test);

	KUNIT_EXPECT_FALSE(test, vrng_pool_is_readable(&fake->pool));
	fake->pool.monitor.health.failed = true;
	KUNIT_EXPECT_TRUE(test, vrng_pool_is_readable(&fake->pool));
}

struct details_tasks {
	struct vrng_tasks tasks;
	struct vrng_fork fork;
	struct fake_krng krng;
	struct completion started;
	bool done;
};

static void details_slow_wipe(struct work_struct *work)
{
	struct details_tasks *d = container_of(work, struct details_tasks, tasks.wipe);

	complete(&d->started);
	msleep(200);
	WRITE_ONCE(d->done, true);
}

/* The buffers are freed next: what is being wiped has to be waited for. */
static void cancel_waits_for_wiping(struct kunit *test)
{
	struct details_tasks *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	struct vrng_fake *fake = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, d);
	fake_krng_init(&d->krng);
	vrng_fork_init(&d->fork, &d->krng.krng);
	vrng_tasks_init(&d->tasks, &fake->pool, &d->fork);
	init_completion(&d->started);
	INIT_WORK(&d->tasks.wipe, details_slow_wipe);
	schedule_work(&d->tasks.wipe);
	wait_for_completion(&d->started);
	vrng_tasks_cancel(&d->tasks);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(d->done));
	flush_work(&d->tasks.wipe);
}

/* Not left for a work item: what siblings have as well goes before the reseed. */
static void fork_wipes_at_once(struct kunit *test)
{
	struct details_tasks *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	struct vrng_fake *fake = vrng_fake_started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	KUNIT_ASSERT_NOT_NULL(test, d);
	fake_krng_init(&d->krng);
	vrng_fork_init(&d->fork, &d->krng.krng);
	vrng_fork_add(&d->fork, &fake->pool);
	vrng_fake_use(fake, 0, VRNG_FAKE_SIZE, VRNG_FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	vrng_fork_early(&d->fork);
	KUNIT_EXPECT_FALSE(test, vrng_pool_is_dirty(&fake->pool));
	KUNIT_EXPECT_TRUE(test, vrng_fake_is_zero(buf->data, VRNG_FAKE_SIZE));
	vrng_fork_remove(&d->fork, &fake->pool);
}

static struct kunit_case details_cases[] = {
	KUNIT_CASE(fork_wipes_at_once),
	KUNIT_CASE(cancel_waits_for_wiping),
	KUNIT_CASE(buffer_goes_round),
	KUNIT_CASE(backoff_ends_when_told),
	KUNIT_CASE(broken_queue_is_seen_in_a_backoff),
	KUNIT_CASE(stopped_pool_takes_nothing_in),
	KUNIT_CASE(fork_takes_the_rest_from_a_reader),
	KUNIT_CASE(work_is_asked_for),
	KUNIT_CASE(bad_health_is_readable),
	KUNIT_CASE(short_buffer_is_wiped_when_dropped),
	KUNIT_CASE(large_buffers_are_wiped_later),
	KUNIT_CASE(reader_gets_no_more_than_the_limit),
	KUNIT_CASE(reader_gets_nothing_from_what_is_gone),
	KUNIT_CASE(bytes_are_counted_however_they_are_taken),
	KUNIT_CASE(judging_is_bounded),
	KUNIT_CASE(seed_is_reserved_once),
	KUNIT_CASE(monitor_remembers_hashes_of_its_own),
	KUNIT_CASE(monitor_judges_each_answer),
	KUNIT_CASE(monitor_joins_short_answers),
	{}
};

static struct kunit_suite details_suite = {
	.name = "vrng_details",
	.init = vrng_fake_init,
	.exit = vrng_fake_exit,
	.test_cases = details_cases,
};

kunit_test_suites(&details_suite);
