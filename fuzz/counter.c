// SPDX-License-Identifier: GPL-2.0
/*
 * The generation behind /dev/sysgenid, and those that watch it: vmgenid/counter.c.
 *
 * Input: new generations, and watchers that open, acknowledge, ask to be waited for and
 * close.
 *
 * Rules: each watcher learns of each generation, also of one that has been there before;
 * the wait ends when, and only when, all tracked watchers have acknowledged the last one.
 */
#include <linux/errno.h>

#include "../vmgenid/counter.h"
#include "fuzz.h"

#define COUNTER_WATCHERS	6

struct counter_model {
	bool is_open, is_outdated, is_tracked;
};

static void counter_check(struct vmgenid_counter *counter, struct vmgenid_watcher *watchers,
			  const struct counter_model *model, u32 generation)
{
	unsigned int i, nr_outdated = 0, nr_tracked = 0;
	u32 seen = ~generation;

	fuzz_check(vmgenid_counter_read(counter) == generation);
	for (i = 0; i < COUNTER_WATCHERS; i++) {
		if (!model[i].is_open)
			continue;
		nr_tracked += model[i].is_tracked;
		nr_outdated += model[i].is_tracked && model[i].is_outdated;
		fuzz_check(vmgenid_watcher_is_outdated(&watchers[i], counter) ==
			   model[i].is_outdated);
		fuzz_check(vmgenid_watcher_next(&watchers[i], counter, &seen) ==
			   model[i].is_outdated);
		fuzz_check(seen == generation);
	}
	fuzz_check(counter->nr_tracked == nr_tracked && counter->nr_outdated == nr_outdated);
	fuzz_check(vmgenid_counter_is_settled(counter) == !nr_outdated);
}

static u32 counter_begin(struct vmgenid_counter *counter, struct counter_model *model,
			 u32 generation, u32 min)
{
	u32 next = vmgenid_counter_next(generation, min);
	unsigned int i;

	fuzz_check(next != generation);
	fuzz_check(next >= min || min == generation);
	fuzz_check(next == min || next == (u32)(generation + 1));
	vmgenid_counter_set(counter, next);
	for (i = 0; i < COUNTER_WATCHERS; i++)
		model[i].is_outdated = true;
	return next;
}

static void counter_watch(struct vmgenid_counter *counter, struct vmgenid_watcher *watcher,
			  struct counter_model *model, u8 op, u32 generation, u32 acked)
{
	bool track = op & 0x80;
	int err;

	if (!model->is_open) {
		vmgenid_watcher_open(watcher, counter);
		*model = (struct counter_model){ .is_open = true };
		return;
	}
	switch (op >> 4 & 3) {
	case 0:
		acked = generation;
		fallthrough;
	case 1:
		err = vmgenid_watcher_ack(watcher, counter, acked);
		fuzz_check(err == (acked != generation ? -EINVAL : model->is_tracked));
		if (err >= 0)
			model->is_outdated = false;
		break;
	case 2:
		fuzz_check(vmgenid_watcher_track(watcher, counter, track) ==
			   (track != model->is_tracked));
		model->is_tracked = track;
		break;
	case 3:
		/* As sysgenid.c closes a file. */
		vmgenid_watcher_track(watcher, counter, false);
		model->is_open = false;
		break;
	}
}

FUZZ_TARGET(counter)
{
	struct vmgenid_watcher watchers[COUNTER_WATCHERS] = {};
	struct counter_model model[COUNTER_WATCHERS] = {};
	struct vmgenid_counter counter;
	u32 value = 1, generation = 0;
	unsigned int i;
	u8 op;

	vmgenid_counter_init(&counter, &value);
	while (in->left) {
		op = fuzz_u8(in);
		i = op & 7;
		if (i < COUNTER_WATCHERS)
			counter_watch(&counter, &watchers[i], &model[i], op, generation,
				      op & 0x40 ? fuzz_u32(in) : generation - 1);
		else
			generation = counter_begin(&counter, model, generation,
						   i & 1 ? 0 : fuzz_u32(in));
		if (i == 7 && op & 0x40)
			generation = counter_begin(&counter, model, generation, 0xffffffff);
		counter_check(&counter, watchers, model, generation);
	}
}
