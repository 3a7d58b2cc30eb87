// SPDX-License-Identifier: GPL-2.0
/*
 * Which reports of several sources are one fork: vmgenid/source.c.
 *
 * Input: the sources, and a sequence of forks, which each source shows at once, later, or
 * never; of looks; of sources that come and go.
 *
 * Rules: those in the comment of vmgenid_sources_look(), and what they are for: with a
 * source that shows each fork at once, each look with a fork before it finds one, and no
 * other does, unless a source is late with more than one fork.
 */
#include "../vmgenid/source.h"
#include "fuzz.h"

#define SOURCES_NR	5

enum sources_kind { SOURCES_READ, SOURCES_ASK, SOURCES_EXACT };

struct sources_one {
	struct vmgenid_source source;
	enum sources_kind kind;
	bool is_exact;			/* now: one of that kind may show nothing for a while */
	bool is_readable;
	struct vmgenid_mark shown;	/* what a read returns */
	bool asked;			/* what the next question is answered with */
	unsigned int late;		/* forks that it has yet to show */
	/* the model's */
	bool is_new;			/* the next look finds something */
	bool is_owed;
};

static struct sources_one sources_all[SOURCES_NR];
static struct vmgenid_source *sources_list[SOURCES_NR];
static u64 sources_serial;
static bool sources_counts;		/* each fork is shown at once, and nothing else is */
static bool sources_may_exceed;		/* a source owes more than one report */

static bool sources_read(struct vmgenid_source *source, struct vmgenid_mark *mark)
{
	struct sources_one *one = container_of(source, struct sources_one, source);

	fuzz_check(source->is_open);
	*mark = one->shown;
	return one->is_readable;
}

static bool sources_ask(struct vmgenid_source *source)
{
	struct sources_one *one = container_of(source, struct sources_one, source);
	bool asked = one->asked;

	fuzz_check(source->is_open);
	one->asked = false;
	return asked;
}

static bool sources_is_exact(const struct vmgenid_source *source)
{
	return container_of(source, struct sources_one, source)->is_exact;
}

static const struct vmgenid_source_ops sources_ops[] = {
	[SOURCES_READ] = { .name = "read", .read = sources_read },
	[SOURCES_ASK] = { .name = "ask", .ask = sources_ask },
	[SOURCES_EXACT] = { .name = "exact", .read = sources_read, .is_exact = sources_is_exact },
};

static void sources_show(struct sources_one *one)
{
	/* Either half of what is read may stay the same. */
	sources_serial++;
	one->shown.words[sources_serial & 1] = sources_serial;
	one->asked = one->kind == SOURCES_ASK;
	one->is_new = true;
	one->late = 0;
}

static bool sources_can_show(const struct sources_one *one)
{
	return one->is_new && one->source.is_open &&
	       (one->kind == SOURCES_ASK || one->is_readable);
}

static bool sources_has_exact(void)
{
	unsigned int i;

	for (i = 0; i < SOURCES_NR; i++)
		if (sources_all[i].kind == SOURCES_EXACT && sources_all[i].is_exact &&
		    sources_all[i].source.is_open && sources_all[i].is_readable)
			return true;
	return false;
}

/* Returns true if an exact source shows the fork. */
static void sources_fork(u8 shows)
{
	struct sources_one *one = sources_all;
	unsigned int i;

	for (i = 0; i < SOURCES_NR; i++, one++) {
		if (shows >> i & 1 || (one->kind == SOURCES_EXACT && one->is_exact))
			sources_show(one);
		else
			one->late++;
	}
}

static enum vmgenid_report sources_expect(void)
{
	bool any = false, all_owed = true, is_silent = false, is_new;
	struct sources_one *one = sources_all;
	bool reports[SOURCES_NR] = {};
	unsigned int i;

	for (i = 0; i < SOURCES_NR; i++, one++) {
		is_new = sources_can_show(one);
		if (is_new) {
			reports[i] = true;
			any = true;
			all_owed = all_owed && one->is_owed;
			one->is_owed = false;
			one->is_new = false;
		} else if (one->kind == SOURCES_EXACT && one->is_exact && one->source.is_open) {
			is_silent = true;
		}
	}
	if (!any)
		return VMGENID_REPORT_NONE;
	if (all_owed && is_silent)
		return VMGENID_REPORT_ECHO;
	for (i = 0; i < SOURCES_NR; i++)
		if (!reports[i])
			sources_all[i].is_owed = true;
	return VMGENID_REPORT_FORK;
}

/* @forked: there was a fork since the last look. */
static void sources_look(const struct vmgenid_sources *sources, bool forked)
{
	u64 reports = 0, reported = 0;
	enum vmgenid_report want, got;
	unsigned int i;

	for (i = 0; i < SOURCES_NR; i++) {
		reports += sources_all[i].source.reports;
		if (!sources_can_show(&sources_all[i]))
			continue;
		reported++;
		/* It shows a fork while it is late with another one, which will look new. */
		sources_may_exceed |= sources_all[i].late;
	}
	want = sources_expect();
	got = vmgenid_sources_look(sources);
	fuzz_check(got == want);
	for (i = 0; i < SOURCES_NR; i++) {
		fuzz_check(sources_all[i].source.is_owed == sources_all[i].is_owed);
		reported += reports - sources_all[i].source.reports;
		reports = 0;
	}
	fuzz_check(!reported);
	if (!sources_counts)
		return;
	fuzz_check(!forked || got == VMGENID_REPORT_FORK);
	fuzz_check(forked || got != VMGENID_REPORT_FORK || sources_may_exceed);
}

/* Returns whether there has been a fork since the last look, as far as can be seen. */
static bool sources_act(const struct vmgenid_sources *sources, struct fuzz_input *in,
			bool forked)
{
	u8 op = fuzz_u8(in);
	struct sources_one *one = &sources_all[(op >> 3 & 7) % SOURCES_NR];

	switch (op & 7) {
	case 0:
	case 1:
		sources_look(sources, forked);
		return false;
	case 2:
		sources_fork(fuzz_u8(in));
		return true;
	case 3:
		/* A late source shows all forks that it owes at once. */
		if (one->late)
			sources_show(one);
		break;
	case 4:
		/* One that lies: now anything may be a fork. */
		sources_show(one);
		sources_counts = false;
		break;
	case 5:
		vmgenid_sources_forgive(sources);
		for (op = 0; op < SOURCES_NR; op++)
			sources_all[op].is_owed = false;
		sources_counts = false;
		break;
	case 6:
		one->is_exact = !one->is_exact;
		sources_counts = false;
		break;
	case 7:
		if (op & 0x80)
			one->is_readable = !one->is_readable;
		else
			one->source.is_open = !one->source.is_open;
		sources_counts = false;
		break;
	}
	return forked;
}

FUZZ_TARGET(sources)
{
	struct vmgenid_sources sources = { sources_list, SOURCES_NR };
	u16 kinds = fuzz_u16(in);
	bool forked = false;
	unsigned int i;

	sources_serial = 1;
	for (i = 0; i < SOURCES_NR; i++, kinds /= 3) {
		struct sources_one *one = &sources_all[i];

		*one = (struct sources_one){ .kind = kinds % 3, .is_readable = true };
		one->source.ops = &sources_ops[one->kind];
		one->source.is_open = true;
		one->is_exact = one->kind == SOURCES_EXACT;
		sources_list[i] = &one->source;
		sources_show(one);
	}
	vmgenid_sources_begin(&sources);
	/* What they showed then is no fork. */
	for (i = 0; i < SOURCES_NR; i++)
		sources_all[i].is_new = false;
	sources_counts = sources_has_exact();
	sources_may_exceed = false;
	while (in->left)
		forked = sources_act(&sources, in, forked);
}
