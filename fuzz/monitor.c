// SPDX-License-Identifier: GPL-2.0
/*
 * The samples of a stream: virtio-rng-ext/monitor.c, common/health.c.
 *
 * Input: answers, each with bytes of a pattern, and the pieces in which each is judged.
 *
 * Rules: the pieces do not matter; what a healthy source says passes; what repeats itself
 * is found before a third sample of it passes; no byte of the stream is kept.
 */
#include "../virtio-rng-ext/monitor.h"
#include "fuzz.h"

#define MONITOR_ANSWER	1600

static const siphash_key_t monitor_key = { { 1, 2 } };

/* Each sample that could be judged is another one, unless the answer repeats a word. */
static void monitor_answer(u8 *buf, size_t len, u64 serial, bool repeats)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = repeats ? 0x55 : fuzz_hash(serial * 256 + i / 8) >> i % 8 * 8;
}

static bool monitor_same(const struct vrng_monitor *a, const struct vrng_monitor *b)
{
	return a->pos == b->pos && a->health.failed == b->health.failed &&
	       a->health.history_len == b->health.history_len &&
	       a->health.window_recurrences == b->health.window_recurrences &&
	       !memcmp(a->word, b->word, sizeof(a->word)) &&
	       !memcmp(a->health.history, b->health.history, sizeof(a->health.history));
}

/* In pieces that the input chooses. */
static bool monitor_pieces(struct vrng_monitor *monitor, const u8 *buf, size_t len,
			   struct fuzz_input *in)
{
	bool healthy = !monitor->health.failed;
	size_t piece;

	while (len) {
		piece = in->left ? min((size_t)fuzz_u8(in) * 4 + 1, len) : len;
		healthy = vrng_monitor_check(monitor, buf, piece);
		buf += piece;
		len -= piece;
	}
	return healthy;
}

/* What is remembered is hashes. */
static void monitor_check_history(const struct chv_health *health)
{
	unsigned int i;

	for (i = 0; i < health->history_len; i++)
		fuzz_check(health->history[i] != 0x5555555555555555);
}

FUZZ_TARGET(monitor)
{
	struct vrng_monitor whole = {}, pieces = {};
	unsigned int nr = 0, nr_repeat = 0, nr_stuck = 0;
	u8 buf[MONITOR_ANSWER];
	bool repeats, healthy;
	size_t len;

	vrng_monitor_init(&whole, &monitor_key);
	vrng_monitor_init(&pieces, &monitor_key);
	while (in->left > 1) {
		len = fuzz_u16(in);
		repeats = len & 0x8000;
		len = len % MONITOR_ANSWER + 1;
		monitor_answer(buf, len, nr++, repeats);
		vrng_monitor_begin(&whole);
		vrng_monitor_begin(&pieces);
		healthy = vrng_monitor_check(&whole, buf, len);
		fuzz_check(monitor_pieces(&pieces, buf, len, in) == healthy);
		fuzz_check(monitor_same(&whole, &pieces));
		fuzz_check(healthy == !whole.health.failed);
		nr_repeat += repeats;
		/* In a row, and long enough to have a sample of its own. */
		nr_stuck = repeats && len >= 2 * sizeof(u64) ? nr_stuck + 1 : 0;
		fuzz_check(nr_repeat || healthy);
		fuzz_check(nr_stuck < 4 || !healthy);
	}
	monitor_check_history(&whole.health);
}
