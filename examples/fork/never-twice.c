// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Random bytes that no clone of this machine hands out, too: the recipe of
 * Documentation/vmgenid.rst, to copy from.
 *
 *	never-twice FILE	draw, as a server would, until this is a clone, and save the
 *				64 KiB that are handed out after that in FILE.handed.
 *				FILE.ready is made at the beginning
 *
 * Two words answer two questions. The counter of VMClock, in /dev/vmclock0, is another one
 * in a clone, from its first instruction on. The generation in /dev/sysgenid is another
 * one when the kernel RNG has been reseeded. So: draw, look at the counter, and hand out
 * what was drawn only if it is the one that was there before. If it is not, this is a
 * clone: wait for the generation, and draw again. The words do not say which generation
 * belongs to which counter, so if one was published before the clone looked, it waits
 * another second for one more.
 *
 * A program that starts in a clone before the kernel RNG is reseeded has no old words to
 * compare with. Start it before the snapshot is taken.
 *
 * A library should open both files when it starts, before any sandbox, and keep the
 * mappings: they are one load each. Without /dev/vmclock0, or without the counter in it,
 * draw from the kernel for each use, and keep nothing; the window of /dev/sysgenid alone
 * is some milliseconds.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#define PAGE		4096
#define BLOCK		16
#define HANDED		(64 << 10)

/* A second: the kernel is done with a fork long before. */
#define SLEEPS_MAX	1000
#define SLEEP_US	1000

/* The page of VMClock: <linux/vmclock-abi.h> of Linux 6.13 and later. */
#define VMCLOCK_SIZE_AT		0x04
#define VMCLOCK_FLAGS_AT	0x18
#define VMCLOCK_COUNTER_AT	0x68
#define VMCLOCK_HAS_COUNTER	(1ULL << 8)

struct never_twice {
	const unsigned char *vmclock;
	const uint32_t *generation;
	uint64_t seen_counter;
	uint32_t seen_generation;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static const void *map_node(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *page;

	if (fd < 0)
		die(path);
	page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		die(path);
	close(fd);
	return page;
}

static uint64_t load_counter(const struct never_twice *nt)
{
	const uint64_t *word = (const void *)(nt->vmclock + VMCLOCK_COUNTER_AT);

	return le64toh(__atomic_load_n(word, __ATOMIC_ACQUIRE));
}

static uint32_t load_generation(const struct never_twice *nt)
{
	return __atomic_load_n(nt->generation, __ATOMIC_ACQUIRE);
}

static void never_twice_open(struct never_twice *nt)
{
	uint64_t flags;
	uint32_t size;

	nt->vmclock = map_node("/dev/vmclock0");
	memcpy(&flags, nt->vmclock + VMCLOCK_FLAGS_AT, sizeof(flags));
	memcpy(&size, nt->vmclock + VMCLOCK_SIZE_AT, sizeof(size));
	if (!(le64toh(flags) & VMCLOCK_HAS_COUNTER) ||
	    le32toh(size) < VMCLOCK_COUNTER_AT + sizeof(uint64_t)) {
		errno = EOPNOTSUPP;
		die("/dev/vmclock0 has no generation counter");
	}
	nt->generation = map_node("/dev/sysgenid");
	/* Of the same time: no fork in between. */
	do {
		nt->seen_counter = load_counter(nt);
		nt->seen_generation = load_generation(nt);
	} while (load_counter(nt) != nt->seen_counter);
}

/* Poll(2) is of no use to programs that may not acknowledge generations. */
static void wait_for_another(const struct never_twice *nt, uint32_t generation, int is_sure)
{
	unsigned int sleeps = 0;

	while (load_generation(nt) == generation && (is_sure || sleeps++ < SLEEPS_MAX))
		usleep(SLEEP_US);
}

/* Has this become a clone since the last call? Then the kernel RNG is reseeded on return. */
static int never_twice_is_clone(struct never_twice *nt)
{
	uint32_t generation = load_generation(nt);
	uint64_t counter = load_counter(nt);
	int is_sure;

	if (counter == nt->seen_counter) {
		/* Of before any fork: an administrator may trigger generations as well. */
		nt->seen_generation = generation;
		return 0;
	}
	/*
	 * Some milliseconds. One that is there may be of an earlier fork or was triggered;
	 * and a fork while the kernel deals with another one may share its generation.
	 */
	is_sure = generation == nt->seen_generation;
	do {
		counter = load_counter(nt);
		wait_for_another(nt, generation, is_sure);
		generation = load_generation(nt);
		is_sure = 0;
	} while (load_counter(nt) != counter);
	nt->seen_generation = generation;
	nt->seen_counter = counter;
	return 1;
}

/* Returns whether this became a clone meanwhile: random state of other kinds has to go, too. */
static int never_twice_draw(struct never_twice *nt, void *buf, size_t len)
{
	int cloned = 0;

	do {
		if (getrandom(buf, len, 0) != (ssize_t)len)
			die("getrandom");
	} while (never_twice_is_clone(nt) && (cloned = 1));
	return cloned;
}

static void save(const char *name, const char *suffix, const void *buf, size_t len)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s.%s", name, suffix);
	file = fopen(path, "w");
	if (!file || fwrite(buf, 1, len, file) != len || fclose(file))
		die(path);
}

int main(int argc, char **argv)
{
	static unsigned char handed[HANDED];
	struct never_twice nt;
	uint64_t first, counter;
	size_t len;
	int cloned;

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(stderr, "Usage: never-twice FILE\n");
		return 2;
	}
	never_twice_open(&nt);
	first = nt.seen_counter;
	save(argv[1], "ready", "", 0);
	/*
	 * What is handed out here is the past of both clones. The counter ends that as well:
	 * whether never_twice_draw() notices that is to be seen. A draw during which the
	 * counter changes is not judged, as its block may be of before.
	 */
	do {
		counter = load_counter(&nt);
		cloned = never_twice_draw(&nt, handed, BLOCK);
	} while (!cloned && counter == first);
	/* That block was drawn by the clone. */
	for (len = BLOCK; len < HANDED; len += BLOCK)
		never_twice_draw(&nt, handed + len, BLOCK);
	save(argv[1], "handed", handed, HANDED);
	return 0;
}
