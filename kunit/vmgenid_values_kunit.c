// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_values: what sysfs shows, the lock, what remains of the ID. */
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include "vmgenid_fake.h"

static void last_fork_is_now(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	u64 before, first;

	before = ktime_get_boottime_ns();
	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	first = m->pipeline.counters.last_fork_boottime_ns;
	KUNIT_EXPECT_GE(test, first, before);
	KUNIT_EXPECT_LE(test, first, ktime_get_boottime_ns());

	/* A coarse clock may show both forks the same time. */
	while (ktime_get_boottime_ns() == first)
		msleep(20);
	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_GT(test, m->pipeline.counters.last_fork_boottime_ns, first);
}

static void last_fork_is_none_after_a_trigger(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	vmgenid_pipeline_trigger(&m->pipeline, 0);
	KUNIT_EXPECT_EQ(test, m->nr_published, 1);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.last_fork_boottime_ns, 0);
}

static void fork_again(struct fake_machine *m)
{
	m->during_early = NULL;
	m->id.words[1]++;
}

/* The run that the trigger began deals with a fork then, and is one. */
static void last_fork_is_one_amid_a_trigger(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->during_early = fork_again;
	vmgenid_pipeline_trigger(&m->pipeline, 0);
	KUNIT_EXPECT_EQ(test, m->nr_published, 1);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 1);
	KUNIT_EXPECT_NE(test, m->pipeline.counters.last_fork_boottime_ns, 0);
}

static void fork_thrice(struct fake_machine *m)
{
	if (m->pipeline.counters.forks == 3)
		return;
	m->id.words[0]++;
}

/* Each look at the ID may find yet another fork. */
static void several_forks_amid_a_fork_are_published_as_one(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->during_early = fork_thrice;
	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_STREQ(test, m->steps, "mrErmrErmrErPL");
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 3);
	KUNIT_EXPECT_EQ(test, m->krng.calls[m->krng.nr_calls - 3].words[0],
			m->id.words[0]);
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
}

static void note_lock(struct fake_machine *m)
{
	if (!mutex_is_locked(&m->pipeline.lock))
		atomic_inc(&m->overlaps);
}

/* Notifications and triggers come side by side, and forks amid them. */
static void runs_hold_the_lock(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->during_early = note_lock;
	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	vmgenid_pipeline_trigger(&m->pipeline, 0);
	KUNIT_EXPECT_EQ(test, m->nr_published, 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&m->overlaps), 0);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&m->pipeline.lock));
}

/* SipHash-2-4 of the ID, with the key that is ABI, by another implementation. */
static void hash_is_the_same_everywhere(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	KUNIT_EXPECT_EQ(test, vmgenid_mark_hash(&m->id),
			0x6be410683461e372ULL);
}

static void id_is_wiped_at_the_end(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	struct vmgenid_mark *mark = &m->id_source.mark;

	KUNIT_EXPECT_NE(test, mark->words[0], 0);
	vmgenid_pipeline_destroy(&m->pipeline);
	KUNIT_EXPECT_NULL(test, memchr_inv(mark, 0, sizeof(*mark)));
	vmgenid_pipeline_init(&m->pipeline, m->pipeline.ops, &m->sources, m->pipeline.krng);
}

static struct kunit_case values_cases[] = {
	KUNIT_CASE(last_fork_is_now),
	KUNIT_CASE(last_fork_is_none_after_a_trigger),
	KUNIT_CASE(last_fork_is_one_amid_a_trigger),
	KUNIT_CASE(several_forks_amid_a_fork_are_published_as_one),
	KUNIT_CASE(runs_hold_the_lock),
	KUNIT_CASE(hash_is_the_same_everywhere),
	KUNIT_CASE(id_is_wiped_at_the_end),
	{}
};

static struct kunit_suite values_suite = {
	.name = "vmgenid_values",
	.init = fake_machine_init,
	.exit = fake_machine_exit,
	.test_cases = values_cases,
};

kunit_test_suites(&values_suite);
