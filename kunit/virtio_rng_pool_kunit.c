// SPDX-License-Identifier: GPL-2.0
/*
 * The pool with a fake device: buffers go round, and what the device claims is
 * taken with a grain of salt.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "../virtio-rng-ext/pool.h"

#define FAKE_NR		3	/* large buffers */
#define FAKE_SIZE	256
#define FAKE_RING	32	/* more than buffers: nothing is ever full */

struct fake_used {
	struct vrng_buf *buf;
	unsigned int len;
};

/* What the device has, in order, and what it has used. Free-running indices. */
struct fake {
	struct vrng_queue queue;
	struct vrng_buf *posted[FAKE_RING];
	unsigned int posted_head, posted_tail;
	struct fake_used used[FAKE_RING];
	unsigned int used_head, used_tail;
	unsigned int nr_kicks, nr_wakes, nr_defers, deferred_ms;
	bool broken;
	int post_error;
	u8 next_byte;
	struct vrng_pool pool;
};

static struct fake *to_fake(struct vrng_queue *queue)
{
	return container_of(queue, struct fake, queue);
}

static int fake_post(struct vrng_queue *queue, struct vrng_buf *buf)
{
	struct fake *fake = to_fake(queue);

	if (fake->post_error)
		return fake->post_error;
	fake->posted[fake->posted_tail++ % FAKE_RING] = buf;
	return 0;
}

static struct vrng_buf *fake_get(struct vrng_queue *queue, unsigned int *len)
{
	struct fake *fake = to_fake(queue);
	struct fake_used *used = &fake->used[fake->used_head % FAKE_RING];

	if (fake->used_head == fake->used_tail)
		return NULL;
	fake->used_head++;
	*len = used->len;
	return used->buf;
}

static bool fake_kick(struct vrng_queue *queue)
{
	to_fake(queue)->nr_kicks++;
	return !to_fake(queue)->broken;
}

static bool fake_is_broken(struct vrng_queue *queue)
{
	return to_fake(queue)->broken;
}

static void fake_wake(struct vrng_queue *queue)
{
	to_fake(queue)->nr_wakes++;
}

static void fake_defer(struct vrng_queue *queue, unsigned int ms)
{
	to_fake(queue)->nr_defers++;
	to_fake(queue)->deferred_ms = ms;
}

static unsigned int nr_posted(const struct fake *fake)
{
	return fake->posted_tail - fake->posted_head;
}

/* Uses the n-th posted buffer: writes real bytes, claims @len. */
static void fake_use(struct fake *fake, unsigned int n, unsigned int real,
		     unsigned int len)
{
	unsigned int at = fake->posted_head + n, i;
	struct vrng_buf *buf = fake->posted[at % FAKE_RING];

	for (i = 0; i < real; i++)
		buf->data[i] = fake->next_byte++ ?: fake->next_byte++;
	for (; at != fake->posted_head; at--)
		fake->posted[at % FAKE_RING] = fake->posted[(at - 1) % FAKE_RING];
	fake->posted_head++;
	fake->used[fake->used_tail++ % FAKE_RING] = (struct fake_used){ buf, len };
}

static void fake_answer(struct fake *fake, unsigned int len)
{
	fake_use(fake, 0, min_t(unsigned int, len, FAKE_SIZE), len);
	vrng_pool_harvest(&fake->pool);
}

static int pool_test_init(struct kunit *test)
{
	struct fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->queue = (struct vrng_queue){
		.post = fake_post,
		.get = fake_get,
		.kick = fake_kick,
		.is_broken = fake_is_broken,
		.wake = fake_wake,
		.defer = fake_defer,
	};
	fake->next_byte = 1;
	test->priv = fake;
	return vrng_pool_init(&fake->pool, &fake->queue, FAKE_NR, FAKE_SIZE);
}

static void pool_test_exit(struct kunit *test)
{
	struct fake *fake = test->priv;

	if (fake)
		vrng_pool_destroy(&fake->pool);
}

static int take(struct fake *fake, size_t len)
{
	u8 buf[1024];

	return vrng_pool_take(&fake->pool, buf, len, false);
}

/* Started, and the short request answered and taken. */
static struct fake *started(struct kunit *test)
{
	struct fake *fake = test->priv;

	vrng_pool_start(&fake->pool);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_ASSERT_EQ(test, take(fake, 1024), VRNG_POOL_SHORT_LEN);
	return fake;
}

static void starts_with_a_short_request(struct kunit *test)
{
	struct fake *fake = test->priv;

	KUNIT_EXPECT_EQ(test, take(fake, 1), 0);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), 1);
	KUNIT_EXPECT_EQ(test, fake->posted[0]->size, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake->nr_kicks, 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
	KUNIT_EXPECT_EQ(test, fake->posted[1]->size, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->nr_kicks, 2);
}

struct length_row {
	const char *name;
	unsigned int claimed;
	int taken;
	unsigned int zero_length, oversized;
};

static const struct length_row length_rows[] = {
	{ "none", 0, 0, 1, 0 },
	{ "one", 1, 1, 0, 0 },
	{ "one less", FAKE_SIZE - 1, FAKE_SIZE - 1, 0, 0 },
	{ "exact", FAKE_SIZE, FAKE_SIZE, 0, 0 },
	{ "one more", FAKE_SIZE + 1, FAKE_SIZE, 0, 1 },
	{ "sign bit", 0x80000000, FAKE_SIZE, 0, 1 },
	{ "all ones", U32_MAX, FAKE_SIZE, 0, 1 },
};

static void length_row_name(const struct length_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(length, length_rows, length_row_name);

static void used_length(struct kunit *test)
{
	const struct length_row *row = test->param_value;
	struct fake *fake = started(test);

	fake_answer(fake, row->claimed);
	KUNIT_EXPECT_EQ(test, fake->pool.buffered, row->taken);
	KUNIT_EXPECT_EQ(test, take(fake, 1024), row->taken);
	KUNIT_EXPECT_EQ(test, fake->pool.buffered, 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.zero_length, row->zero_length);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.oversized, row->oversized);
}

static void bytes_come_once_and_in_order(struct kunit *test)
{
	struct fake *fake = started(test);
	u8 want = VRNG_POOL_SHORT_LEN + 1, buf[7];
	unsigned int total = 0;
	int i, n;

	fake_answer(fake, 100);
	fake_answer(fake, 50);
	while ((n = vrng_pool_take(&fake->pool, buf, sizeof(buf), false)) > 0) {
		for (i = 0; i < n; i++, want++)
			KUNIT_ASSERT_EQ(test, buf[i], want);
		total += n;
	}
	KUNIT_EXPECT_EQ(test, total, 150);
}

static bool is_stale(const struct fake *fake)
{
	return fake->posted[fake->posted_head % FAKE_RING]->epoch !=
	       fake->pool.epoch;
}

static void fork_once(struct fake *fake)
{
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	while (is_stale(fake))
		fake_answer(fake, 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	vrng_pool_take_first(&fake->pool, buf, sizeof(buf));
}

static void rings_and_epochs_wrap(struct kunit *test)
{
	struct fake *fake = test->priv;
	unsigned int i;

	fake->pool.epoch = U32_MAX - 4;
	started(test);
	for (i = 0; i < 1000; i++) {
		fake_answer(fake, i % FAKE_SIZE + 1);
		KUNIT_ASSERT_EQ(test, take(fake, 1024), i % FAKE_SIZE + 1);
		KUNIT_ASSERT_EQ(test, nr_posted(fake), FAKE_NR);
		if (i % 100 == 99)
			fork_once(fake);
	}
	KUNIT_EXPECT_EQ(test, fake->pool.epoch, 5);
}

static void other_order(struct kunit *test)
{
	struct fake *fake = started(test);

	fake_use(fake, 2, 30, 30);
	fake_use(fake, 0, 10, 10);
	fake_use(fake, 0, 20, 20);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), 0);
	KUNIT_EXPECT_EQ(test, take(fake, 1024), 60);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
}

static bool is_zero(const u8 *data, size_t len)
{
	return !memchr_inv(data, 0, len);
}

static void taken_bytes_are_wiped(struct kunit *test)
{
	struct fake *fake = started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, take(fake, 100), 100);
	KUNIT_EXPECT_TRUE(test, is_zero(buf->data, 100));
	KUNIT_EXPECT_FALSE(test, is_zero(buf->data + 100, 1));
	KUNIT_EXPECT_EQ(test, take(fake, 1024), FAKE_SIZE - 100);
	KUNIT_EXPECT_TRUE(test, is_zero(buf->data, FAKE_SIZE));
}

/* The device claims what it did not write: nobody's old bytes come out. */
static void claimed_but_not_written(struct kunit *test)
{
	struct fake *fake = started(test);
	u8 buf[FAKE_SIZE];
	int i;

	for (i = 0; i < FAKE_NR; i++)
		fake_answer(fake, FAKE_SIZE);
	while (take(fake, 1024) > 0)
		;
	fake_use(fake, 0, 0, FAKE_SIZE);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, vrng_pool_take(&fake->pool, buf, sizeof(buf), false),
			FAKE_SIZE);
	KUNIT_EXPECT_TRUE(test, is_zero(buf, sizeof(buf)));
}

static void zero_length_backs_off(struct kunit *test)
{
	struct fake *fake = started(test);
	unsigned int ms = VRNG_POOL_BACKOFF_MIN, i;

	for (i = 0; i < 10; i++) {
		fake_answer(fake, 0);
		KUNIT_EXPECT_EQ(test, fake->nr_defers, i + 1);
		KUNIT_EXPECT_EQ(test, fake->deferred_ms, ms);
		KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR - 1);
		vrng_pool_release(&fake->pool);
		KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
		ms = min_t(unsigned int, 2 * ms, VRNG_POOL_BACKOFF_MAX);
	}
	KUNIT_EXPECT_EQ(test, ms, VRNG_POOL_BACKOFF_MAX);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.zero_length, 10);

	fake_answer(fake, 1);
	KUNIT_EXPECT_EQ(test, take(fake, 1), 1);
	fake_answer(fake, 0);
	KUNIT_EXPECT_EQ(test, fake->deferred_ms, VRNG_POOL_BACKOFF_MIN);
}

static void zero_lengths_at_once_are_one_hold(struct kunit *test)
{
	struct fake *fake = started(test);
	unsigned int i;

	for (i = 0; i < FAKE_NR; i++)
		fake_use(fake, 0, 0, 0);
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 1);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), 0);
	vrng_pool_release(&fake->pool);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
}

static void post_fails_for_a_while(struct kunit *test)
{
	struct fake *fake = started(test);

	fake->post_error = -ENOMEM;
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, take(fake, 1024), FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR - 1);
	KUNIT_EXPECT_EQ(test, fake->nr_defers, 1);
	fake->post_error = 0;
	vrng_pool_release(&fake->pool);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
}

static void broken_queue_wakes(struct kunit *test)
{
	struct fake *fake = started(test);
	unsigned int wakes = fake->nr_wakes;

	fake->broken = true;
	vrng_pool_harvest(&fake->pool);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, wakes);
	KUNIT_EXPECT_EQ(test, take(fake, 1), -EIO);
}

static void gone_is_for_good(struct kunit *test)
{
	struct fake *fake = started(test);
	unsigned int posted = nr_posted(fake), wakes = fake->nr_wakes;

	vrng_pool_stop(&fake->pool, VRNG_POOL_GONE);
	KUNIT_EXPECT_GT(test, fake->nr_wakes, wakes);
	KUNIT_EXPECT_EQ(test, take(fake, 1), -ENODEV);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	vrng_pool_start(&fake->pool);
	fake_answer(fake, FAKE_SIZE);
	vrng_pool_release(&fake->pool);
	KUNIT_EXPECT_EQ(test, take(fake, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), posted - 1);
}

static void suspend_forgets_all(struct kunit *test)
{
	struct fake *fake = started(test);
	struct vrng_buf *buf = fake->posted[fake->posted_head];

	fake_answer(fake, FAKE_SIZE);
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
	fake->posted_head = fake->posted_tail;
	vrng_pool_reclaim(&fake->pool);
	KUNIT_EXPECT_TRUE(test, is_zero(buf->data, FAKE_SIZE));
	KUNIT_EXPECT_EQ(test, take(fake, 1), 0);
	vrng_pool_start(&fake->pool);
	fake_answer(fake, 10);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
	KUNIT_EXPECT_EQ(test, take(fake, 1024), 10);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork, 0);
}

static void fork_drops_what_is_here_and_on_its_way(struct kunit *test)
{
	struct fake *fake = started(test);
	struct vrng_buf *ready = fake->posted[fake->posted_head];
	struct vrng_buf *flying = fake->posted[fake->posted_head + 1];
	u8 buf[VRNG_POOL_SHORT_LEN];

	fake_answer(fake, 200);
	KUNIT_EXPECT_EQ(test, take(fake, 50), 50);
	/* Used, but nobody has looked yet. */
	fake_use(fake, 0, 70, 70);
	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork, 220);
	KUNIT_EXPECT_TRUE(test, is_zero(ready->data, FAKE_SIZE));
	KUNIT_EXPECT_TRUE(test, is_zero(flying->data, FAKE_SIZE));

	/* The last of the old ones is still out; the short one follows it. */
	KUNIT_ASSERT_EQ(test, nr_posted(fake), 2);
	fake_answer(fake, FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork, 220 + FAKE_SIZE);
	KUNIT_EXPECT_EQ(test, fake->pool.buffered, 0);
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
	KUNIT_ASSERT_EQ(test, nr_posted(fake), 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_EQ(test, fake->pool.buffered, 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.dropped_on_fork,
			VRNG_POOL_SHORT_LEN);
	/* It goes out again, and all others wait for it. */
	KUNIT_ASSERT_EQ(test, nr_posted(fake), 1);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
}

static void fork_while_suspended(struct kunit *test)
{
	struct fake *fake = test->priv;

	vrng_pool_drop(&fake->pool);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), 0);
	vrng_pool_start(&fake->pool);
	fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
}

static void first_bytes_after_a_fork_are_the_kernels(struct kunit *test)
{
	struct fake *fake = started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	while (is_stale(fake))
		fake_answer(fake, 1);
	fake_answer(fake, VRNG_POOL_FIRST_LEN - 1);
	KUNIT_EXPECT_EQ(test, take(fake, 1), 0);
	KUNIT_EXPECT_FALSE(test, vrng_pool_is_worth_a_look(&fake->pool));
	/* A seed comes whole, or it could be guessed part by part. */
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)), 0);
	fake_answer(fake, 10);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)),
			VRNG_POOL_FIRST_LEN + 9);
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)), 0);
	fake_answer(fake, 5);
	KUNIT_EXPECT_EQ(test, take(fake, 1024), 5);
}

/* Fewer bytes than a seed needs, and no buffer left to put more in. */
static void first_bytes_do_not_lock_up(struct kunit *test)
{
	struct fake *fake = started(test);
	u8 buf[VRNG_POOL_SHORT_LEN];

	vrng_pool_drop(&fake->pool);
	while (nr_posted(fake))
		fake_answer(fake, 1);
	KUNIT_EXPECT_TRUE(test, vrng_pool_has_first(&fake->pool));
	KUNIT_EXPECT_EQ(test, vrng_pool_take_first(&fake->pool, buf, sizeof(buf)),
			1 + FAKE_NR);
	KUNIT_EXPECT_EQ(test, nr_posted(fake), FAKE_NR);
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
		busy = nr_posted(race->fake);
		if (busy) {
			fake_use(race->fake, 0, i % 64 + 1, i % 64 + 1);
			race->given += i % 64 + 1;
			i++;
		}
		spin_unlock_irqrestore(&pool->lock, flags);
		vrng_pool_harvest(pool);
		if (i % 1000 == 999)
			vrng_pool_drop(pool);
		if (!busy)
			usleep_range(10, 20);
	}
	complete(&race->done);
	return 0;
}

static void consumer_completion_and_fork_at_once(struct kunit *test)
{
	struct fake *fake = started(test);
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
		while (take(fake, 64) > 0 ||
		       vrng_pool_take_first(&fake->pool, buf, sizeof(buf)) > 0)
			;
		usleep_range(10, 20);
	} while (!done);
	KUNIT_EXPECT_GT(test, fake->pool.counters.dropped_on_fork, 0);
	KUNIT_EXPECT_EQ(test, fake->pool.counters.bytes - before +
			fake->pool.counters.dropped_on_fork +
			fake->pool.buffered, race.given);
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(starts_with_a_short_request),
	KUNIT_CASE_PARAM(used_length, length_gen_params),
	KUNIT_CASE(bytes_come_once_and_in_order),
	KUNIT_CASE(rings_and_epochs_wrap),
	KUNIT_CASE(other_order),
	KUNIT_CASE(taken_bytes_are_wiped),
	KUNIT_CASE(claimed_but_not_written),
	KUNIT_CASE(zero_length_backs_off),
	KUNIT_CASE(zero_lengths_at_once_are_one_hold),
	KUNIT_CASE(post_fails_for_a_while),
	KUNIT_CASE(broken_queue_wakes),
	KUNIT_CASE(gone_is_for_good),
	KUNIT_CASE(suspend_forgets_all),
	KUNIT_CASE(fork_drops_what_is_here_and_on_its_way),
	KUNIT_CASE(fork_before_the_first_answer),
	KUNIT_CASE(fork_while_suspended),
	KUNIT_CASE(first_bytes_after_a_fork_are_the_kernels),
	KUNIT_CASE(first_bytes_do_not_lock_up),
	KUNIT_CASE(consumer_completion_and_fork_at_once),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "virtio_rng_pool",
	.init = pool_test_init,
	.exit = pool_test_exit,
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);

MODULE_DESCRIPTION("KUnit suites of virtio-rng-ext");
MODULE_LICENSE("GPL");
