// SPDX-License-Identifier: GPL-2.0
/*
 * Random numbers across a restore: does another clone draw them too?
 *
 *	clones watch FILE	those between the resume and the publication in
 *				FILE.before, 1 MiB after it in FILE.after; without
 *				/dev/sysgenid the first MiB is in FILE.before
 *	clones race FILE	one at the resume in FILE.before; spin until the
 *				publication, and one at once in FILE.after, together
 *				with one of a thread that read(2) woke up
 *	clones keep FILE	a program with a generator of its own: 1 MiB from the
 *				resume on, of the kernel RNG in FILE.kernel, of its
 *				own in FILE.own, and in FILE.renewed once it has
 *				seen the new generation and seeded itself again
 *	clones draw FILE	64 KiB in FILE.drawn
 *	clones trigger FILE	begin a new generation, then as draw
 *	clones id		print the two words of the ID
 *
 * The first three make FILE.ready when they are ready for the snapshot. They and
 * the last need fork.asl, to find the ID.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/random.h>

#include "../../vmgenid/sysgenid_abi.h"
#include "forks.h"

#define BLOCK 16
#define MIB (1 << 20)

/* The ID itself, in the memory that the hypervisor writes before it resumes us. */
static const volatile uint64_t *map_id(void)
{
	unsigned long phys = read_number(ACPI "FORK0001:00/uid");
	int fd = open("/dev/mem", O_RDONLY);
	char *page;

	if (fd < 0)
		die("/dev/mem");
	page = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, phys & ~4095UL);
	if (page == MAP_FAILED)
		die("/dev/mem");
	return (void *)(page + (phys & 4095));
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

static void draw(unsigned char *buf, size_t len)
{
	size_t done;

	for (done = 0; done < len; done += BLOCK)
		if (getrandom(buf + done, BLOCK, 0) != BLOCK)
			die("getrandom");
}

/* Says that it is ready, by a file, and returns at the resume. */
static void wait_resume(const char *name, const volatile uint64_t *id)
{
	uint64_t low = id[0], high = id[1];
	unsigned char block[BLOCK];

	save(name, "ready", "", 0);
	/* Keep drawing, so that the snapshot is taken amid it. */
	while (id[0] == low && id[1] == high)
		draw(block, BLOCK);
}

static void watch(const char *name)
{
	static unsigned char before[MIB], after[MIB];
	const volatile uint64_t *id = map_id();
	int sysgenid = open_sysgenid();
	uint32_t old = sysgenid < 0 ? 0 : *generation;
	uint64_t this_id[2];
	size_t len = BLOCK;
	double start, end;

	wait_resume(name, id);
	start = now();
	/* A file that is not empty, and no clone has the same. */
	this_id[0] = id[0];
	this_id[1] = id[1];
	memcpy(before, this_id, BLOCK);
	while (len < MIB && (sysgenid < 0 || *generation == old)) {
		draw(before + len, BLOCK);
		len += BLOCK;
	}
	end = now();
	draw(after, sizeof(after));
	save(name, "before", before, len);
	save(name, "after", after, sizeof(after));
	if (sysgenid >= 0)
		printf("published %.3f ms after the resume, %zu blocks drawn by then\n",
		       (end - start) * 1e3, len / BLOCK - 1);
}

static volatile int race_reads;

static void *race_read(void *block)
{
	int fd = open("/dev/sysgenid", O_RDONLY);
	uint32_t news;

	/* The open acknowledged what there was until now. */
	race_reads = 1;
	if (fd < 0 || read(fd, &news, sizeof(news)) != sizeof(news))
		die("/dev/sysgenid");
	draw(block, BLOCK);
	return NULL;
}

static void race(const char *name)
{
	unsigned char before[BLOCK], after[2 * BLOCK];
	const volatile uint64_t *id = map_id();
	pthread_t reader;
	uint32_t old;

	need_sysgenid();
	old = *generation;
	if (pthread_create(&reader, NULL, race_read, after + BLOCK))
		die("pthread_create");
	while (!race_reads)
		usleep(1000);
	wait_resume(name, id);
	draw(before, BLOCK);
	while (*generation == old)
		;
	draw(after, BLOCK);
	pthread_join(reader, NULL);
	save(name, "before", before, sizeof(before));
	save(name, "after", after, sizeof(after));
}

/* A generator as simple as can be (splitmix64): what it repeats is its state's fault. */
static void own_draw(uint64_t *state, unsigned char *block)
{
	uint64_t words[2];
	int i;

	for (i = 0; i < 2; i++) {
		uint64_t z = *state += 0x9e3779b97f4a7c15;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
		z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
		words[i] = z ^ (z >> 31);
	}
	memcpy(block, words, BLOCK);
}

static void own_seed(uint64_t *state)
{
	if (getrandom(state, sizeof(*state), 0) != sizeof(*state))
		die("getrandom");
}

static void keep(const char *name)
{
	static unsigned char kernel[MIB], own[MIB];
	const volatile uint64_t *id = map_id();
	int sysgenid = open_sysgenid();
	uint32_t seen = sysgenid < 0 ? 0 : *generation;
	uint64_t this_id[2], state;
	size_t len, told = MIB;
	cpu_set_t second;

	/* ACPI's handlers run on the first processor: draw beside them, not before or after. */
	CPU_ZERO(&second);
	CPU_SET(1, &second);
	if (sched_setaffinity(0, sizeof(second), &second))
		die("sched_setaffinity");
	own_seed(&state);
	wait_resume(name, id);
	/* Files that are not empty, and no clone has the same. */
	this_id[0] = id[0];
	this_id[1] = id[1];
	memcpy(kernel, this_id, BLOCK);
	memcpy(own, this_id, BLOCK);
	for (len = BLOCK; len < MIB; len += BLOCK) {
		if (sysgenid >= 0 && *generation != seen) {
			seen = *generation;
			own_seed(&state);
			told = len;
		}
		draw(kernel + len, BLOCK);
		own_draw(&state, own + len);
	}
	save(name, "kernel", kernel, MIB);
	save(name, "own", own, told);
	save(name, "renewed", own + told, MIB - told);
}

static void draw_file(const char *name)
{
	static unsigned char blocks[64 << 10];

	draw(blocks, sizeof(blocks));
	save(name, "drawn", blocks, sizeof(blocks));
}

static void trigger(void)
{
	if (ioctl(need_sysgenid(), SYSGENID_TRIGGER_GEN_UPDATE, 0))
		die("trigger");
}

static void print_id(void)
{
	const volatile uint64_t *id = map_id();

	printf("%#jx %#jx\n", (uintmax_t)id[0], (uintmax_t)id[1]);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (argc == 2 && !strcmp(argv[1], "id"))
		print_id();
	else if (!strcmp(what, "watch"))
		watch(argv[2]);
	else if (!strcmp(what, "race"))
		race(argv[2]);
	else if (!strcmp(what, "keep"))
		keep(argv[2]);
	else if (!strcmp(what, "draw"))
		draw_file(argv[2]);
	else if (!strcmp(what, "trigger")) {
		trigger();
		draw_file(argv[2]);
	} else {
		return 2;
	}
	return 0;
}
