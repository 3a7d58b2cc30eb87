// SPDX-License-Identifier: GPL-2.0
/* Suite commonhv_round: the order of a round, and its cost. */
#include <kunit/test.h>

#include "../commonhv/round.h"
#include "commonhv_fake.h"
#include "krng_fake.h"

#define ROUND_MSR	0x4f000100

#define HOST2(location_, msr_)						\
	FAKE_COMMONHV(0x4f000003), { 0x4f000001, 0, 1 },		\
	{ 0x4f000001, 1, (location_), FAKE_KVM },			\
	{ 0x4f000002, 0, 3 }, { 0x4f000003, 0, (msr_) },		\
	{ (location_), 0, (location_) + 1, FAKE_KVM }, {}
#define HOST1(location_)						\
	FAKE_COMMONHV(0x4f000002),					\
	{ 0x4f000001, 0, (location_), FAKE_KVM },			\
	{ 0x4f000002, 0, ROUND_MSR }, {}

#define HOST0								\
	FAKE_COMMONHV(0x4f000001), { 0x4f000001, 0, 0 }, {}
#define KVM								\
	{ 0x40000000, 0, 0x40000001, FAKE_KVM }, {}

static const struct fake_leaf round_host[] = { HOST2(0x40000000, ROUND_MSR) };
static const struct fake_leaf round_host_moved[] = { HOST2(0x40000000, 0x4f000200) };
static const struct fake_leaf round_host_1[] = { HOST1(0x40000000) };
static const struct fake_leaf round_host_1_other[] = { HOST1(0x40000100) };
static const struct fake_leaf round_host_no_rng[] = { HOST0 };
static const struct fake_leaf round_host_without[] = { KVM };

struct round_fixture {
	struct commonhv_round round;
	struct fake_hv *hv;
	struct fake_krng krng;
	unsigned int nr_kicks;
	/* Where the machine is restored while the kernel reseeds. */
	const struct fake_leaf *at_reseed;
};

static void round_kick(struct commonhv_round *round)
{
	container_of(round, struct round_fixture, round)->nr_kicks++;
}

static void round_step(struct fake_krng *krng, enum fake_krng_op op)
{
	struct round_fixture *f = container_of(krng, struct round_fixture, krng);

	fake_hv_note(f->hv, op);
	if (op == FAKE_KRNG_RESEED && f->at_reseed)
		f->hv->leaves = f->at_reseed;
}

static int round_init(struct kunit *test)
{
	struct round_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->hv = fake_hv_create(test, round_host);
	f->hv->rng_msr = ROUND_MSR;
	fake_krng_init(&f->krng);
	f->krng.on_step = round_step;
	f->round.discovery.access = &f->hv->access;
	f->round.rng.access = &f->hv->access;
	f->round.rng.krng = &f->krng.krng;
	f->round.kick = round_kick;
	commonhv_round_init(&f->round, COMMONHV_RNG_QUALITY_MAX);
	test->priv = f;
	return 0;
}

static void round_exit(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	if (f)
		commonhv_round_destroy(&f->round);
}

static void round_forget(struct round_fixture *f)
{
	fake_hv_forget(f->hv);
	fake_krng_forget(&f->krng);
}

static void round_expect_story(struct kunit *test, const char *want)
{
	struct round_fixture *f = test->priv;
	char story[FAKE_STORY_LEN];

	fake_hv_story(f->hv, story);
	KUNIT_EXPECT_STREQ(test, (const char *)story, want);
}

static unsigned int round_reads(const struct round_fixture *f)
{
	return fake_hv_count(f->hv, FAKE_RDMSR, 0, U32_MAX);
}

/* The first effect on the kernel RNG: these values were mixed. */
static void round_expect_mixed(struct kunit *test, unsigned int nr)
{
	struct round_fixture *f = test->priv;
	const struct fake_krng_call *call = &f->krng.calls[0];
	u64 values[COMMONHV_RNG_BATCH_MAX];

	KUNIT_EXPECT_EQ(test, fake_hv_values(f->hv, FAKE_RDMSR, values, ARRAY_SIZE(values)),
			nr);
	KUNIT_EXPECT_EQ(test, call->op, FAKE_KRNG_MIX);
	KUNIT_EXPECT_EQ(test, call->len, nr * sizeof(u64));
	KUNIT_EXPECT_EQ(test, memcmp(values, call->words, nr * sizeof(u64)), 0);
}

/* The host's words, a reseed at once, and the interfaces when that is done. */
static void round_at_an_event(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	commonhv_round_run(&f->round, true);
	round_expect_story(test, "hRmrls");
	round_expect_mixed(test, 16);
	KUNIT_EXPECT_STREQ(test, (const char *)f->krng.steps, "mr");
	/* The leaves are read once for both. */
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_CPUID, 0x4f000000, 0x4fffffff),
			1 + 4);
	KUNIT_EXPECT_EQ(test, f->round.discovery.info.nr_interfaces, 1);
	KUNIT_EXPECT_TRUE(test, f->round.discovery.info.interfaces[0].verified);
	KUNIT_EXPECT_TRUE(test, commonhv_rng_is_present(&f->round.rng));
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 0);
}

static void round_offers_last_and_after_the_leaves(struct kunit *test)
{
	struct round_fixture *f = test->priv;
	u64 value;

	f->round.rng.offer_entropy = true;
	commonhv_round_run(&f->round, true);
	round_expect_story(test, "hRmrdhWls");
	KUNIT_EXPECT_EQ(test, fake_hv_values(f->hv, FAKE_WRMSR, &value, 1), 1);
	KUNIT_EXPECT_EQ(test, value, f->krng.calls[2].words[0]);
}

static void round_offers_nothing_without_a_reseed(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	f->round.rng.offer_entropy = true;
	f->krng.reseed_error = -EOPNOTSUPP;
	commonhv_round_run(&f->round, true);
	round_expect_story(test, "hRmrls");
	KUNIT_EXPECT_EQ(test, f->krng.nr_drawn, 0);
	/* Nor from an RNG that is not ready. */
	f->krng.reseed_error = 0;
	f->krng.ready = false;
	round_forget(f);
	commonhv_round_run(&f->round, true);
	round_expect_story(test, "hRmrls");
	KUNIT_EXPECT_EQ(test, f->krng.nr_drawn, 0);
}

/* Restored elsewhere between the reads and the offer. */
static void round_offers_nothing_to_another_host(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	f->round.rng.offer_entropy = true;
	f->at_reseed = round_host_moved;
	commonhv_round_run(&f->round, true);
	KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_WRMSR, 0, U32_MAX), 0);
	/* ... which calls for a round. */
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 1);
}

/* Restored elsewhere: MSR and list belong to the leaves read before them. */
static void round_sees_the_host_change_below_it(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	f->at_reseed = round_host_1_other;
	commonhv_round_run(&f->round, true);
	f->at_reseed = NULL;
	round_forget(f);
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_EQ(test, f->round.discovery.info.caps.draft, COMMONHV_DRAFT_1);
	KUNIT_EXPECT_EQ(test, f->round.discovery.info.interfaces[0].location,
			0x40000100);
}

static void round_does_without_an_rng(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	f->round.rng.offer_entropy = true;
	f->hv->leaves = round_host_no_rng;
	commonhv_round_run(&f->round, true);
	round_expect_story(test, "h");
	f->hv->leaves = round_host_without;
	round_forget(f);
	commonhv_round_run(&f->round, true);
	round_expect_story(test, "hs");
	KUNIT_EXPECT_EQ(test, f->round.discovery.info.nr_interfaces, 1);
	KUNIT_EXPECT_EQ(test, f->krng.nr_calls, 0);
}

/* Sixty-four quiet rounds: five CPUIDs each, and seven words in all. */
static void round_is_cheap_without_an_event(struct kunit *test)
{
	struct round_fixture *f = test->priv;
	unsigned int i, words = 0;

	f->round.rng.offer_entropy = true;
	commonhv_round_run(&f->round, true);
	for (i = 1; i <= 64; i++) {
		round_forget(f);
		commonhv_round_run(&f->round, false);
		KUNIT_EXPECT_EQ(test, fake_hv_count(f->hv, FAKE_CPUID, 0, U32_MAX), 5);
		words += round_reads(f);
		round_expect_story(test, is_power_of_2(i) ? "hRm" : "h");
	}
	KUNIT_EXPECT_EQ(test, words, 7);
	/* From the start again after an event. */
	commonhv_round_run(&f->round, true);
	for (i = 1; i <= 3; i++) {
		round_forget(f);
		commonhv_round_run(&f->round, false);
		round_expect_story(test, i < 3 ? "hRm" : "h");
	}
}

static void round_does_not_scan_without_an_event(struct kunit *test)
{
	struct round_fixture *f = test->priv;
	unsigned int i;

	f->hv->leaves = round_host_without;
	commonhv_round_run(&f->round, true);
	round_forget(f);
	for (i = 0; i < 10; i++)
		commonhv_round_run(&f->round, false);
	round_expect_story(test, "h");
	KUNIT_EXPECT_EQ(test, f->hv->nr_calls, 10 * 2);
	KUNIT_EXPECT_EQ(test, f->krng.nr_calls, 0);
}

/* It is an event after all. */
static void round_notices_what_changed(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	commonhv_round_run(&f->round, true);
	commonhv_round_run(&f->round, false);
	commonhv_round_run(&f->round, false);
	commonhv_round_run(&f->round, false);
	f->hv->leaves = round_host_moved;
	f->hv->rng_msr = 0x4f000200;
	round_forget(f);
	commonhv_round_run(&f->round, false);
	round_expect_story(test, "hRmhRmrls");
	KUNIT_EXPECT_EQ(test, round_reads(f), 1 + 16);
	KUNIT_EXPECT_EQ(test, f->round.discovery.info.caps.rng_msr, 0x4f000200);

	f->hv->leaves = round_host_without;
	round_forget(f);
	commonhv_round_run(&f->round, false);
	round_expect_story(test, "hs");
	KUNIT_EXPECT_FALSE(test, commonhv_rng_is_present(&f->round.rng));
}

/* Draft 1 has no header: only the first entry is read without an event. */
static void round_notices_another_first_entry(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	f->hv->leaves = round_host_1;
	commonhv_round_run(&f->round, true);
	f->hv->leaves = round_host_1_other;
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_EQ(test, f->round.discovery.info.interfaces[0].location,
			0x40000100);
}

/* For credit; but not without end. */
static void round_reads_more_for_an_unready_kernel(struct kunit *test)
{
	struct round_fixture *f = test->priv;
	unsigned int i;

	f->krng.ready = false;
	f->krng.reseed_error = -ENODATA;
	commonhv_round_run(&f->round, true);
	for (i = 1; i <= 33; i++) {
		round_forget(f);
		commonhv_round_run(&f->round, false);
		KUNIT_EXPECT_EQ(test, round_reads(f), i <= 16 ? 16 : i == 32);
	}
	commonhv_round_run(&f->round, true);
	f->round.rng.policy.quality = 0;
	round_forget(f);
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_EQ(test, round_reads(f), 1);
	f->round.rng.policy.quality = 1;
	f->krng.ready = true;
	round_forget(f);
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_EQ(test, round_reads(f), 1);
}

/* The reseed in between is the caller's. */
static void round_at_a_fork(struct kunit *test)
{
	struct round_fixture *f = test->priv;

	f->round.rng.offer_entropy = true;
	commonhv_round_run(&f->round, true);
	round_forget(f);
	f->round.fork.early(&f->round.fork);
	round_expect_story(test, "hRm");
	round_expect_mixed(test, 16);
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 0);
	f->round.fork.late(&f->round.fork);
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 1);
	round_expect_story(test, "hRm");
	KUNIT_EXPECT_PTR_EQ(test, f->round.fork.krng, &f->krng.krng);
}

/* Another host, maybe, whose RNG has the same index. */
static void round_forgets_at_forks_and_resume(struct kunit *test)
{
	struct round_fixture *f = test->priv;
	struct commonhv_rng *rng = &f->round.rng;

	f->hv->rng = FAKE_RNG_STUCK;
	commonhv_round_run(&f->round, true);
	f->hv->rng = FAKE_RNG_GOOD;
	/* An event of another kind is no reason to trust it again. */
	commonhv_round_run(&f->round, true);
	KUNIT_EXPECT_EQ(test, rng->policy.state, COMMONHV_RNG_UNHEALTHY);
	rng->input_is_refused = true;
	f->round.fork.early(&f->round.fork);
	KUNIT_EXPECT_EQ(test, rng->policy.state, COMMONHV_RNG_OK);
	KUNIT_EXPECT_FALSE(test, rng->input_is_refused);

	f->hv->rng = FAKE_RNG_STUCK;
	commonhv_round_run(&f->round, true);
	rng->input_is_refused = true;
	f->hv->rng = FAKE_RNG_GOOD;
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 0);
	commonhv_round_resume(&f->round);
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 1);
	KUNIT_EXPECT_FALSE(test, rng->input_is_refused);
	commonhv_round_run(&f->round, true);
	KUNIT_EXPECT_EQ(test, rng->policy.state, COMMONHV_RNG_OK);
}

static void round_is_asked_for_by_a_reader(struct kunit *test)
{
	struct round_fixture *f = test->priv;
	u64 buf[8];

	commonhv_round_run(&f->round, true);
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->round.rng, buf, 64), 64);
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 0);
	f->hv->leaves = round_host_without;
	KUNIT_EXPECT_EQ(test, commonhv_rng_draw(&f->round.rng, buf, 64), -ENODEV);
	KUNIT_EXPECT_EQ(test, f->nr_kicks, 1);
	/* That the reader has seen it does not hide it from the round. */
	commonhv_round_run(&f->round, false);
	KUNIT_EXPECT_FALSE(test, f->round.discovery.info.caps.present);
}

static struct kunit_case round_cases[] = {
	KUNIT_CASE(round_at_an_event),
	KUNIT_CASE(round_offers_last_and_after_the_leaves),
	KUNIT_CASE(round_offers_nothing_without_a_reseed),
	KUNIT_CASE(round_offers_nothing_to_another_host),
	KUNIT_CASE(round_sees_the_host_change_below_it),
	KUNIT_CASE(round_does_without_an_rng),
	KUNIT_CASE(round_is_cheap_without_an_event),
	KUNIT_CASE(round_does_not_scan_without_an_event),
	KUNIT_CASE(round_notices_what_changed),
	KUNIT_CASE(round_notices_another_first_entry),
	KUNIT_CASE(round_reads_more_for_an_unready_kernel),
	KUNIT_CASE(round_at_a_fork),
	KUNIT_CASE(round_forgets_at_forks_and_resume),
	KUNIT_CASE(round_is_asked_for_by_a_reader),
	{}
};

static struct kunit_suite round_suite = {
	.name = "commonhv_round",
	.init = round_init,
	.exit = round_exit,
	.test_cases = round_cases,
};

kunit_test_suites(&round_suite);
