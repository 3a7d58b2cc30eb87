// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_pipeline: what a fork does, in which order, and how often. */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>

#include "../vmgenid/pipeline.h"

#define NR_THREADS	4
#define NR_FORKS	20

/**
 * struct fake_machine - what the pipeline works on, recorded
 * @pipeline: state under test
 * @id: the ID that the hypervisor shows
 * @inside: how many are within a run; more than one is a mistake
 * @overlaps: how often that was seen
 * @during_early: what happens while the early phase is under way
 * @told: the generations that were published
 * @nr_told: how many
 * @fork: what the notifiers were told last
 * @reseeded_with: the ID that went into the last reseed
 * @steps: E)arly, R)eseed, P)ublish, L)ate; last, so that KASAN sees an overrun
 */
struct fake_machine {
	struct vmgenid_pipeline pipeline;
	struct vmgenid_id id;
	atomic_t inside;
	atomic_t overlaps;
	void (*during_early)(struct fake_machine *m);
	u32 told[NR_FORKS];
	unsigned int nr_told;
	struct vmgenid_fork fork;
	struct vmgenid_id reseeded_with;
	char steps[4 * NR_FORKS + 1];
};

#define to_machine(p) container_of(p, struct fake_machine, pipeline)

static void fake_step(struct fake_machine *m, char step)
{
	size_t len = strlen(m->steps);

	if (len < sizeof(m->steps) - 1)
		m->steps[len] = step;
}

static void fake_read_id(struct vmgenid_pipeline *p, struct vmgenid_id *id)
{
	*id = to_machine(p)->id;
}

static void fake_notify(struct vmgenid_pipeline *p, enum vmgenid_fork_event event,
			const struct vmgenid_fork *fork)
{
	struct fake_machine *m = to_machine(p);

	m->fork = *fork;
	if (event == VMGENID_FORK_LATE) {
		fake_step(m, 'L');
		atomic_dec(&m->inside);
		return;
	}
	if (atomic_inc_return(&m->inside) != 1)
		atomic_inc(&m->overlaps);
	fake_step(m, 'E');
	if (m->during_early)
		m->during_early(m);
}

static void fake_reseed(struct vmgenid_pipeline *p, const struct vmgenid_id *id)
{
	fake_step(to_machine(p), 'R');
	to_machine(p)->reseeded_with = *id;
}

static void fake_publish(struct vmgenid_pipeline *p, u32 generation)
{
	struct fake_machine *m = to_machine(p);

	fake_step(m, 'P');
	if (m->nr_told < ARRAY_SIZE(m->told))
		m->told[m->nr_told] = generation;
	m->nr_told++;
}

static const struct vmgenid_pipeline_ops fake_ops = {
	.read_id = fake_read_id,
	.notify = fake_notify,
	.reseed = fake_reseed,
	.publish = fake_publish,
};

static int fake_machine_init(struct kunit *test)
{
	struct fake_machine *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->id = (struct vmgenid_id) { { 0x0123456789abcdef, 0xfedcba9876543210 } };
	vmgenid_pipeline_init(&m->pipeline, &fake_ops);
	test->priv = m;
	return 0;
}

static void fake_machine_exit(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	if (m)
		vmgenid_pipeline_destroy(&m->pipeline);
}

static void first_id_is_no_fork(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, "");
	KUNIT_EXPECT_EQ(test, m->pipeline.nr_forks, 0);
	KUNIT_EXPECT_EQ(test, m->pipeline.last_fork, 0);
}

static void fork_is_told_last(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[1]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, "ERPL");
	KUNIT_EXPECT_EQ(test, m->told[0], 1);
	KUNIT_EXPECT_EQ(test, m->fork.generation, 1);
	KUNIT_EXPECT_EQ(test, m->fork.id_hash, vmgenid_id_hash(&m->id));
	KUNIT_EXPECT_EQ(test, m->reseeded_with.words[1], m->id.words[1]);
	KUNIT_EXPECT_EQ(test, m->pipeline.nr_forks, 1);
	KUNIT_EXPECT_NE(test, m->pipeline.last_fork, 0);
}

static void each_bit_of_the_id_counts(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	unsigned int bit;

	for (bit = 0; bit < 128; bit++) {
		m->id.words[bit / 64] ^= BIT_ULL(bit % 64);
		KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	}
	KUNIT_EXPECT_EQ(test, m->pipeline.nr_forks, 128);
}

static void same_id_is_no_fork(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	int i;

	m->id.words[0]++;
	for (i = 0; i < 1000; i++)
		vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_STREQ(test, m->steps, "ERPL");
}

static void id_that_comes_back_is_a_fork(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	m->id.words[0]--;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, m->nr_told, 2);
	KUNIT_EXPECT_EQ(test, m->told[1], 2);
}

static void fork_again(struct fake_machine *m)
{
	m->during_early = NULL;
	m->id.words[0]++;
}

/* The reseed gets the ID that was noticed; the other is dealt with in its turn. */
static void fork_amid_a_fork_is_not_lost(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	u64 first = ++m->id.words[0];

	m->during_early = fork_again;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, m->reseeded_with.words[0], first);
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_EQ(test, m->reseeded_with.words[0], first + 1);
	KUNIT_EXPECT_STREQ(test, m->steps, "ERPLERPL");
}

static void trigger_needs_no_new_id(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	vmgenid_pipeline_trigger(&m->pipeline, 0);
	vmgenid_pipeline_trigger(&m->pipeline, 100);
	KUNIT_EXPECT_STREQ(test, m->steps, "ERPLERPL");
	KUNIT_EXPECT_EQ(test, m->told[0], 1);
	KUNIT_EXPECT_EQ(test, m->told[1], 100);
	KUNIT_EXPECT_EQ(test, m->pipeline.nr_forks, 0);
}

static void trigger_deals_with_a_fork_too(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[0]++;
	vmgenid_pipeline_trigger(&m->pipeline, 0);
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, "ERPL");
	KUNIT_EXPECT_EQ(test, m->pipeline.nr_forks, 1);
}

static void generation_wraps(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	vmgenid_pipeline_trigger(&m->pipeline, U32_MAX);
	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, m->told[0], U32_MAX);
	KUNIT_EXPECT_EQ(test, m->told[1], 0);
	KUNIT_EXPECT_EQ(test, m->fork.generation, 0);
}

static void hash_tells_ids_apart(struct kunit *test)
{
	struct vmgenid_id a = { { 1, 2 } }, b = { { 2, 1 } };

	KUNIT_EXPECT_NE(test, vmgenid_id_hash(&a), vmgenid_id_hash(&b));
	KUNIT_EXPECT_EQ(test, vmgenid_id_hash(&a), vmgenid_id_hash(&a));
	KUNIT_EXPECT_NE(test, vmgenid_id_hash(&a), a.words[0]);
}

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

/* The next fork comes while this one is being dealt with. */
static void linger_and_fork(struct fake_machine *m)
{
	if (m->nr_told + 1 < NR_FORKS)
		WRITE_ONCE(m->id.words[0], m->id.words[0] + 1);
	usleep_range(1000, 2000);
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

/* Handlers side by side: each fork once, one at a time, none lost. */
static void storm_counts_each_fork_once(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	struct storm storm = { .m = m };
	int i, wait;

	m->during_early = linger;
	storm_start(test, &storm);
	for (i = 1; i <= NR_FORKS; i++) {
		WRITE_ONCE(m->id.words[0], m->id.words[0] + 1);
		for (wait = 0; wait < 20000 && READ_ONCE(m->nr_told) < i; wait++)
			usleep_range(500, 1000);
	}
	storm_stop(&storm);
	KUNIT_EXPECT_EQ(test, m->nr_told, NR_FORKS);
	KUNIT_EXPECT_EQ(test, atomic_read(&storm.nr_forks), NR_FORKS);
	KUNIT_EXPECT_EQ(test, m->pipeline.nr_forks, NR_FORKS);
	KUNIT_EXPECT_EQ(test, atomic_read(&m->overlaps), 0);
	for (i = 0; i < NR_FORKS; i++) {
		KUNIT_EXPECT_EQ(test, m->told[i], i + 1);
		KUNIT_EXPECT_EQ(test, strncmp(m->steps + 4 * i, "ERPL", 4), 0);
	}
}

static void forks_do_not_overlap(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	struct storm storm = { .m = m };
	int wait;

	m->during_early = linger_and_fork;
	WRITE_ONCE(m->id.words[0], m->id.words[0] + 1);
	storm_start(test, &storm);
	for (wait = 0; wait < 20000 && READ_ONCE(m->nr_told) < NR_FORKS; wait++)
		usleep_range(500, 1000);
	storm_stop(&storm);
	KUNIT_EXPECT_EQ(test, atomic_read(&m->overlaps), 0);
	KUNIT_EXPECT_EQ(test, m->nr_told, NR_FORKS);
	KUNIT_EXPECT_EQ(test, atomic_read(&storm.nr_forks), NR_FORKS);
}

static struct kunit_case pipeline_cases[] = {
	KUNIT_CASE(first_id_is_no_fork),
	KUNIT_CASE(fork_is_told_last),
	KUNIT_CASE(each_bit_of_the_id_counts),
	KUNIT_CASE(same_id_is_no_fork),
	KUNIT_CASE(id_that_comes_back_is_a_fork),
	KUNIT_CASE(fork_amid_a_fork_is_not_lost),
	KUNIT_CASE(trigger_needs_no_new_id),
	KUNIT_CASE(trigger_deals_with_a_fork_too),
	KUNIT_CASE(generation_wraps),
	KUNIT_CASE(hash_tells_ids_apart),
	KUNIT_CASE(storm_counts_each_fork_once),
	KUNIT_CASE(forks_do_not_overlap),
	{}
};

static struct kunit_suite pipeline_suite = {
	.name = "vmgenid_pipeline",
	.init = fake_machine_init,
	.exit = fake_machine_exit,
	.test_cases = pipeline_cases,
};

kunit_test_suites(&pipeline_suite);
