// SPDX-License-Identifier: GPL-2.0
/*
 * Suite vrng_vmfork: what a fork of the machine does to the kernel's RNG,
 * and how long it waits for that.
 */
#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "krng_fake.h"
#include "table.h"
#include "vrng_fake.h"
#include "../virtio-rng-ext/fork.h"
#include "../virtio-rng-ext/quality.h"

struct machine {
	struct vrng_fork fork;
	struct fake_krng krng;
	struct vrng_fake *a, *b;
	struct delayed_work act;
};

static struct machine *new_machine(struct kunit *test)
{
	struct machine *machine = kunit_kzalloc(test, sizeof(*machine), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, machine);
	fake_krng_init(&machine->krng);
	vrng_fork_init(&machine->fork, &machine->krng.krng);
	machine->a = vrng_fake_started(test);
	vrng_fork_add(&machine->fork, &machine->a->pool);
	return machine;
}

/* Answers all that is out, the old ones and the short one. */
static void answer_all(struct work_struct *work)
{
	struct vrng_fake *fake = container_of(to_delayed_work(work), struct machine, act)->a;

	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
}

/* Returns how often it slept. */
static unsigned long early(struct machine *machine)
{
	unsigned long before = current->nvcsw;

	vrng_fork_early(&machine->fork);
	return current->nvcsw - before;
}

static void expect_mixed(struct kunit *test, struct machine *machine, u64 at)
{
	const struct fake_krng_call *call = &machine->krng.calls[0];
	unsigned int i;

	KUNIT_ASSERT_EQ(test, call->len, VRNG_POOL_SHORT_LEN);
	for (i = 0; i < VRNG_POOL_SHORT_LEN; i++)
		KUNIT_EXPECT_EQ(test, ((const u8 *)call->words)[i], vrng_fake_byte(at + i));
}

/* On a machine that is too busy they may not be in time: then once more. */
static void bytes_in_time_are_mixed_and_nothing_else(struct kunit *test)
{
	struct machine *machine = new_machine(test);
	struct vrng_fake *fake = machine->a;
	unsigned int i;

	INIT_DELAYED_WORK(&machine->act, answer_all);
	for (i = 0; i < 20; i++) {
		fake_krng_forget(&machine->krng);
		schedule_delayed_work(&machine->act, 1);
		early(machine);
		if (machine->krng.nr_calls)
			break;
		flush_delayed_work(&machine->act);
		vrng_fork_late(&machine->fork, &fake->pool);
	}
	flush_delayed_work(&machine->act);
	KUNIT_EXPECT_STREQ(test, machine->krng.steps, "m");
	expect_mixed(test, machine, fake->nr_bytes - VRNG_POOL_SHORT_LEN);
	vrng_fork_late(&machine->fork, &fake->pool);
	KUNIT_EXPECT_STREQ(test, machine->krng.steps, "m");
}

static void late_bytes_are_mixed_and_reseed(struct kunit *test)
{
	struct machine *machine = new_machine(test);
	struct vrng_fake *fake = machine->a;
	unsigned long sleeps;

	early(machine);
	KUNIT_EXPECT_STREQ(test, machine->krng.steps, "");
	sleeps = current->nvcsw;
	vrng_fork_late(&machine->fork, &fake->pool);
	KUNIT_EXPECT_EQ(test, current->nvcsw, sleeps);
	KUNIT_EXPECT_STREQ(test, machine->krng.steps, "");
	while (vrng_fake_is_stale(fake))
		vrng_fake_answer(fake, 1);
	vrng_fake_answer(fake, VRNG_POOL_SHORT_LEN);
	KUNIT_EXPECT_GT(test, fake->nr_seeds, 0);
	vrng_fork_late(&machine->fork, &fake->pool);
	KUNIT_EXPECT_STREQ(test, machine->krng.steps, "mr");
	expect_mixed(test, machine, fake->nr_bytes - VRNG_POOL_SHORT_LEN);
	vrng_fork_late(&machine->fork, &fake->pool);
	KUNIT_EXPECT_STREQ(test, machine->krng.steps, "mr");
}

/*
 * One wait, and not one for each device. None if this machine stood still meanwhile: then
 * the time was over before it.
 */
static void silent_devices_are_waited_for_together(struct kunit *test)
{
	struct machine *machine = new_machine(test);
	unsigned long start = jiffies;

	machine->b = vrng_fake_new(test);
	vrng_pool_start(&machine->b->pool);
	vrng_fork_add(&machine->fork, &machine->b->pool);
	KUNIT_EXPECT_TRUE(test, vrng_pool_can_answer(&machine->b->pool));
	KUNIT_EXPECT_LE(test, early(machine), 1);
	KUNIT_EXPECT_GE(test, jiffies - start, msecs_to_jiffies(VRNG_FORK_WAIT_MS));
	/* Both were dropped, though. */
	KUNIT_EXPECT_TRUE(test, machine->a->pool.seed_reserved);
	KUNIT_EXPECT_TRUE(test, machine->b->pool.seed_reserved);
	vrng_fork_remove(&machine->fork, &machine->b->pool);
	vrng_pool_destroy(&machine->b->pool);
}

static void make_broken(struct vrng_fake *fake)
{
	fake->broken = true;
	vrng_pool_harvest(&fake->pool);
}

/* Nobody has seen it yet: the drop is the first to. */
static void make_broken_unseen(struct vrng_fake *fake)
{
	fake->broken = true;
}

static void make_stopped(struct vrng_fake *fake)
{
	vrng_pool_stop(&fake->pool, VRNG_POOL_STOPPED);
}

static void make_gone(struct vrng_fake *fake)
{
	vrng_pool_stop(&fake->pool, VRNG_POOL_GONE);
}

static void make_empty_handed(struct vrng_fake *fake)
{
	vrng_fake_answer(fake, 0);
}

static void make_unpostable(struct vrng_fake *fake)
{
	while (vrng_fake_nr_posted(fake))
		vrng_fake_answer(fake, VRNG_FAKE_SIZE);
	fake->post_error = -ENOSPC;
}

struct idle_row {
	const char *name;
	void (*make)(struct vrng_fake *fake);
};

static const struct idle_row idle_rows[] = {
	{ "broken", make_broken }, { "broken, unseen", make_broken_unseen },
	{ "stopped", make_stopped }, { "gone", make_gone },
	{ "answers with nothing", make_empty_handed },
	{ "nothing posted", make_unpostable },
};

KUNIT_ARRAY_PARAM_DESC(idle, idle_rows, name);

static void no_wait_for_who_cannot_answer(struct kunit *test)
{
	const struct idle_row *row = test->param_value;
	struct machine *machine = new_machine(test);

	KUNIT_EXPECT_TRUE(test, vrng_pool_can_answer(&machine->a->pool));
	row->make(machine->a);
	KUNIT_EXPECT_EQ(test, early(machine), 0);
	KUNIT_EXPECT_STREQ(test, machine->krng.steps, "");
}

/* It is waited for, answers with nothing, and is not waited for any more. */
static void wait_ends_with_an_empty_answer(struct kunit *test)
{
	struct machine *machine = new_machine(test);

	vrng_pool_drop(&machine->a->pool);
	machine->a->nr_wakes = 0;
	vrng_fake_answer(machine->a, 0);
	KUNIT_EXPECT_GT(test, machine->a->nr_wakes, 0);
	KUNIT_EXPECT_FALSE(test, vrng_pool_can_answer(&machine->a->pool));
}

static void removed_pool_is_left_alone(struct kunit *test)
{
	struct machine *machine = new_machine(test);

	vrng_fork_remove(&machine->fork, &machine->a->pool);
	KUNIT_EXPECT_EQ(test, early(machine), 0);
	KUNIT_EXPECT_FALSE(test, machine->a->pool.seed_reserved);
}

static void thread_gets_nothing_to_credit_without_quality(struct kunit *test)
{
	struct fake_krng *krng = &new_machine(test)->krng;
	u64 words[2] = { 0x1111, 0x2222 };

	KUNIT_EXPECT_EQ(test, vrng_quality_filter(0, &krng->krng, words,
						  sizeof(words)), 0);
	KUNIT_EXPECT_STREQ(test, krng->steps, "m");
	KUNIT_EXPECT_EQ(test, krng->calls[0].len, sizeof(words));
	KUNIT_EXPECT_EQ(test, krng->calls[0].words[0], 0x1111);
	KUNIT_EXPECT_EQ(test, krng->calls[0].words[1], 0x2222);
	KUNIT_EXPECT_EQ(test, words[0] | words[1], 0);
}

static void thread_gets_all_with_quality(struct kunit *test)
{
	struct fake_krng *krng = &new_machine(test)->krng;
	u64 words[2] = { 0x1111, 0x2222 };

	KUNIT_EXPECT_EQ(test, vrng_quality_filter(1, &krng->krng, words,
						  sizeof(words)), sizeof(words));
	KUNIT_EXPECT_STREQ(test, krng->steps, "");
	KUNIT_EXPECT_EQ(test, words[1], 0x2222);
}

static void host_of_a_confidential_guest_earns_no_credit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vrng_quality_of(1000, false), 1000);
	KUNIT_EXPECT_EQ(test, vrng_quality_of(0, false), 0);
	KUNIT_EXPECT_EQ(test, vrng_quality_of(1000, true), 0);
}

static struct kunit_case vmfork_cases[] = {
	KUNIT_CASE(bytes_in_time_are_mixed_and_nothing_else),
	KUNIT_CASE(late_bytes_are_mixed_and_reseed),
	KUNIT_CASE(silent_devices_are_waited_for_together),
	KUNIT_CASE_PARAM(no_wait_for_who_cannot_answer, idle_gen_params),
	KUNIT_CASE(wait_ends_with_an_empty_answer),
	KUNIT_CASE(removed_pool_is_left_alone),
	KUNIT_CASE(thread_gets_nothing_to_credit_without_quality),
	KUNIT_CASE(thread_gets_all_with_quality),
	KUNIT_CASE(host_of_a_confidential_guest_earns_no_credit),
	{}
};

static struct kunit_suite vmfork_suite = {
	.name = "vrng_vmfork",
	.init = vrng_fake_init,
	.exit = vrng_fake_exit,
	.test_cases = vmfork_cases,
};

kunit_test_suite(vmfork_suite);
