// SPDX-License-Identifier: GPL-2.0
/*
 * VM forks, for modules that have entropy to drop or to give.
 *
 * While vmgenid-ext is loaded, it calls its subscribers in two phases with a
 * reseed between them. Otherwise subscribers use the notifier of the in-tree
 * driver. That one comes after the driver's reseed, so what a subscriber mixes in
 * takes another reseed. Kernels without the in-tree driver have no notifier.
 *
 * Modules load in any order. A subscriber that is loaded before vmgenid-ext joins
 * as soon as that has been loaded; from then on it keeps vmgenid-ext loaded, and
 * ignores the kernel's notifier.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/acpi.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/string.h>

#include "krng.h"
#include "vmfork.h"

static int chv_vmfork_joined_call(struct notifier_block *nb, unsigned long phase,
				  void *data)
{
	struct chv_vmfork *vmfork = container_of(nb, struct chv_vmfork, joined_nb);
	struct vmgenid_fork_look *look = data;

	switch (phase) {
	case VMGENID_FORK_LOOK:
		if (!vmfork->look)
			break;
		look->forked |= vmfork->look(vmfork);
		look->is_exact |= vmfork->is_source;
		break;
	case VMGENID_FORK_EARLY:
		if (vmfork->early(vmfork) && data)
			*(bool *)data = true;
		break;
	case VMGENID_FORK_LATE:
		if (vmfork->late)
			vmfork->late(vmfork);
		break;
	}
	return NOTIFY_OK;
}

static void chv_vmfork_alone(struct chv_vmfork *vmfork)
{
	vmfork->early(vmfork);
	/* If it fails, what was mixed takes effect within a minute. */
	vmfork->krng->reseed(vmfork->krng);
	if (vmfork->late)
		vmfork->late(vmfork);
}

static int chv_vmfork_kernel_call(struct notifier_block *nb, unsigned long event,
				  void *data)
{
	struct chv_vmfork *vmfork = container_of(nb, struct chv_vmfork, kernel_nb);

	/* A fork at the moment of joining may be dealt with twice. */
	if (READ_ONCE(vmfork->leave))
		return NOTIFY_OK;
	/* A source that has seen the same fork need not report it later. */
	if (vmfork->look)
		vmfork->look(vmfork);
	chv_vmfork_alone(vmfork);
	return NOTIFY_OK;
}

/*
 * Returns true if vmgenid-ext had dealt with a fork before: without this module,
 * which has yet to do its part.
 */
static bool chv_vmfork_join(struct chv_vmfork *vmfork)
{
	int (*enter)(struct notifier_block *nb);
	int (*leave)(struct notifier_block *nb);
	void (*check)(void);
	int ret = -ENOENT;

	/* The first reference keeps vmgenid-ext loaded; the others are for this call. */
	leave = symbol_get(vmgenid_fork_unregister);
	if (!leave)
		return false;
	check = symbol_get(vmgenid_fork_check);
	if (check)
		symbol_put(vmgenid_fork_check);
	enter = symbol_get(vmgenid_fork_register);
	if (enter) {
		/* A vmgenid-ext without the other function is too old for a source. */
		if (check || !vmfork->look)
			ret = enter(&vmfork->joined_nb);
		symbol_put(vmgenid_fork_register);
	}
	if (ret < 0) {
		symbol_put(vmgenid_fork_unregister);
		return false;
	}
	vmfork->check = check;
	WRITE_ONCE(vmfork->leave, leave);
	return ret > 0;
}

static int chv_vmfork_module_call(struct notifier_block *nb, unsigned long state,
				  void *data)
{
	struct chv_vmfork *vmfork = container_of(nb, struct chv_vmfork, module_nb);
	const struct module *module = data;
	bool missed = false;

	if (state != MODULE_STATE_LIVE || strcmp(module->name, "vmgenid_ext"))
		return NOTIFY_DONE;
	mutex_lock(&vmfork->lock);
	if (!vmfork->leave)
		missed = chv_vmfork_join(vmfork);
	mutex_unlock(&vmfork->lock);
	if (missed)
		chv_vmfork_alone(vmfork);
	return NOTIFY_OK;
}

static bool chv_vmfork_kernel_has_source(void)
{
	return IS_ENABLED(CONFIG_VMGENID) &&
	       (acpi_dev_present("VM_GEN_COUNTER", NULL, -1) ||
		acpi_dev_present("VMGENCTR", NULL, -1));
}

/**
 * chv_vmfork_subscribe() - be called at VM forks
 * @vmfork: with @early, @late and @krng set, zero otherwise; in use until
 *	chv_vmfork_unsubscribe()
 *
 * Context: process context, sleeps.
 * Return: 0 or a negative errno.
 */
int chv_vmfork_subscribe(struct chv_vmfork *vmfork)
{
	int err;

	mutex_init(&vmfork->lock);
	vmfork->joined_nb.notifier_call = chv_vmfork_joined_call;
	vmfork->kernel_nb.notifier_call = chv_vmfork_kernel_call;
	/* Before others that use the kernel RNG: they should find it reseeded. */
	vmfork->kernel_nb.priority = INT_MAX;
	vmfork->module_nb.notifier_call = chv_vmfork_module_call;

	err = register_random_vmfork_notifier(&vmfork->kernel_nb);
	if (err)
		return err;
	err = register_module_notifier(&vmfork->module_nb);
	if (err) {
		unregister_random_vmfork_notifier(&vmfork->kernel_nb);
		return err;
	}
	/* After the notifier is registered: vmgenid-ext may be loaded right now. */
	mutex_lock(&vmfork->lock);
	if (!vmfork->leave)
		chv_vmfork_join(vmfork);
	if (!vmfork->leave && !vmfork->is_source && !chv_vmfork_kernel_has_source())
		pr_info("forks of this VM go unnoticed: neither vmgenid-ext nor the kernel watches a VM generation ID\n");
	mutex_unlock(&vmfork->lock);
	return 0;
}

/**
 * chv_vmfork_check() - deal with a fork, if there was one
 * @vmfork: subscribed, with @look set
 *
 * Where vmgenid-ext is loaded, it looks at all sources, deals with the fork and
 * publishes it. Otherwise only @vmfork is called.
 *
 * Context: process context, sleeps; no lock that the functions of a subscriber take is
 * held.
 */
void chv_vmfork_check(struct chv_vmfork *vmfork)
{
	mutex_lock(&vmfork->lock);
	if (vmfork->leave)
		vmfork->check();
	else if (vmfork->look(vmfork))
		chv_vmfork_alone(vmfork);
	mutex_unlock(&vmfork->lock);
}

/**
 * chv_vmfork_unsubscribe() - undo chv_vmfork_subscribe()
 * @vmfork: on return none of its functions is running, or will be called
 *
 * Context: process context, sleeps; no lock that the functions take is held.
 */
void chv_vmfork_unsubscribe(struct chv_vmfork *vmfork)
{
	unregister_module_notifier(&vmfork->module_nb);
	unregister_random_vmfork_notifier(&vmfork->kernel_nb);
	if (vmfork->leave) {
		vmfork->leave(&vmfork->joined_nb);
		symbol_put(vmgenid_fork_unregister);
	}
	mutex_destroy(&vmfork->lock);
}
