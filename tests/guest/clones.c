// SPDX-License-Identifier: GPL-2.0
/*
 * Random numbers across a restore: does another clone draw them too?
 *
 *	clones watch FILE	those between the resume and the publication in
 *				FILE.before, 1 MiB after it in FILE.after; without
 *				/dev/sysgenid the first MiB is in FILE.before
 *	clones generation FILE	as watch, in clones whose ID stays the same: CPUID
 *				4F000005H tells the resume
 *	clones race FILE	one at the resume in FILE.before; spin until the
 *				publication, and one at once in FILE.after, together
 *				with one of a thread that read(2) woke up
 *	clones keep FILE	a program with a generator of its own: 1 MiB from the
 *				resume on, of the kernel RNG in FILE.kernel, of its
 *				own in FILE.own, and in FILE.renewed once it has
 *				seen the new generation and seeded itself again
 *	clones keep-generation FILE	the same, but it looks at the generation, before
 *				each use of its own, all of which is in FILE.own
 *	clones use FILE		a program that looks at nothing: the first 16 KiB of the
 *				kernel RNG since the resume, in FILE.used
 *	clones draw FILE	64 KiB in FILE.drawn
 *	clones trigger FILE	begin a new generation, then as draw
 *	clones id		print the two words of the ID
 *
 * All but draw, trigger and id make FILE.ready when they are ready for the snapshot.
 * watch, race, keep, use and id need fork.asl, to find the ID.
 */
#define _GNU_SOURCE
#include <cpuid.h>
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
	/* No further: a device's memory may be next, and cannot be mapped in the same way. */
	page = mmap(NULL, (phys & 4095) + BLOCK, PROT_READ, MAP_SHARED, fd, phys & ~4095UL);
	if (page == MAP_FAILED)
		die("/dev/mem");
	return (void *)(page + (phys & 4095));
}

/* The generation of draft 3, where there is no ID to look at. */
static void read_mark(const volatile uint64_t *id, uint64_t mark[2])
{
	uint32_t a, b, c, d;

	if (id) {
		mark[0] = id[0];
		mark[1] = id[1];
		return;
	}
	__cpuid_count(0x4f000005, 0, a, b, c, d);
	mark[0] = (uint64_t)b << 32 | a;
	mark[1] = 0;
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
	uint64_t old[2], new[2];
	unsigned char block[BLOCK];

	read_mark(id, old);
	save(name, "ready", "", 0);
	/* Keep drawing, so that the snapshot is taken amid it. */
	do {
		draw(block, BLOCK);
		read_mark(id, new);
	} while (new[0] == old[0] && new[1] == old[1]);
}

static void watch(const char *name, const volatile uint64_t *id)
{
	static unsigned char before[MIB], after[MIB];
	int sysgenid = open_sysgenid();
	uint32_t old = sysgenid < 0 ? 0 : *generation;
	uint64_t this_id[2];
	size_t len = BLOCK;
	double start, end;

	wait_resume(name, id);
	start = now();
	/* A file that is not empty, and no clone has the same. */
	read_mark(id, this_id);
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

/* ACPI's handlers run on the first processor: draw beside them, not before or after. */
static void go_beside_handlers(void)
{
	cpu_set_t second;

	CPU_ZERO(&second);
	CPU_SET(1, &second);
	if (sched_setaffinity(0, sizeof(second), &second))
		die("sched_setaffinity");
}

static void keep(const char *name)
{
	static unsigned char kernel[MIB], own[MIB];
	const volatile uint64_t *id = map_id();
	int sysgenid = open_sysgenid();
	uint32_t seen = sysgenid < 0 ? 0 : *generation;
	uint64_t this_id[2], state;
	size_t len, told = MIB;

	go_beside_handlers();
	own_seed(&state);
	wait_resume(name, id);
	/* Files that are not empty, and no clone has the same. */
	read_mark(id, this_id);
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

/*
 * Draft 3, "What a program does", CHV-9.15: the kernel may not have noticed the fork yet,
 * and then draws what it draws in the other clone. The generation makes the difference.
 */
static void keep_generation(const char *name)
{
	static unsigned char kernel[MIB], own[MIB];
	uint64_t mark[2], seen, state;
	size_t len;

	own_seed(&state);
	read_mark(NULL, mark);
	seen = mark[0];
	wait_resume(name, NULL);
	for (len = 0; len < MIB; len += BLOCK) {
		draw(kernel + len, BLOCK);
		read_mark(NULL, mark);
		if (mark[0] != seen) {
			seen = mark[0];
			own_seed(&state);
			state ^= seen;
		}
		own_draw(&state, own + len);
	}
	save(name, "kernel", kernel, MIB);
	save(name, "own", own, MIB);
}

static void use(const char *name)
{
	static unsigned char used[16 << 10];
	const volatile uint64_t *id = map_id();

	go_beside_handlers();
	wait_resume(name, id);
	draw(used, sizeof(used));
	save(name, "used", used, sizeof(used));
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
		watch(argv[2], map_id());
	else if (!strcmp(what, "generation"))
		watch(argv[2], NULL);
	else if (!strcmp(what, "race"))
		race(argv[2]);
	else if (!strcmp(what, "keep"))
		keep(argv[2]);
	else if (!strcmp(what, "keep-generation"))
		keep_generation(argv[2]);
	else if (!strcmp(what, "use"))
		use(argv[2]);
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
