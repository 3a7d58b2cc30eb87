// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_pipeline: what a fork does, in which order, and how often. */
#include <kunit/test.h>

#include "vmgenid_fake.h"

static void first_id_is_no_fork(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, "");
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 0);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.last_fork_boottime_ns, 0);
}

static void expect_mixed(struct kunit *test, const struct fake_machine *m,
			 unsigned int call, u64 word0)
{
	KUNIT_ASSERT_LT(test, call, m->krng.nr_calls);
	KUNIT_EXPECT_EQ(test, m->krng.calls[call].op, FAKE_KRNG_MIX);
	KUNIT_EXPECT_EQ(test, m->krng.calls[call].len, 16);
	KUNIT_EXPECT_EQ(test, m->krng.calls[call].words[0], word0);
	KUNIT_EXPECT_EQ(test, m->krng.calls[call].words[1], m->id.words[1]);
}

static void first_id_is_mixed(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	KUNIT_EXPECT_STREQ(test, m->krng.steps, "m");
	expect_mixed(test, m, 0, m->id.words[0]);
}

static void fork_is_published_last(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[1]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK);
	KUNIT_EXPECT_EQ(test, m->published[0], 1);
	expect_mixed(test, m, 1, m->id.words[0]);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 1);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.reseed_failures, 0);
	KUNIT_EXPECT_NE(test, m->pipeline.counters.last_fork_boottime_ns, 0);
}

/* It mixes the ID and reseeds; what the early phase brings takes another reseed. */
static void kernels_function_gets_the_id(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->has_vmfork = true;
	m->id.words[1]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, "vErPL");
	KUNIT_EXPECT_EQ(test, m->vmforked_with.words[0], m->id.words[0]);
	KUNIT_EXPECT_EQ(test, m->vmforked_with.words[1], m->id.words[1]);
}

static void failed_reseed_is_published_and_counted(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->krng.reseed_error = -EIO;
	m->id.words[1]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK);
	KUNIT_EXPECT_EQ(test, m->published[0], 1);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.reseed_failures, 1);
}

/* Clones may show the same, and then nothing else keeps them apart. */
static void fork_without_entropy_is_counted(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	const u64 *nr = &m->pipeline.counters.forks_without_entropy;

	m->id.words[1]++;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, *nr, 1);
	m->is_fresh = true;
	m->id.words[1]++;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, *nr, 1);
	m->is_fresh = false;
	m->has_entropy = true;
	vmgenid_pipeline_trigger(&m->pipeline, 0);
	KUNIT_EXPECT_EQ(test, *nr, 1);
}

/* What was fresh for the first fork is not for the second. */
static void fork_again_without_entropy(struct fake_machine *m)
{
	m->is_fresh = !m->nr_early++;
	if (m->is_fresh)
		m->id.words[0]++;
}

static void entropy_before_another_fork_does_not_count(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[0]++;
	m->during_early = fork_again_without_entropy;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 2);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks_without_entropy, 1);
}

static void rng_that_is_not_ready_is_no_failure(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->krng.reseed_error = -ENODATA;
	vmgenid_pipeline_trigger(&m->pipeline, 0);
	KUNIT_EXPECT_EQ(test, m->nr_published, 1);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.reseed_failures, 0);
}

static void each_bit_of_the_id_counts(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	unsigned int bit;

	for (bit = 0; bit < 128; bit++) {
		m->id.words[bit / 64] ^= BIT_ULL(bit % 64);
		KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	}
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 128);
}

static void same_id_is_no_fork(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	int i;

	m->id.words[0]++;
	for (i = 0; i < 1000; i++)
		vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK);
}

static void id_that_comes_back_is_a_fork(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	m->id.words[0]--;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, m->nr_published, 2);
	KUNIT_EXPECT_EQ(test, m->published[1], 2);
}

/*
 * Modules of different releases meet when a package is upgraded: symbol_get() does not
 * compare versions. A subscriber ignores the phases that it does not know.
 */
static void phases_keep_their_numbers(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, (int)VMGENID_FORK_EARLY, 0);
	KUNIT_EXPECT_EQ(test, (int)VMGENID_FORK_LATE, 1);
	KUNIT_EXPECT_EQ(test, (int)VMGENID_FORK_LOOK, 2);
}

/* Another source, alone: the present ID is mixed in once more, which does no harm. */
static void other_source_is_enough(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->reported = true;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 1);
	KUNIT_EXPECT_NE(test, m->pipeline.counters.last_fork_boottime_ns, 0);
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_EQ(test, m->nr_published, 1);
}

/* Whichever is noticed first. */
static void both_sources_are_one_fork(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->reported = true;
	m->id.words[0]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 1);
	expect_mixed(test, m, 1, m->id.words[0]);
}

/* It is known, but the ID may be all in which clones differ. */
static void echo_is_mixed_and_not_published(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->is_exact = true;
	m->is_fresh = true;
	m->reported = true;
	vmgenid_pipeline_check(&m->pipeline);
	m->id.words[0]++;
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK "mr");
	expect_mixed(test, m, m->krng.nr_calls - 2, m->id.words[0]);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 1);
	/* The next one is a fork. */
	m->id.words[0]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_EQ(test, m->nr_published, 2);
}

/* What programs drew after the first generation, clones have drawn, too. */
static void echo_is_published_after_a_fork_without_entropy(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->is_exact = true;
	m->reported = true;
	vmgenid_pipeline_check(&m->pipeline);
	m->is_fresh = true;
	m->id.words[0]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_EQ(test, m->nr_published, 2);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 1);
	/* The second one had some. */
	m->reported = true;
	vmgenid_pipeline_check(&m->pipeline);
	m->id.words[0]++;
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_EQ(test, m->nr_published, 3);
}

/* Sources that show each load show no resume of an image in another machine. */
static void nothing_is_an_echo_after_hibernation(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->is_exact = true;
	m->is_fresh = true;
	m->reported = true;
	vmgenid_pipeline_check(&m->pipeline);
	vmgenid_pipeline_restored(&m->pipeline);
	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, m->nr_published, 2);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 2);
}

static void report_again(struct fake_machine *m)
{
	m->during_early = NULL;
	m->reported = true;
}

static void other_source_amid_a_fork_starts_over(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[0]++;
	m->during_early = report_again;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, "mrErmrErPL");
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 2);
}

static void fork_again(struct fake_machine *m)
{
	m->during_early = NULL;
	m->id.words[0]++;
}

/* What was drawn since is shared again: no generation is published before a reseed. */
static void fork_amid_a_fork_starts_over(struct kunit *test)
{
	struct fake_machine *m = test->priv;
	u64 first = ++m->id.words[0];

	m->during_early = fork_again;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, "mrErmrErPL");
	expect_mixed(test, m, 1, first);
	expect_mixed(test, m, 4, first + 1);
	KUNIT_EXPECT_EQ(test, m->nr_published, 1);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 2);
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
}

static void fork_always(struct fake_machine *m)
{
	m->id.words[0]++;
}

/* A host that never stops does not block the guest, and its last ID is not lost. */
static void endless_forks_are_bounded(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->during_early = fork_always;
	m->id.words[0]++;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_EQ(test, m->nr_published, 1);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, VMGENID_PIPELINE_ROUNDS_MAX);
	m->during_early = NULL;
	KUNIT_EXPECT_TRUE(test, vmgenid_pipeline_check(&m->pipeline));
	expect_mixed(test, m, m->krng.nr_calls - 3, m->id.words[0]);
	KUNIT_EXPECT_EQ(test, m->nr_published, 2);
}

static void trigger_needs_no_new_id(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	vmgenid_pipeline_trigger(&m->pipeline, 0);
	vmgenid_pipeline_trigger(&m->pipeline, 100);
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK ONE_FORK);
	KUNIT_EXPECT_EQ(test, m->published[0], 1);
	KUNIT_EXPECT_EQ(test, m->published[1], 100);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 0);
}

static void trigger_deals_with_a_fork_too(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	m->id.words[0]++;
	vmgenid_pipeline_trigger(&m->pipeline, 0);
	KUNIT_EXPECT_FALSE(test, vmgenid_pipeline_check(&m->pipeline));
	KUNIT_EXPECT_STREQ(test, m->steps, ONE_FORK);
	KUNIT_EXPECT_EQ(test, m->pipeline.counters.forks, 1);
}

static void generation_wraps(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	vmgenid_pipeline_trigger(&m->pipeline, U32_MAX);
	m->id.words[0]++;
	vmgenid_pipeline_check(&m->pipeline);
	KUNIT_EXPECT_EQ(test, m->published[0], U32_MAX);
	KUNIT_EXPECT_EQ(test, m->published[1], 0);
}

static void hash_tells_ids_apart(struct kunit *test)
{
	struct vmgenid_mark a = { { 1, 2 } }, b = { { 2, 1 } };

	KUNIT_EXPECT_NE(test, vmgenid_mark_hash(&a), vmgenid_mark_hash(&b));
	KUNIT_EXPECT_EQ(test, vmgenid_mark_hash(&a), vmgenid_mark_hash(&a));
	KUNIT_EXPECT_NE(test, vmgenid_mark_hash(&a), a.words[0]);
}

static struct kunit_case pipeline_cases[] = {
	KUNIT_CASE(first_id_is_no_fork),
	KUNIT_CASE(first_id_is_mixed),
	KUNIT_CASE(fork_is_published_last),
	KUNIT_CASE(kernels_function_gets_the_id),
	KUNIT_CASE(failed_reseed_is_published_and_counted),
	KUNIT_CASE(fork_without_entropy_is_counted),
	KUNIT_CASE(entropy_before_another_fork_does_not_count),
	KUNIT_CASE(rng_that_is_not_ready_is_no_failure),
	KUNIT_CASE(each_bit_of_the_id_counts),
	KUNIT_CASE(same_id_is_no_fork),
	KUNIT_CASE(id_that_comes_back_is_a_fork),
	KUNIT_CASE(phases_keep_their_numbers),
	KUNIT_CASE(other_source_is_enough),
	KUNIT_CASE(both_sources_are_one_fork),
	KUNIT_CASE(echo_is_mixed_and_not_published),
	KUNIT_CASE(echo_is_published_after_a_fork_without_entropy),
	KUNIT_CASE(nothing_is_an_echo_after_hibernation),
	KUNIT_CASE(other_source_amid_a_fork_starts_over),
	KUNIT_CASE(fork_amid_a_fork_starts_over),
	KUNIT_CASE(endless_forks_are_bounded),
	KUNIT_CASE(trigger_needs_no_new_id),
	KUNIT_CASE(trigger_deals_with_a_fork_too),
	KUNIT_CASE(generation_wraps),
	KUNIT_CASE(hash_tells_ids_apart),
	{}
};

static struct kunit_suite pipeline_suite = {
	.name = "vmgenid_pipeline",
	.init = fake_machine_init,
	.exit = fake_machine_exit,
	.test_cases = pipeline_cases,
};

kunit_test_suites(&pipeline_suite);
