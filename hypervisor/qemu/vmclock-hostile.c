/*
 * VMClock: a page that makes no sense, or changes while it is read
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A part of the hostile host of target/i386/commonhv-hostile.c.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "target/i386/commonhv-hostile.h"
#include "vmclock-generation.h"

static const uint32_t sizes[] = {
    0, 1, 0x1f, 0x20, 0x67, 0x68, 0x6f, 0x70, 0xfff, 0x1000, 0x1001, UINT32_MAX
};

static uint32_t pick(uint32_t n)
{
    return hostile_pick(HOSTILE_AREA_CLOCK, n);
}

static void spoil_size(VmclockPage *page)
{
    page->abi.size = cpu_to_le32(sizes[pick(ARRAY_SIZE(sizes))]);
}

static void spoil_page(VmclockPage *page)
{
    uint8_t *bytes = (uint8_t *)page;

    for (size_t i = 0; i < sizeof(*page); i++) {
        bytes[i] = pick(256);
    }
}

static void spoil(VmclockPage *page, HostileClass class)
{
    switch (class) {
    case HOSTILE_CLOCK_ODD:
        page->abi.seq_count |= cpu_to_le32(1);
        break;
    case HOSTILE_CLOCK_MAGIC:
        page->abi.magic ^= cpu_to_le32(1u << pick(32));
        break;
    case HOSTILE_CLOCK_SIZE:
        spoil_size(page);
        break;
    case HOSTILE_CLOCK_VERSION:
        page->abi.version = cpu_to_le16(pick(4));
        break;
    case HOSTILE_CLOCK_FLAGS:
        page->abi.flags = cpu_to_le64(hostile_draw(HOSTILE_AREA_CLOCK));
        break;
    case HOSTILE_CLOCK_NOISE:
        spoil_page(page);
        break;
    default:
        break;
    }
}

/* Another state of the page, and a notification with it, or one without the other. */
void vmclock_hostile_event(void)
{
    Object *found = find_vmclock_dev();
    HostileClass class = HOSTILE_CLOCK_HONEST;
    VmclockState *vms;

    if (!found) {
        return;
    }
    vms = VMCLOCK(found);
    if (pick(3)) {
        class += pick(HOSTILE_CLOCK_GONE - HOSTILE_CLOCK_HONEST + 1);
    }
    hostile_served(class);
    memory_region_set_enabled(&vms->clk_page, class != HOSTILE_CLOCK_GONE);
    if (class == HOSTILE_CLOCK_BACK) {
        vms->counter -= pick(100);
    } else if (class != HOSTILE_CLOCK_SAME) {
        vms->counter++;
    }
    /* What was spoiled before is mended, but for what is spoiled now. */
    vms->clk->seq_count &= cpu_to_le32(~1u);
    vmclock_update_guest(vms, pick(2));
    spoil((VmclockPage *)vms->clk, class);
    memory_region_set_dirty(&vms->clk_page, 0, VMCLOCK_SIZE);
    if (class != HOSTILE_CLOCK_SILENT) {
        vmclock_generation_notify(vms);
    }
}

void vmclock_hostile_end(void)
{
    Object *found = find_vmclock_dev();
    VmclockState *vms;

    if (!found) {
        return;
    }
    vms = VMCLOCK(found);
    memory_region_set_enabled(&vms->clk_page, true);
    vms->clk->seq_count &= cpu_to_le32(~1u);
    vmclock_update_guest(vms, false);
}
