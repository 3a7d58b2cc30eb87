// SPDX-License-Identifier: GPL-2.0
/*
 * What a fork sets in motion, and in which order: vmgenid/pipeline.c, source.c, counter.c.
 *
 * Input: a sequence of forks, checks and triggers; which sources show the fork; whether
 * the kernel's own function is there, the host gives entropy, a reseed fails; and forks
 * in the midst of the early phase.
 *
 * Rules: the order in the head of pipeline.c. Before a generation is published, all that
 * the sources show has been mixed, and the kernel RNG was reseeded after that and after
 * the early phase; a fork is followed by another generation; the rounds are bounded.
 */
#include <linux/errno.h>

#include "../common/krng.h"
#include "../vmgenid/counter.h"
#include "../vmgenid/pipeline.h"
#include "fuzz.h"

#define PIPELINE_SOURCES	3

struct pipeline_machine {
	struct vmgenid_pipeline pipeline;
	struct vmgenid_source all[PIPELINE_SOURCES];
	struct vmgenid_source *list[PIPELINE_SOURCES];
	struct vmgenid_sources sources;
	struct chv_krng krng;
	struct fuzz_input *in;
	struct vmgenid_mark shown[PIPELINE_SOURCES];
	u64 serial;
	bool asked;			/* the last source is asked, the others are read */
	bool is_exact, has_vmfork, has_entropy, is_fresh;
	int reseed_error;
	unsigned int forks_left;	/* in early phases */
	/* what happens, since the last fork that the pipeline has seen */
	bool is_mixed[PIPELINE_SOURCES];
	bool is_reseeded;		/* since the last mix */
	bool had_early;			/* ... and a reseed after it, if also that */
	bool had_fresh;
	unsigned int nr_early, nr_published, nr_late, nr_reseeds, nr_mixed;
};

static struct pipeline_machine pipeline_machine;

static unsigned int pipeline_index(const struct vmgenid_source *source)
{
	return source - pipeline_machine.all;
}

static bool pipeline_read(struct vmgenid_source *source, struct vmgenid_mark *mark)
{
	*mark = pipeline_machine.shown[pipeline_index(source)];
	return true;
}

static bool pipeline_ask(struct vmgenid_source *source)
{
	bool asked = pipeline_machine.asked;

	pipeline_machine.asked = false;
	return asked;
}

static bool pipeline_is_exact(const struct vmgenid_source *source)
{
	return pipeline_machine.is_exact;
}

static const struct vmgenid_source_ops pipeline_read_ops = { .read = pipeline_read };
static const struct vmgenid_source_ops pipeline_ask_ops = {
	.ask = pipeline_ask, .is_exact = pipeline_is_exact,
};

/* Those that are read, perhaps later than the fork. */
static void pipeline_show(struct pipeline_machine *m, u8 shows)
{
	unsigned int i;

	for (i = 0; i < PIPELINE_SOURCES - 1; i++)
		if (shows >> i & 1)
			m->shown[i].words[0] = ++m->serial;
}

static void pipeline_fork(struct pipeline_machine *m, u8 shows)
{
	pipeline_show(m, shows);
	if (m->is_exact || shows & 1 << (PIPELINE_SOURCES - 1))
		m->asked = true;
}

static void pipeline_mixed(struct pipeline_machine *m, const struct vmgenid_mark *mark)
{
	unsigned int i;

	fuzz_check(m->pipeline.lock.lock.is_held);
	for (i = 0; i < PIPELINE_SOURCES; i++)
		if (!memcmp(mark, &m->all[i].mark, sizeof(*mark)) && m->all[i].ops->read)
			break;
	fuzz_check(i < PIPELINE_SOURCES && m->all[i].is_open);
	m->is_mixed[i] = true;
	m->is_reseeded = false;
	m->nr_mixed++;
}

static void pipeline_krng_mix(struct chv_krng *krng, const void *buf, size_t len)
{
	fuzz_check(len == sizeof(struct vmgenid_mark));
	pipeline_mixed(container_of(krng, struct pipeline_machine, krng), buf);
}

static int pipeline_krng_reseed(struct chv_krng *krng)
{
	struct pipeline_machine *m = container_of(krng, struct pipeline_machine, krng);

	m->nr_reseeds++;
	m->is_reseeded = true;
	return m->reseed_error;
}

static struct pipeline_machine *pipeline_of(struct vmgenid_pipeline *pipeline)
{
	fuzz_check(pipeline->lock.lock.is_held);
	return container_of(pipeline, struct pipeline_machine, pipeline);
}

static bool pipeline_vmfork(struct vmgenid_pipeline *pipeline, const struct vmgenid_mark *mark)
{
	struct pipeline_machine *m = pipeline_of(pipeline);

	if (!m->has_vmfork)
		return false;
	pipeline_mixed(m, mark);
	m->is_reseeded = true;
	return true;
}

static bool pipeline_all_mixed(const struct pipeline_machine *m)
{
	unsigned int i;

	for (i = 0; i < PIPELINE_SOURCES; i++)
		if (m->all[i].is_open && m->all[i].ops->read && !m->is_mixed[i])
			return false;
	return m->is_reseeded;
}

static bool pipeline_notify(struct vmgenid_pipeline *pipeline, enum vmgenid_fork_phase phase)
{
	struct pipeline_machine *m = pipeline_of(pipeline);

	if (phase == VMGENID_FORK_LATE) {
		fuzz_check(++m->nr_late == m->nr_published);
		return false;
	}
	fuzz_check(phase == VMGENID_FORK_EARLY && !m->nr_published);
	fuzz_check(++m->nr_early <= VMGENID_PIPELINE_ROUNDS_MAX);
	/* At once: no slow subscriber can delay it. */
	fuzz_check(pipeline_all_mixed(m));
	/* What the subscribers mix takes effect with the next reseed. */
	m->is_reseeded = false;
	memset(m->is_mixed, 0, sizeof(m->is_mixed));
	m->had_early = true;
	if (m->forks_left && fuzz_u8(m->in) & 1) {
		m->forks_left--;
		pipeline_fork(m, fuzz_u8(m->in));
	}
	m->had_fresh = m->is_fresh && fuzz_u8(m->in) & 1;
	return m->had_fresh;
}

static bool pipeline_has_entropy(struct vmgenid_pipeline *pipeline)
{
	return pipeline_of(pipeline)->has_entropy;
}

static void pipeline_publish(struct vmgenid_pipeline *pipeline, u32 generation)
{
	struct pipeline_machine *m = pipeline_of(pipeline);

	fuzz_check(m->had_early && m->is_reseeded);
	fuzz_check(!m->nr_published++ && !m->nr_late);
	fuzz_check(generation == pipeline->generation);
}

static const struct vmgenid_pipeline_ops pipeline_ops = {
	.vmfork = pipeline_vmfork,
	.notify = pipeline_notify,
	.has_entropy = pipeline_has_entropy,
	.publish = pipeline_publish,
};

static void pipeline_forget(struct pipeline_machine *m)
{
	memset(m->is_mixed, 0, sizeof(m->is_mixed));
	m->is_reseeded = false;
	m->had_early = false;
	m->nr_early = 0;
	m->nr_published = 0;
	m->nr_late = 0;
	m->nr_reseeds = 0;
	m->nr_mixed = 0;
}

/* Something that the pipeline has not looked at. */
static bool pipeline_has_news(const struct pipeline_machine *m)
{
	unsigned int i;

	for (i = 0; i < PIPELINE_SOURCES - 1; i++)
		if (m->all[i].is_open &&
		    memcmp(&m->shown[i], &m->all[i].mark, sizeof(m->shown[i])))
			return true;
	return m->asked && m->all[i].is_open;
}

static void pipeline_check_run(const struct pipeline_machine *m, bool ran, u32 before,
			       const struct vmgenid_pipeline_counters *counters)
{
	const struct vmgenid_pipeline *pipeline = &m->pipeline;
	bool dry = !m->had_fresh && !m->has_entropy;
	bool failed = m->reseed_error && m->reseed_error != -ENODATA;

	fuzz_check(m->nr_published == ran && m->nr_late == ran);
	fuzz_check((pipeline->generation != before) == ran);
	if (!ran) {
		/* An echo is mixed and takes effect. */
		fuzz_check(!m->nr_early && m->nr_reseeds == !!m->nr_reseeds);
		fuzz_check(!m->nr_mixed || m->is_reseeded);
		return;
	}
	fuzz_check(pipeline->is_dry == dry);
	fuzz_check(pipeline->counters.forks_without_entropy ==
		   counters->forks_without_entropy + dry);
	fuzz_check(pipeline->counters.reseed_failures == counters->reseed_failures + failed);
	/* What comes in the last round is left to the next check. */
	fuzz_check(m->nr_early == VMGENID_PIPELINE_ROUNDS_MAX || !pipeline_has_news(m));
}

static void pipeline_act(struct pipeline_machine *m, u8 op)
{
	struct vmgenid_pipeline *pipeline = &m->pipeline;
	const struct vmgenid_pipeline_counters counters = pipeline->counters;
	u32 before = pipeline->generation, min;
	bool has_news, was_dry, was_exact, ran;

	pipeline_forget(m);
	switch (op & 7) {
	case 0:
		pipeline_fork(m, op >> 3);
		break;
	case 1:
		pipeline_show(m, op >> 3);
		break;
	case 2:
	case 3:
		has_news = pipeline_has_news(m);
		was_dry = pipeline->is_dry;
		was_exact = m->is_exact && !m->asked;
		ran = vmgenid_pipeline_check(pipeline);
		/* Only an echo is news and no generation: of a fork that all were told of. */
		fuzz_check(has_news || !ran);
		fuzz_check(ran || !has_news || (was_exact && !was_dry && m->nr_reseeds));
		pipeline_check_run(m, ran, before, &counters);
		break;
	case 4:
		min = op & 8 ? fuzz_u32(m->in) : 0;
		vmgenid_pipeline_trigger(pipeline, min);
		fuzz_check(pipeline->generation >= min || min == before);
		pipeline_check_run(m, true, before, &counters);
		break;
	case 5:
		vmgenid_pipeline_restored(pipeline);
		break;
	case 6:
		m->has_vmfork = op & 8;
		m->has_entropy = op & 16;
		m->is_fresh = op & 32;
		m->reseed_error = op & 64 ? op & 128 ? -EIO : -ENODATA : 0;
		break;
	case 7:
		m->forks_left = fuzz_u8(m->in) & 15;
		break;
	}
}

FUZZ_TARGET(pipeline)
{
	struct pipeline_machine *m = &pipeline_machine;
	u8 first = fuzz_u8(in);
	unsigned int i;

	*m = (struct pipeline_machine){
		.krng = { .mix = pipeline_krng_mix, .reseed = pipeline_krng_reseed },
		.in = in,
		.is_exact = first & 1,
	};
	for (i = 0; i < PIPELINE_SOURCES; i++) {
		m->all[i].ops = i < PIPELINE_SOURCES - 1 ? &pipeline_read_ops : &pipeline_ask_ops;
		m->all[i].is_open = !(first & 2 << i);
		m->list[i] = &m->all[i];
		/* Marks of different sources differ, so that each can be recognised. */
		m->shown[i].words[0] = 1;
		m->shown[i].words[1] = i + 1;
	}
	m->is_exact &= m->all[PIPELINE_SOURCES - 1].is_open;
	m->sources = (struct vmgenid_sources){ m->list, PIPELINE_SOURCES };
	m->serial = 1;
	vmgenid_pipeline_init(&m->pipeline, &pipeline_ops, &m->sources, &m->krng);
	fuzz_check(pipeline_has_news(m) == false);
	while (in->left)
		pipeline_act(m, fuzz_u8(in));
	vmgenid_pipeline_destroy(&m->pipeline);
	for (i = 0; i < PIPELINE_SOURCES; i++)
		fuzz_check(!m->all[i].mark.words[0] && !m->all[i].mark.words[1]);
}
