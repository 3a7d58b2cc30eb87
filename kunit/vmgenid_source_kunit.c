// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_source: which reports of several sources are one fork. */
#include <kunit/test.h>

#include "../vmgenid/source.h"
#include "table.h"

/* Two that show each fork and two that may not; the rows name them so. */
#define NR_SOURCES	4
#define MAX_LOOKS	8

/**
 * struct source_row - looks, one after the other
 * @name: of the row
 * @open: which sources there are: letters of "XYab", of which X and Y are exact
 * @looks: which of them have changed at each look
 * @want: what each look reports: '-' nothing, 'e' an echo, 'F' a fork
 */
struct source_row {
	const char *name;
	const char *open;
	const char *looks[MAX_LOOKS];
	const char *want;
};

static const struct source_row source_rows[] = {
	{ "nothing changes", "XYab", { "", "" }, "--" },
	{ "one source", "a", { "a", "", "a" }, "F-F" },
	{ "one exact source", "X", { "X", "X" }, "FF" },
	{ "several at once are one", "XYab", { "XYab", "" }, "F-" },
	{ "an echo of what an exact source has shown", "Xa", { "X", "a" }, "Fe" },
	{ "an echo at any distance", "Xa", { "X", "", "", "a" }, "F--e" },
	{ "two echoes of one fork", "Xab", { "X", "a", "b" }, "Fee" },
	{ "two echoes at once", "Xab", { "X", "ab" }, "Fe" },
	{ "one echo for each source", "Xa", { "X", "a", "a" }, "FeF" },
	{ "two forks have one echo, which is enough", "Xa", { "X", "X", "a" }, "FFe" },
	{ "an echo and the next fork at once", "Xa", { "X", "Xa", "a" }, "FFF" },
	{ "no echo without a fork before", "Xa", { "a" }, "F" },
	{ "no echo of what it has shown itself", "Xa", { "Xa", "a" }, "FF" },
	{ "no echo if one of those that report has shown it", "Xab", { "Xa", "ab" }, "FF" },
	{ "no echo where no source is exact", "ab", { "a", "b" }, "FF" },
	{ "an exact source does not echo alone", "Xa", { "a", "X" }, "FF" },
	{ "one exact source may echo another", "XY", { "X", "Y" }, "Fe" },
	{ "a source that is not there owes nothing", "a", { "a", "b", "a" }, "F-F" },
};

KUNIT_ARRAY_PARAM_DESC(source, source_rows, name);

struct source_fake {
	struct vmgenid_source source;
	u64 value;
};

struct source_fixture {
	struct source_fake fakes[NR_SOURCES];
	struct vmgenid_source *all[NR_SOURCES];
};

static const char source_letters[] = "XYab";

static bool source_read(struct vmgenid_source *source, struct vmgenid_mark *mark)
{
	const struct source_fake *fake = container_of(source, struct source_fake, source);

	*mark = (struct vmgenid_mark) { { 0, fake->value } };
	return true;
}

static bool source_yes(const struct vmgenid_source *source)
{
	return true;
}

static const struct vmgenid_source_ops source_exact_ops = {
	.read = source_read,
	.is_exact = source_yes,
};

static const struct vmgenid_source_ops source_plain_ops = {
	.read = source_read,
};

static int source_init(struct kunit *test)
{
	struct source_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < NR_SOURCES; i++) {
		f->all[i] = &f->fakes[i].source;
		f->all[i]->ops = i < 2 ? &source_exact_ops : &source_plain_ops;
	}
	test->priv = f;
	return 0;
}

static void source_decides(struct kunit *test)
{
	static const char reports[] = { '-', 'e', 'F' };
	const struct source_row *row = test->param_value;
	struct source_fixture *f = test->priv;
	const struct vmgenid_sources sources = { f->all, NR_SOURCES };
	char got[MAX_LOOKS + 1] = "";
	int i, look;

	for (i = 0; i < NR_SOURCES; i++)
		f->all[i]->is_open = strchr(row->open, source_letters[i]);
	vmgenid_sources_begin(&sources);
	for (look = 0; row->want[look]; look++) {
		for (i = 0; i < NR_SOURCES; i++)
			f->fakes[i].value += !!strchr(row->looks[look], source_letters[i]);
		got[look] = reports[vmgenid_sources_look(&sources)];
	}
	KUNIT_EXPECT_STREQ(test, (const char *)got, row->want);
	for (i = 0; i < NR_SOURCES; i++)
		if (f->all[i]->is_open)
			KUNIT_EXPECT_EQ(test, f->all[i]->reports, f->fakes[i].value);
}

static struct kunit_case source_cases[] = {
	KUNIT_CASE_PARAM(source_decides, source_gen_params),
	{}
};

static struct kunit_suite source_suite = {
	.name = "vmgenid_source",
	.init = source_init,
	.test_cases = source_cases,
};

kunit_test_suites(&source_suite);
