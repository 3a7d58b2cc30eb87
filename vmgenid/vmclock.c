// SPDX-License-Identifier: GPL-2.0
/*
 * VMClock, a source of forks: a page whose generation counter the host changes before
 * the first instruction after a load. A newer kernel's driver for it, ptp_vmclock, is
 * about clocks. It stays bound, and reseeds nothing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/mm.h>

#include <asm/processor.h>

#include "memory.h"
#include "vmclock.h"
#include "vmclock_abi.h"

/* QEMU has both as _HID and _CID, Firecracker the first. */
static const struct acpi_device_id vmgenid_vmclock_ids[] = {
	{ "AMZNC10C" },
	{ "VMCLOCK" },
	{ }
};
MODULE_DEVICE_TABLE(acpi, vmgenid_vmclock_ids);

#define to_vmclock(source_) container_of(source_, struct vmgenid_vmclock, source)

/* The first range of memory counts, and not one of I/O ports or bus numbers. */
static acpi_status vmgenid_vmclock_resource(struct acpi_resource *ares, void *data)
{
	struct resource_win win = {};
	struct resource *res = data;

	if ((acpi_dev_resource_memory(ares, &win.res) ||
	     acpi_dev_resource_address_space(ares, &win)) &&
	    resource_type(&win.res) == IORESOURCE_MEM) {
		*res = win.res;
		return AE_CTRL_TERMINATE;
	}
	return AE_OK;
}

static const char *vmgenid_vmclock_locate(struct vmgenid_vmclock *vmclock)
{
	struct resource res = {};

	acpi_walk_resources(vmclock->adev->handle, METHOD_NAME__CRS,
			    vmgenid_vmclock_resource, &res);
	if (resource_type(&res) != IORESOURCE_MEM)
		return "has no memory";
	if (!res.start || !PAGE_ALIGNED(res.start))
		return "does not begin with a page";
	if (resource_size(&res) < PAGE_SIZE)
		return "is shorter than a page";
	if (res.start > GENMASK_ULL(boot_cpu_data.x86_phys_bits - 1, 0) - (PAGE_SIZE - 1))
		return "is beyond the processor's physical addresses";
	/* Programs map the page: it must be none that the kernel itself uses. */
	if (region_intersects(res.start, PAGE_SIZE, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return "is in RAM";
	vmclock->phys = res.start;
	vmclock->len = resource_size(&res);
	return NULL;
}

/* The page has to be one at first. Later it may change, and is not believed then. */
static const char *vmgenid_vmclock_map(struct vmgenid_vmclock *vmclock)
{
	struct vmgenid_vmclock_view view;
	const char *trouble;
	void *page;

	trouble = vmgenid_vmclock_locate(vmclock) ?:
		  vmgenid_memory_map(vmclock->phys, PAGE_SIZE, &page);
	if (trouble)
		return trouble;
	view = vmgenid_vmclock_read(page, vmclock->len);
	if (view.state == VMGENID_VMCLOCK_INVALID) {
		memunmap(page);
		return "has no page of VMClock that is known";
	}
	vmclock->page = page;
	return NULL;
}

static int vmgenid_vmclock_open(struct vmgenid_source *source)
{
	struct vmgenid_vmclock *vmclock = to_vmclock(source);
	const struct acpi_device_id *id;
	const char *trouble;

	vmclock->adev = NULL;
	for (id = vmgenid_vmclock_ids; *id->id && !vmclock->adev; id++)
		vmclock->adev = acpi_dev_get_first_match_dev(id->id, NULL, -1);
	if (!vmclock->adev)
		return -ENODEV;
	init_waitqueue_head(&vmclock->disrupted);
	trouble = vmgenid_vmclock_map(vmclock);
	if (!trouble)
		return 0;
	dev_err(&vmclock->adev->dev, "unusable: _CRS %s\n", trouble);
	acpi_dev_put(vmclock->adev);
	return -EINVAL;
}

static void vmgenid_vmclock_close(struct vmgenid_source *source)
{
	struct vmgenid_vmclock *vmclock = to_vmclock(source);

	memunmap((void *)vmclock->page);
	acpi_dev_put(vmclock->adev);
}

static void vmgenid_vmclock_notified(acpi_handle handle, u32 event, void *data)
{
	struct vmgenid_vmclock *vmclock = data;

	vmclock->source.changed(&vmclock->source);
	/* By now the kernel RNG is reseeded, which helps those that do not ask. */
	wake_up_interruptible(&vmclock->disrupted);
}

static int vmgenid_vmclock_listen(struct vmgenid_source *source)
{
	struct vmgenid_vmclock *vmclock = to_vmclock(source);
	struct vmgenid_vmclock_view view = vmgenid_vmclock_read(vmclock->page, vmclock->len);
	acpi_status status;

	/* An update that has not ended hides whether it notifies. It may end, and it may notify. */
	if (!view.notifies && view.state != VMGENID_VMCLOCK_TORN)
		return -ENODEV;
	status = acpi_install_notify_handler(vmclock->adev->handle, ACPI_DEVICE_NOTIFY,
					     vmgenid_vmclock_notified, vmclock);
	if (ACPI_SUCCESS(status))
		return 0;
	dev_err(&vmclock->adev->dev, "notifications refused: %s\n",
		acpi_format_exception(status));
	return -ENODEV;
}

static void vmgenid_vmclock_unlisten(struct vmgenid_source *source)
{
	acpi_remove_notify_handler(to_vmclock(source)->adev->handle, ACPI_DEVICE_NOTIFY,
				   vmgenid_vmclock_notified);
}

static bool vmgenid_vmclock_look(struct vmgenid_source *source, struct vmgenid_mark *mark)
{
	struct vmgenid_vmclock *vmclock = to_vmclock(source);
	struct vmgenid_vmclock_view view = vmgenid_vmclock_read(vmclock->page, vmclock->len);

	WRITE_ONCE(vmclock->state, view.state);
	if (view.state != VMGENID_VMCLOCK_OK)
		return false;
	*mark = (struct vmgenid_mark) { { view.counter } };
	return true;
}

/* The counter changes at each load. */
static bool vmgenid_vmclock_is_exact(const struct vmgenid_source *source)
{
	return to_vmclock(source)->state == VMGENID_VMCLOCK_OK;
}

static const struct vmgenid_source_ops vmgenid_vmclock_ops = {
	.name = "vmclock",
	.open = vmgenid_vmclock_open,
	.close = vmgenid_vmclock_close,
	.listen = vmgenid_vmclock_listen,
	.unlisten = vmgenid_vmclock_unlisten,
	.read = vmgenid_vmclock_look,
	.is_exact = vmgenid_vmclock_is_exact,
};

struct vmgenid_vmclock vmgenid_vmclock = { .source.ops = &vmgenid_vmclock_ops };

/**
 * vmgenid_vmclock_tell() - log the state, if it is another one than before
 * @vmclock: the device; may not be open
 *
 * Not at the look itself: consoles are slow, and a reseed waits for it. Two callers may
 * both log the same.
 *
 * Context: process context, without the pipeline's lock.
 */
void vmgenid_vmclock_tell(struct vmgenid_vmclock *vmclock)
{
	enum vmgenid_vmclock_state state = READ_ONCE(vmclock->state);

	if (!vmclock->source.is_open || state == READ_ONCE(vmclock->told))
		return;
	WRITE_ONCE(vmclock->told, state);
	dev_notice_ratelimited(&vmclock->adev->dev, "VMClock is %s\n",
			       vmgenid_vmclock_state_name(state));
}
