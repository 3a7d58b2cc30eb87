// SPDX-License-Identifier: GPL-2.0
/*
 * hostile.c - cases of a hostile host: for each, gives QEMU its number, loads the
 * modules, looks at all that they show, reads, and unloads them, while QEMU changes its
 * answers (hypervisor/qemu/commonhv-hostile.c).
 *
 * Usage: [SECONDS=N] hostile FIRST LAST ACTIONS MODULE...
 *	ACTIONS		r: another process reads all the time; p: the entropy device is
 *			plugged at times; s: the machine is suspended at times; -: none
 *
 * With SECONDS, no case begins after that time. Prints what was served and what was seen.
 * Ends with status 1 when something is wrong that the kernel does not report itself; the
 * host is honest then.
 */
#include <cpuid.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "hostile-look.h"

#define CONTROL_CASE	0x4fffff00
#define CONTROL_EVENT	0x4fffff01
#define CONTROL_COUNT	0x4fffff02
#define CONTROL_NAME	0x4fffff03
#define CONTROL_INFO	0x4fffff04

#define MAX_MODULES	3
#define TRIES		3000

static uint32_t *case_nr;	/* the reader has it, too */
static uint64_t state;
static unsigned int loads, refusals, plugs, suspends;

static void control(uint32_t leaf, uint32_t arg, uint32_t regs[4])
{
	__cpuid_count(leaf, arg, regs[0], regs[1], regs[2], regs[3]);
}

static void trouble(const char *format, ...)
{
	uint32_t regs[4];
	va_list args;

	va_start(args, format);
	fprintf(stderr, "case %u: ", *case_nr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	/* What is tested from here on needs an honest host. */
	control(CONTROL_CASE, 0, regs);
	exit(1);
}

/* QEMU's generator, with numbers of our own. */
static uint32_t pick(uint32_t n)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return ((z ^ z >> 31) >> 32) * n >> 32;
}

static void happen(void)
{
	uint32_t regs[4];

	if (pick(2))
		control(CONTROL_EVENT, 0, regs);
}

static void nap(void)
{
	nanosleep(&(struct timespec) { .tv_nsec = 10000000 }, NULL);
}

/* The name that the kernel has for FILE.ko. */
static void kernel_name(const char *module, char *name)
{
	strcpy(name, module);
	for (; *name; name++)
		if (*name == '-')
			*name = '_';
}

static void load(const char *module)
{
	char path[64], parameters[128] = "";
	int fd;

	snprintf(path, sizeof(path), "/modules/%s.ko", module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		trouble("%s: %s", path, strerror(errno));
	if (!strcmp(module, "commonhv"))
		snprintf(parameters, sizeof(parameters),
			 "interval_s=%u generation_ms=%u draft=%u quality=%u offer_entropy=%u",
			 pick(2), 1 + pick(20), pick(2) ? 0 : pick(4), pick(2) * 1024,
			 pick(2));
	if (!syscall(SYS_finit_module, fd, parameters, 0))
		loads++;
	else if (errno == ENODEV || errno == EINVAL)
		refusals++;
	else
		trouble("%s does not load: %s", module, strerror(errno));
	close(fd);
}

static bool unload(const char *module)
{
	char name[64];

	kernel_name(module, name);
	if (!syscall(SYS_delete_module, name, O_NONBLOCK) || errno == ENOENT)
		return true;
	/* The subscribers of vmgenid-ext hold it, and so does an open node. */
	if (errno != EAGAIN && errno != EBUSY)
		trouble("%s does not unload: %s", module, strerror(errno));
	return false;
}

static void shuffle(char **words, int nr)
{
	for (int i = nr - 1; i > 0; i--) {
		int other = pick(i + 1);
		char *word = words[i];

		words[i] = words[other];
		words[other] = word;
	}
}

static void unload_all(char **modules, int nr)
{
	bool gone = false;

	for (int tries = 0; !gone; tries++) {
		if (tries == TRIES)
			trouble("some module does not unload");
		gone = true;
		for (int i = 0; i < nr; i++)
			gone &= unload(modules[i]);
		if (!gone)
			nap();
	}
}

static void read_hwrng(bool wait)
{
	char bytes[128];
	int fd = open("/dev/hwrng", O_RDONLY | O_CLOEXEC | (wait ? 0 : O_NONBLOCK));
	long len;

	if (fd < 0)
		return;
	len = read(fd, bytes, 1 + pick(sizeof(bytes)));
	if (len > (long)sizeof(bytes))
		trouble("/dev/hwrng gave %ld bytes", len);
	close(fd);
}

/* Which of the devices readers get. */
static void choose_hwrng(void)
{
	static const char current[] = "/sys/class/misc/hw_random/rng_current";
	char names[256], *name, *other, *rest;
	int fd;

	if (read_file(AT_FDCWD, "/sys/class/misc/hw_random/rng_available", names,
		      sizeof(names)) <= 1)
		return;
	name = strtok_r(names, " \n", &rest);
	other = strtok_r(NULL, " \n", &rest);
	/* "none" would stay, and readers would get nothing from then on. */
	if (other && strcmp(other, "none") && pick(2))
		name = other;
	fd = open(current, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (name && write(fd, name, strlen(name)) < 0 && errno != ENODEV &&
		    errno != EINVAL && errno != EAGAIN && errno != EIO)
			trouble("%s: %s", name, strerror(errno));
		close(fd);
	}
}

static void run(const char *command)
{
	if (system(command))
		trouble("'%s' fails", command);
}

/* A device that is told to go may take its time. */
static void plug(void)
{
	plugs++;
	run("vmctl qmp '{\"execute\":\"device_del\",\"arguments\":{\"id\":\"rng0\"}}' >/dev/null");
	happen();
	for (int tries = 0; system("vmctl qmp '{\"execute\":\"device_add\",\"arguments\":{"
				   "\"driver\":\"virtio-rng-pci\",\"id\":\"rng0\","
				   "\"bus\":\"pci.0\"}}' >/dev/null 2>&1"); tries++) {
		if (tries == TRIES)
			trouble("the device does not go");
		nap();
	}
	happen();
}

static void suspend(void)
{
	suspends++;
	run("vmctl on SUSPEND '{\"execute\":\"system_wakeup\"}'");
	run("echo mem >/sys/power/state");
}

static void one_case(const char *actions, char **modules, int nr)
{
	bool reader = strchr(actions, 'r');
	uint32_t regs[4];

	state = *case_nr * 0x9e3779b97f4a7c15;
	control(CONTROL_CASE, *case_nr, regs);
	shuffle(modules, nr);
	for (int i = 0; i < nr; i++) {
		load(modules[i]);
		happen();
	}
	for (int round = 1 + pick(2); round > 0; round--) {
		choose_hwrng();
		look_at_sysfs();
		look_at_nodes();
		/* It would wait for the other process, and that for a silent device. */
		if (!reader)
			read_hwrng(false);
		happen();
	}
	if (strchr(actions, 'p') && !pick(25))
		plug();
	if (strchr(actions, 's') && !pick(5))
		suspend();
	shuffle(modules, nr);
	unload_all(modules, nr);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Naps as long as it reads: otherwise half of the processors' time would be its own. */
static pid_t start_reader(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		uint64_t end, begin = now_ns();

		look_at_sysfs();
		look_at_nodes();
		end = now_ns();
		read_hwrng(true);
		do
			nap();
		while (now_ns() - end < end - begin);
	}
}

static void print_served(void)
{
	uint32_t info[4], regs[4];
	char name[29] = "";

	control(CONTROL_INFO, 0, info);
	for (uint32_t i = 0; i < info[0]; i++) {
		control(CONTROL_COUNT, i, regs);
		memcpy(name, &regs[1], 12);
		printf("served %u ", regs[0]);
		control(CONTROL_NAME, i, regs);
		memcpy(name + 12, regs, 16);
		printf("%s\n", name);
	}
	printf("loads %u\nrefusals %u\ntaken %u\nplugs %u\nsuspends %u\n", loads, refusals, info[1],
	       plugs, suspends);
}

int main(int argc, char **argv)
{
	const char *seconds = getenv("SECONDS");
	time_t end = time(NULL) + (seconds ? atol(seconds) : INT32_MAX);
	uint32_t regs[4], first, last, nr_cases;
	pid_t reader = 0;
	int nr = argc - 4;

	if (nr < 1 || nr > MAX_MODULES) {
		fprintf(stderr, "Usage: hostile FIRST LAST ACTIONS MODULE...\n");
		return 2;
	}
	case_nr = mmap(NULL, sizeof(*case_nr), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (case_nr == MAP_FAILED) {
		perror("hostile");
		return 1;
	}
	control(CONTROL_INFO, 0, regs);
	if (regs[2] != 0x74736f68)
		trouble("this host is honest: it needs x-commonhv-hostile=on");
	first = strtoul(argv[1], NULL, 0);
	last = strtoul(argv[2], NULL, 0);
	if (strchr(argv[3], 'r'))
		reader = start_reader();
	for (nr_cases = 0; first + nr_cases <= last && time(NULL) < end; nr_cases++) {
		*case_nr = first + nr_cases;
		one_case(argv[3], argv + 4, nr);
		if (reader && waitpid(reader, NULL, WNOHANG))
			trouble("the reader has ended");
		if (!(*case_nr % 100))
			fprintf(stderr, "# case %u: %u loads\n", *case_nr, loads);
	}
	control(CONTROL_CASE, 0, regs);
	if (reader) {
		kill(reader, SIGKILL);
		waitpid(reader, NULL, 0);
	}
	printf("cases %u\n", nr_cases);
	print_served();
	print_seen();
	return 0;
}
