// SPDX-License-Identifier: GPL-2.0
/*
 * Sources of forks: which of them have changed, and is that a fork? Pure, KUnit
 * drives it.
 */
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/string.h>

#include "source.h"

static bool vmgenid_source_has_changed(struct vmgenid_source *source)
{
	struct vmgenid_mark mark;

	if (source->ops->ask)
		return source->ops->ask(source);
	if (!source->ops->read(source, &mark) ||
	    !memcmp(&mark, &source->mark, sizeof(mark)))
		return false;
	source->mark = mark;
	return true;
}

static bool vmgenid_source_is_exact(const struct vmgenid_source *source)
{
	return source->ops->is_exact && source->ops->is_exact(source);
}

/**
 * vmgenid_sources_begin() - read them; what they show now is no fork
 * @sources: the sources, of which those that are there are open
 *
 * Context: process context, sleeps.
 */
void vmgenid_sources_begin(const struct vmgenid_sources *sources)
{
	unsigned int i;

	for (i = 0; i < sources->nr; i++)
		if (sources->all[i]->is_open)
			vmgenid_source_has_changed(sources->all[i]);
}

/**
 * vmgenid_sources_forgive() - no source is owed a report any more
 * @sources: the sources
 *
 * The next report of each is a fork. Not at the same time as vmgenid_sources_look().
 *
 * Context: any.
 */
void vmgenid_sources_forgive(const struct vmgenid_sources *sources)
{
	unsigned int i;

	for (i = 0; i < sources->nr; i++)
		sources->all[i]->is_owed = false;
}

/**
 * vmgenid_sources_look() - was the machine forked since the last look?
 * @sources: the sources
 *
 * All sources are asked each time, so those that show a fork at the same time are one
 * fork. A source may also show it later than another one. That is an echo and no
 * fork of its own, if
 *
 * - each source that reports now was owed a report, as there was a fork since its
 *   last one, and
 * - an exact source reports nothing. That one shows each fork before the machine goes
 *   on, so there was none.
 *
 * In all other cases there is one fork more: one too many costs a reseed, and one too
 * few repeats random numbers.
 *
 * Context: process context, sleeps. One caller at a time.
 * Return: what they say.
 */
enum vmgenid_report vmgenid_sources_look(const struct vmgenid_sources *sources)
{
	bool any = false, all_owed = true, exact_is_silent = false;
	struct vmgenid_source *source;
	unsigned int i;
	u64 reported = 0;

	for (i = 0; i < sources->nr; i++) {
		source = sources->all[i];
		if (!source->is_open)
			continue;
		if (vmgenid_source_has_changed(source)) {
			WRITE_ONCE(source->reports, source->reports + 1);
			any = true;
			all_owed &= source->is_owed;
			source->is_owed = false;
			reported |= BIT_ULL(i);
		} else if (vmgenid_source_is_exact(source)) {
			exact_is_silent = true;
		}
	}
	if (!any)
		return VMGENID_REPORT_NONE;
	if (all_owed && exact_is_silent)
		return VMGENID_REPORT_ECHO;
	for (i = 0; i < sources->nr; i++)
		if (!(reported & BIT_ULL(i)))
			sources->all[i]->is_owed = true;
	return VMGENID_REPORT_FORK;
}
