// SPDX-License-Identifier: GPL-2.0
/*
 * What a program of a clone sees first: it looks at all that tells of a fork, as fast as it
 * can, until the fork has been published.
 *
 *	first FILE	make FILE.ready, and print, once it is over, "LATE ID PUBLISHED": how
 *			often VMClock's counter was the old one after the resume, and after
 *			how many microseconds the VM generation ID and the generation of
 *			/dev/sysgenid were seen to have changed
 *
 * CommonHV's generation (CPUID 4F000005H) says when the machine has resumed. Each round
 * reads it before the counter: if it is new, the counter must be, too.
 */
#include <cpuid.h>

#include "forks.h"

#define COUNTER_AT 0x68

static uint64_t resumed(void)
{
	uint32_t a, b, c, d;

	__cpuid_count(0x4f000005, 0, a, b, c, d);
	return (uint64_t)b << 32 | a;
}

static const volatile uint64_t *map_word(const char *path, off_t at, size_t offset)
{
	int fd = open(path, O_RDONLY);
	const char *page;

	if (fd < 0)
		die(path);
	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, at);
	if (page == MAP_FAILED)
		die(path);
	return (const volatile void *)(page + offset);
}

int main(int argc, char **argv)
{
	unsigned long phys = read_number(ACPI "FORK0001:00/uid");
	const volatile uint64_t *counter, *id;
	uint64_t old_resumed, old_counter, old_id, count;
	double start = 0, id_at = 0, published_at = 0;
	unsigned long late = 0;
	char path[256];
	uint32_t old;

	if (argc != 2)
		return 2;
	counter = map_word("/dev/vmclock0", 0, COUNTER_AT);
	id = map_word("/dev/mem", phys & ~4095UL, phys & 4095);
	if (open_sysgenid() < 0)
		die("/dev/sysgenid");
	old = *generation;
	old_id = *id;
	old_counter = *counter;
	old_resumed = resumed();
	snprintf(path, sizeof(path), "%s.ready", argv[1]);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	while (!published_at) {
		int is_clone = resumed() != old_resumed;

		count = *counter;
		if (!is_clone)
			continue;
		late += count == old_counter;
		if (!start)
			start = now();
		if (!id_at && *id != old_id)
			id_at = now();
		if (*generation != old)
			published_at = now();
	}
	printf("%lu %.0f %.0f\n", late, (id_at - start) * 1e6, (published_at - start) * 1e6);
	return 0;
}
