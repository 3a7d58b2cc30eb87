// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>

#include "vmgenid_fake.h"

static void fake_step(struct fake_machine *m, char step)
{
	size_t len = strlen(m->steps);

	if (len < sizeof(m->steps) - 1)
		m->steps[len] = step;
}

static int fake_listen(struct vmgenid_pipeline *p)
{
	struct fake_machine *m = to_machine(p);

	if (m->during_listen)
		m->during_listen(m);
	return m->listen_error;
}

static void fake_read_id(struct vmgenid_pipeline *p, struct vmgenid_id *id)
{
	*id = to_machine(p)->id;
}

static bool fake_look(struct vmgenid_pipeline *p)
{
	struct fake_machine *m = to_machine(p);

	return xchg(&m->reported, false);
}

static void fake_notify(struct vmgenid_pipeline *p, enum vmgenid_fork_phase phase)
{
	struct fake_machine *m = to_machine(p);
	struct task_struct *inside;

	if (phase == VMGENID_FORK_LATE) {
		fake_step(m, 'L');
		if (xchg(&m->inside, NULL) != current)
			atomic_inc(&m->overlaps);
		return;
	}
	/* The task itself, if this is a further round of its run. */
	inside = cmpxchg(&m->inside, NULL, current);
	if (inside && inside != current)
		atomic_inc(&m->overlaps);
	fake_step(m, 'E');
	if (m->during_early)
		m->during_early(m);
}

static bool fake_vmfork(struct vmgenid_pipeline *p, const struct vmgenid_id *id)
{
	struct fake_machine *m = to_machine(p);

	if (!m->has_vmfork)
		return false;
	m->vmforked_with = *id;
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
	.listen = fake_listen,
	.read_id = fake_read_id,
	.look = fake_look,
	.notify = fake_notify,
	.vmfork = fake_vmfork,
	.publish = fake_publish,
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
	m->id = (struct vmgenid_id) { { 0x0123456789abcdef, 0xfedcba9876543210 } };
	fake_krng_init(&m->krng);
	vmgenid_pipeline_init(&m->pipeline, &fake_ops, &m->krng.krng);
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
