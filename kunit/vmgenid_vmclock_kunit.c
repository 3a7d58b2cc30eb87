// SPDX-License-Identifier: GPL-2.0
/* Suite vmgenid_vmclock: all that a host can write into VMClock's page. */
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "../vmgenid/vmclock_abi.h"
#include "../vmgenid/vmclock_page.h"
#include "table.h"

#define LEN	4096
#define COUNTER	0x1122334455667788ULL
#define READS	50000
#define BOTH	(VMCLOCK_PAGE_HAS_COUNTER | VMCLOCK_PAGE_NOTIFIES)

struct vmclock_row {
	const char *name;
	u32 magic, size, seq;
	u16 version;
	u64 flags;
	u64 len;
	enum vmgenid_vmclock_state state;
	bool notifies;
};

/* A good page, and what a row changes. */
#define ROW(name_, ...)							\
	{ .name = (name_), .magic = VMCLOCK_PAGE_MAGIC, .size = LEN, .version = 1, \
	  .flags = BOTH, .len = LEN, .state = VMGENID_VMCLOCK_OK,	\
	  .notifies = true, __VA_ARGS__ }
#define INVALID	.state = VMGENID_VMCLOCK_INVALID, .notifies = false

static const struct vmclock_row vmclock_rows[] = {
	ROW("all of it", .seq = 0),
	ROW("an even sequence number", .seq = 0xfffffffe),
	ROW("no notification", .flags = VMCLOCK_PAGE_HAS_COUNTER, .notifies = false),
	ROW("the least size with a counter", .size = 0x70),
	ROW("a counter that ends beyond the size", .size = 0x6f,
	    .state = VMGENID_VMCLOCK_NO_COUNTER),
	ROW("no counter", .flags = VMCLOCK_PAGE_NOTIFIES,
	    .state = VMGENID_VMCLOCK_NO_COUNTER),
	ROW("all flags but the counter's", .flags = ~VMCLOCK_PAGE_HAS_COUNTER,
	    .state = VMGENID_VMCLOCK_NO_COUNTER),
	ROW("QEMU's, without flags", .flags = 0, .notifies = false,
	    .state = VMGENID_VMCLOCK_NO_COUNTER),
	ROW("the least size with flags", .size = 0x20,
	    .state = VMGENID_VMCLOCK_NO_COUNTER),
	ROW("flags that end beyond the size", .size = 0x1f, INVALID),
	ROW("size 0", .size = 0, INVALID),
	ROW("a size beyond the device's memory", .size = LEN + 1, INVALID),
	ROW("a size of 2^32-1", .size = U32_MAX, INVALID),
	ROW("device memory of more than a page", .size = 0x10000, .len = 0x10000),
	ROW("another magic", .magic = 0x4b4c4357, INVALID),
	ROW("the magic of another byte order", .magic = 0x56434c4b, INVALID),
	ROW("a page of zeros", .magic = 0, .size = 0, .version = 0, .flags = 0, INVALID),
	ROW("version 0", .version = 0, INVALID),
	ROW("version 2", .version = 2, INVALID),
	ROW("an update that does not end", .seq = 1, .state = VMGENID_VMCLOCK_TORN,
	    .notifies = false),
	ROW("no page at all, with an odd number in its place", .magic = 1, .seq = 1, INVALID),
	ROW("an update that does not end, at last", .seq = U32_MAX,
	    .state = VMGENID_VMCLOCK_TORN, .notifies = false),
};

KUNIT_ARRAY_PARAM_DESC(vmclock, vmclock_rows, name);

static void vmclock_reads(struct kunit *test)
{
	const struct vmclock_row *row = test->param_value;
	struct vmclock_page *page = kunit_kzalloc(test, sizeof(*page), GFP_KERNEL);
	struct vmgenid_vmclock_view view;

	KUNIT_ASSERT_NOT_NULL(test, page);
	page->magic = cpu_to_le32(row->magic);
	page->size = cpu_to_le32(row->size);
	page->version = cpu_to_le16(row->version);
	page->seq_count = cpu_to_le32(row->seq);
	page->flags = cpu_to_le64(row->flags);
	page->generation_counter = cpu_to_le64(COUNTER);
	view = vmgenid_vmclock_read(page, row->len);
	KUNIT_EXPECT_EQ(test, view.state, row->state);
	KUNIT_EXPECT_EQ(test, view.notifies, row->notifies);
	KUNIT_EXPECT_EQ(test, view.counter, row->state == VMGENID_VMCLOCK_OK ? COUNTER : 0);
}

static void vmclock_write(struct vmclock_page *page, u64 flags, u64 counter)
{
	u32 seq = le32_to_cpu(page->seq_count);

	WRITE_ONCE(page->seq_count, cpu_to_le32(seq + 1));
	/* Both pair with vmgenid_vmclock_read(). */
	smp_wmb();
	WRITE_ONCE(page->flags, cpu_to_le64(flags));
	udelay(2);
	WRITE_ONCE(page->generation_counter, cpu_to_le64(counter));
	/* See above. */
	smp_wmb();
	WRITE_ONCE(page->seq_count, cpu_to_le32(seq + 2));
}

/* Writes two pages in turn: one that notifies, with an even counter, and the other. */
static int vmclock_host(void *data)
{
	struct vmclock_page *page = data;

	while (!kthread_should_stop()) {
		vmclock_write(page, BOTH, 2);
		usleep_range(10, 50);
		vmclock_write(page, VMCLOCK_PAGE_HAS_COUNTER, 1);
		usleep_range(10, 50);
	}
	return 0;
}

static void vmclock_never_mixes_two_updates(struct kunit *test)
{
	struct vmclock_page *page = kunit_kzalloc(test, sizeof(*page), GFP_KERNEL);
	unsigned int seen[2] = {}, mixed = 0;
	unsigned long end;
	struct vmgenid_vmclock_view view;
	struct task_struct *host;

	KUNIT_ASSERT_NOT_NULL(test, page);
	page->magic = cpu_to_le32(VMCLOCK_PAGE_MAGIC);
	page->size = cpu_to_le32(LEN);
	page->version = cpu_to_le16(VMCLOCK_PAGE_VERSION);
	vmclock_write(page, BOTH, 2);
	host = kthread_run(vmclock_host, page, "vmclock_host");
	KUNIT_ASSERT_FALSE(test, IS_ERR(host));
	end = jiffies + 120 * HZ;
	while ((seen[0] < READS || seen[1] < READS) && time_before(jiffies, end)) {
		view = vmgenid_vmclock_read(page, LEN);
		if (view.state != VMGENID_VMCLOCK_OK)
			continue;
		seen[view.notifies]++;
		mixed += view.counter != 1 + view.notifies;
		if (!(seen[view.notifies] % 100))
			cond_resched();
	}
	kthread_stop(host);
	KUNIT_EXPECT_EQ(test, mixed, 0);
	KUNIT_EXPECT_GE(test, seen[0], READS);
	KUNIT_EXPECT_GE(test, seen[1], READS);
}

static void vmclock_names_states(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, vmgenid_vmclock_state_name(VMGENID_VMCLOCK_OK), "ok");
	KUNIT_EXPECT_STREQ(test, vmgenid_vmclock_state_name(VMGENID_VMCLOCK_NO_COUNTER),
			   "no_counter");
	KUNIT_EXPECT_STREQ(test, vmgenid_vmclock_state_name(VMGENID_VMCLOCK_TORN), "torn");
	KUNIT_EXPECT_STREQ(test, vmgenid_vmclock_state_name(VMGENID_VMCLOCK_INVALID),
			   "invalid");
}

static struct kunit_case vmclock_cases[] = {
	KUNIT_CASE_PARAM(vmclock_reads, vmclock_gen_params),
	KUNIT_CASE(vmclock_never_mixes_two_updates),
	KUNIT_CASE(vmclock_names_states),
	{}
};

static struct kunit_suite vmclock_suite = {
	.name = "vmgenid_vmclock",
	.test_cases = vmclock_cases,
};

kunit_test_suites(&vmclock_suite);
