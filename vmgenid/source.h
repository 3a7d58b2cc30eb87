/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMGENID_SOURCE_H
#define VMGENID_SOURCE_H

#include <linux/types.h>

struct vmgenid_source;

/**
 * struct vmgenid_mark - what a source shows: another one after a fork
 * @words: up to 16 bytes, zero behind them
 */
struct vmgenid_mark {
	u64 words[2];
};

/**
 * struct vmgenid_source_ops - a kind of source
 * @name: in sysfs
 * @open: find it; 0, %-ENODEV where there is none, or another negative errno after a
 *	message with the reason. %NULL if it is always there
 * @close: undo @open
 * @listen: have each notification call @changed of &struct vmgenid_source; 0 or a
 *	negative errno. %NULL without notifications
 * @unlisten: undo @listen; on return @changed is not running
 * @read: copy what it shows now, once: the host may change it at any time. False if it
 *	cannot be read, which counts as no change. %NULL with @ask
 * @ask: has it seen a fork since the last call? What it knows of the fork, it has mixed
 *	into the kernel RNG. %NULL with @read
 * @is_exact: does it show each fork? See vmgenid_sources_look(). False while it shows
 *	none. %NULL for a source that shows forks, and not each
 *
 * All may sleep. @read, @ask and @is_exact are called under the pipeline's lock.
 */
struct vmgenid_source_ops {
	const char *name;
	int (*open)(struct vmgenid_source *source);
	void (*close)(struct vmgenid_source *source);
	int (*listen)(struct vmgenid_source *source);
	void (*unlisten)(struct vmgenid_source *source);
	bool (*read)(struct vmgenid_source *source, struct vmgenid_mark *mark);
	bool (*ask)(struct vmgenid_source *source);
	bool (*is_exact)(const struct vmgenid_source *source);
};

/**
 * struct vmgenid_source - something that tells of forks of the VM
 * @ops: what it is
 * @changed: called at each notification; set before @listen
 * @is_open: it is there
 * @is_listening: its notifications are heard
 * @mark: what it showed last; zero with @ask
 * @reports: how often it has shown a fork
 * @is_owed: there was a fork since its last report, which others have shown
 *
 * The pipeline's lock guards @mark, @reports and @is_owed; the others change in probe
 * and remove only.
 */
struct vmgenid_source {
	const struct vmgenid_source_ops *ops;
	void (*changed)(struct vmgenid_source *source);
	bool is_open;
	bool is_listening;
	struct vmgenid_mark mark;
	u64 reports;
	bool is_owed;
};

/**
 * struct vmgenid_sources - all of them
 * @all: by preference
 * @nr: how many, 64 at most
 */
struct vmgenid_sources {
	struct vmgenid_source * const *all;
	unsigned int nr;
};

/**
 * enum vmgenid_report - what the sources say
 * @VMGENID_REPORT_NONE: nothing new
 * @VMGENID_REPORT_ECHO: more about a fork that is known
 * @VMGENID_REPORT_FORK: there was a fork
 */
enum vmgenid_report {
	VMGENID_REPORT_NONE,
	VMGENID_REPORT_ECHO,
	VMGENID_REPORT_FORK,
};

void vmgenid_sources_begin(const struct vmgenid_sources *sources);
void vmgenid_sources_forgive(const struct vmgenid_sources *sources);
enum vmgenid_report vmgenid_sources_look(const struct vmgenid_sources *sources);

#endif /* VMGENID_SOURCE_H */
