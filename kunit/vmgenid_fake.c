// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>

#include "vmgenid_fake.h"

static void fake_step(struct fake_machine *m, char step)
{
	size_t len = strlen(m->steps);

	if (len < sizeof(m->steps) - 1)
		m->steps[len] = step;
}

static bool fake_read_id(struct vmgenid_source *source, struct vmgenid_mark *mark)
{
	*mark = container_of(source, struct fake_machine, id_source)->id;
	return true;
}

static bool fake_ask(struct vmgenid_source *source)
{
	struct fake_machine *m = container_of(source, struct fake_machine, asked_source);

	return xchg(&m->reported, false);
}

static bool fake_notify(struct vmgenid_pipeline *p, enum vmgenid_fork_phase phase)
{
	struct fake_machine *m = to_machine(p);
	struct task_struct *inside;

	if (phase == VMGENID_FORK_LATE) {
		fake_step(m, 'L');
		if (xchg(&m->inside, NULL) != current)
			atomic_inc(&m->overlaps);
		return false;
	}
	/* The task itself, if this is a further round of its run. */
	inside = cmpxchg(&m->inside, NULL, current);
	if (inside && inside != current)
		atomic_inc(&m->overlaps);
	fake_step(m, 'E');
	if (m->during_early)
		m->during_early(m);
	return m->is_fresh;
}

static bool fake_has_entropy(struct vmgenid_pipeline *p)
{
	return to_machine(p)->has_entropy;
}

static bool fake_vmfork(struct vmgenid_pipeline *p, const struct vmgenid_mark *mark)
{
	struct fake_machine *m = to_machine(p);

	if (!m->has_vmfork)
		return false;
	m->vmforked_with = *mark;
	fake_step(m, 'v');
	return true;
}

static void fake_krng_step(struct fake_krng *krng, enum fake_krng_op op)
{
	fake_step(krng->data, op);
}

static void fake_publish(struct vmgenid_pipeline *p, u32 generation)
{
	struct fake_machine *m = to_machine(p);

	fake_step(m, 'P');
	if (m->nr_published < ARRAY_SIZE(m->published))
		m->published[m->nr_published] = generation;
	m->nr_published++;
}

static const struct vmgenid_pipeline_ops fake_ops = {
	.notify = fake_notify,
	.has_entropy = fake_has_entropy,
	.vmfork = fake_vmfork,
	.publish = fake_publish,
};

static const struct vmgenid_source_ops fake_id_ops = {
	.name = "id",
	.read = fake_read_id,
};

static bool fake_is_exact(const struct vmgenid_source *source)
{
	return container_of(source, struct fake_machine, asked_source)->is_exact;
}

static const struct vmgenid_source_ops fake_asked_ops = {
	.name = "asked",
	.ask = fake_ask,
	.is_exact = fake_is_exact,
};

/**
 * fake_machine_init() - a machine that was never forked, as test->priv
 * @test: the test
 *
 * Return: 0, or the test is aborted.
 */
int fake_machine_init(struct kunit *test)
{
	struct fake_machine *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->id = (struct vmgenid_mark) { { 0x0123456789abcdef, 0xfedcba9876543210 } };
	fake_krng_init(&m->krng);
	m->id_source = (struct vmgenid_source) { .ops = &fake_id_ops, .is_open = true };
	m->asked_source = (struct vmgenid_source) { .ops = &fake_asked_ops, .is_open = true };
	m->all[0] = &m->id_source;
	m->all[1] = &m->asked_source;
	m->sources = (struct vmgenid_sources) { m->all, ARRAY_SIZE(m->all) };
	vmgenid_pipeline_init(&m->pipeline, &fake_ops, &m->sources, &m->krng.krng);
	m->krng.data = m;
	m->krng.on_step = fake_krng_step;
	test->priv = m;
	return 0;
}

/**
 * fake_machine_exit() - undo fake_machine_init()
 * @test: the test
 */
void fake_machine_exit(struct kunit *test)
{
	struct fake_machine *m = test->priv;

	if (m)
		vmgenid_pipeline_destroy(&m->pipeline);
}
