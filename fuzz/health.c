// SPDX-License-Identifier: GPL-2.0
/*
 * The health tests: common/health.c.
 *
 * Input: a byte for each word: one of a few words, zero, some that never came before, as
 * many as it takes to the end of a window, or a new beginning.
 *
 * Rules: the definitions in the head of health.c, computed from the whole stream.
 */
#include "../common/health.h"
#include "fuzz.h"

#define HEALTH_WORDS	4096

struct health_model {
	u64 words[HEALTH_WORDS];	/* all that were not zero */
	unsigned int nr;
	unsigned int window_recurrences;
	bool failed;
};

static struct health_model health_model;
static u64 health_fresh;

static bool health_recurs(const struct health_model *model, u64 word)
{
	unsigned int i;

	for (i = model->nr; i && model->nr - i < 16; i--)
		if (model->words[i - 1] == word)
			return true;
	return false;
}

static enum chv_health_word health_expect(struct health_model *model, u64 word)
{
	unsigned int nr = model->nr;
	bool recurs;

	if (!word)
		return CHV_HEALTH_ZERO;
	recurs = health_recurs(model, word);
	if (nr % 512 == 0)
		model->window_recurrences = 0;
	model->window_recurrences += recurs;
	model->words[model->nr++] = word;
	if (nr >= 2 && model->words[nr - 1] == word && model->words[nr - 2] == word)
		model->failed = true;
	if (model->window_recurrences >= 7)
		model->failed = true;
	return recurs ? CHV_HEALTH_REPEAT : CHV_HEALTH_GOOD;
}

static void health_feed(struct chv_health *health, u64 word)
{
	fuzz_check(chv_health_check(health, word) == health_expect(&health_model, word));
	fuzz_check(health->failed == health_model.failed);
}

static u64 health_new(void)
{
	return fuzz_hash(++health_fresh) | 1ull << 63;
}

static void health_reset(struct chv_health *health)
{
	chv_health_reset(health);
	health_model.nr = 0;
	health_model.failed = false;
}

FUZZ_TARGET(health)
{
	struct chv_health health;
	unsigned int i;
	u8 op;

	health_fresh = 0;
	health_reset(&health);
	while (in->left && health_model.nr < HEALTH_WORDS - 512) {
		op = fuzz_u8(in);
		if (op == 0xff)
			health_reset(&health);
		else if (op == 0xfe)
			/* To just before the end of a window. */
			do
				health_feed(&health, health_new());
			while (health_model.nr % 512 < 510);
		else if (op >= 0xc0)
			for (i = 0; i <= (op & 0x3f); i++)
				health_feed(&health, health_new());
		else
			health_feed(&health, op & 31);
	}
}
