// SPDX-License-Identifier: GPL-2.0
/*
 * VMClock's page: vmgenid/vmclock_page.c.
 *
 * Input: the page, and what the host writes to it while the guest reads: wherever the
 * guest has a barrier, the host may write.
 *
 * Rules: of a host that keeps the protocol, what is read was there at one moment; any
 * other host has an answer after a bounded number of tries, and nothing beyond the
 * length that was mapped is read.
 */
#include <stdlib.h>

#include <asm/barrier.h>
#include <asm/byteorder.h>

#include "../vmgenid/vmclock_abi.h"
#include "../vmgenid/vmclock_page.h"
#include "fuzz.h"

#define VMCLOCK_BARRIERS_MAX	(2 * VMGENID_VMCLOCK_TRIES_MAX)

struct vmclock_host {
	struct vmclock_page *page;
	struct fuzz_input *in;
	bool is_quiet;			/* writes nothing */
	bool is_honest;
	u8 step;			/* of an update of an honest host */
	u8 persists;			/* writes that go on when the input has ended */
	u64 serial;
	u64 last;			/* the counter, when the last update has ended */
	unsigned int nr_barriers;
};

static struct vmclock_host vmclock_host;

/* Counter and flags go together: the counter is odd if and only if the device notifies. */
static void vmclock_write(struct vmclock_host *host, bool counter)
{
	struct vmclock_page *page = host->page;

	if (counter)
		page->generation_counter = host->last;
	else
		page->flags = VMCLOCK_PAGE_HAS_COUNTER |
			      (host->last & 1 ? VMCLOCK_PAGE_NOTIFIES : 0);
}

static void vmclock_honest_step(struct vmclock_host *host)
{
	struct vmclock_page *page = host->page;

	switch (host->step++ & 3) {
	case 0:
		page->seq_count++;
		break;
	case 1:
		host->last = fuzz_hash(++host->serial);
		vmclock_write(host, host->last & 2);
		break;
	case 2:
		vmclock_write(host, !(host->last & 2));
		break;
	case 3:
		page->seq_count++;
		break;
	}
}

static void vmclock_on_barrier(void)
{
	struct vmclock_host *host = &vmclock_host;
	unsigned int steps, at;
	u8 op;

	fuzz_check(++host->nr_barriers <= VMCLOCK_BARRIERS_MAX);
	if (host->is_quiet)
		return;
	op = fuzz_u8(host->in);
	if (!op && host->persists) {
		host->persists--;
		op = 1;
	}
	if (host->is_honest) {
		for (steps = op & 7; steps; steps--)
			vmclock_honest_step(host);
		return;
	}
	/* Any byte, and the sequence number most of all. */
	at = op & 0x80 ? fuzz_u8(host->in) % sizeof(*host->page) :
	     offsetof(struct vmclock_page, seq_count);
	if (op)
		((u8 *)host->page)[at] += op;
}

static void vmclock_set_up(struct vmclock_host *host, u8 first, u64 len)
{
	struct vmclock_page *page = host->page;
	u8 how;

	memset(page, 0, sizeof(*page));
	page->magic = VMCLOCK_PAGE_MAGIC;
	page->size = sizeof(*page);
	page->version = VMCLOCK_PAGE_VERSION;
	host->last = fuzz_hash(0);
	vmclock_write(host, true);
	vmclock_write(host, false);
	if (first & 2) {
		how = fuzz_u8(host->in);
		page->size = (how & 1 ? 0x20 : 0x70) + how / 4 % 5 - 2;
		if (how & 2)
			page->size = len + how / 4 % 5 - 2;
	}
	if (first & 4)
		page->flags = (u64)fuzz_u16(host->in) << 1;
	if (first & 8)
		((u8 *)page)[fuzz_u8(host->in) % 16] ^= fuzz_u8(host->in);
	if (first & 16)
		page->seq_count = fuzz_u32(host->in);
	if (first & 32)
		host->persists = fuzz_u8(host->in);
}

/* What a page that nobody writes says. */
static struct vmgenid_vmclock_view vmclock_expect(const struct vmclock_page *page, u64 len)
{
	struct vmgenid_vmclock_view want = { .state = VMGENID_VMCLOCK_INVALID };

	if (page->magic != 0x4b4c4356 || page->version != 1 || page->size > len ||
	    page->size < 0x20)
		return want;
	want.state = page->seq_count & 1 ? VMGENID_VMCLOCK_TORN : VMGENID_VMCLOCK_NO_COUNTER;
	if (want.state == VMGENID_VMCLOCK_TORN)
		return want;
	want.notifies = page->flags >> 9 & 1;
	if (page->flags >> 8 & 1 && page->size >= 0x70) {
		want.state = VMGENID_VMCLOCK_OK;
		want.counter = page->generation_counter;
	}
	return want;
}

FUZZ_TARGET(vmclock)
{
	struct vmclock_host *host = &vmclock_host;
	u8 first = fuzz_u8(in);
	u64 len = first & 64 ? fuzz_u16(in) : sizeof(*host->page);
	struct vmgenid_vmclock_view view, want;

	*host = (struct vmclock_host){ .in = in, .page = malloc(sizeof(*host->page)) };
	host->is_quiet = first & 128;
	/* Such a host keeps the protocol, on a page that is right. */
	host->is_honest = !(first & 0x5e);
	vmclock_set_up(host, first, len);
	fuzz_on_barrier = vmclock_on_barrier;
	want = vmclock_expect(host->page, len);

	view = vmgenid_vmclock_read(host->page, len);
	fuzz_check(vmgenid_vmclock_state_name(view.state));
	fuzz_check(view.state == VMGENID_VMCLOCK_OK || !view.counter);
	if (host->is_quiet) {
		fuzz_check(view.state == want.state && view.notifies == want.notifies &&
			   view.counter == want.counter);
	} else if (host->is_honest) {
		fuzz_check(view.state == VMGENID_VMCLOCK_OK ||
			   view.state == VMGENID_VMCLOCK_TORN);
		if (view.state == VMGENID_VMCLOCK_OK)
			fuzz_check(view.notifies == (view.counter & 1));
	}
	free(host->page);
}
