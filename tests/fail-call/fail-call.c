// SPDX-License-Identifier: GPL-2.0
/*
 * One call of a kernel function fails without having been made: the NTH that a module
 * makes. For the faults-* rows: many registrations allocate nothing, so no allocation makes
 * them fail, and the kernel's own fail_function does so only to a few functions that are
 * marked for it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/string.h>

static char *fail_call_symbol = "";
module_param_named(symbol, fail_call_symbol, charp, 0444);
MODULE_PARM_DESC(symbol, "The function");

static char *fail_call_module = "";
module_param_named(module, fail_call_module, charp, 0444);
MODULE_PARM_DESC(module, "The module whose calls count, by its name in /proc/modules");

static int fail_call_nth = 1;
module_param_named(nth, fail_call_nth, int, 0444);
MODULE_PARM_DESC(nth, "Which call fails, from 1 on (default 1)");

static bool fail_call_later;
module_param_named(later, fail_call_later, bool, 0444);
MODULE_PARM_DESC(later, "All later calls fail as well (default no)");

static long fail_call_value;
module_param_named(value, fail_call_value, long, 0444);
MODULE_PARM_DESC(value, "What it returns (default 0)");

static int fail_call_seen;
module_param_named(seen, fail_call_seen, int, 0444);
MODULE_PARM_DESC(seen, "The number of calls so far");

static atomic_t fail_call_count;

static int fail_call_before(struct kprobe *kp, struct pt_regs *regs)
{
	unsigned long caller = *(unsigned long *)regs->sp;
	char name[KSYM_SYMBOL_LEN], *module;
	int seen;

	if (caller < MODULES_VADDR || caller >= MODULES_END)
		return 0;
	sprint_symbol(name, caller);
	module = strchr(name, '[');
	if (!module || strncmp(module + 1, fail_call_module, strlen(fail_call_module)) ||
	    module[1 + strlen(fail_call_module)] != ']')
		return 0;
	/* The count of this call, whatever another processor counts meanwhile. */
	seen = atomic_inc_return(&fail_call_count);
	WRITE_ONCE(fail_call_seen, seen);
	if (seen != fail_call_nth && !(fail_call_later && seen > fail_call_nth))
		return 0;
	pr_info("%s from %s\n", fail_call_symbol, name);
	regs->ax = fail_call_value;
	regs->ip = caller;
	regs->sp += sizeof(caller);
	return 1;
}

/* With one of these the probe is no jump, which could not go elsewhere. */
static void fail_call_after(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe fail_call_probe = {
	.pre_handler = fail_call_before,
	.post_handler = fail_call_after,
};

static int __init fail_call_init(void)
{
	fail_call_probe.symbol_name = fail_call_symbol;
	return register_kprobe(&fail_call_probe);
}
module_init(fail_call_init);

static void __exit fail_call_exit(void)
{
	unregister_kprobe(&fail_call_probe);
}
module_exit(fail_call_exit);

MODULE_DESCRIPTION("Lets a call fail, for tests");
MODULE_LICENSE("GPL");
