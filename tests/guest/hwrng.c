// SPDX-License-Identifier: GPL-2.0
/*
 * Measures /dev/hwrng.
 *
 *	hwrng throughput BLOCK MS	bytes a second, and CPU time in us a MiB
 *	hwrng latency N			p50 and p99 of N reads of 64 bytes, in us
 *	hwrng first MODULE		loads it; us to the first byte, and until the
 *					kernel's RNG is ready (0: it was before)
 *	hwrng nonblock			how many bytes a read() with O_NONBLOCK gets,
 *					or its error
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static int open_hwrng(int flags)
{
	int fd = open("/dev/hwrng", O_RDONLY | flags);

	if (fd < 0)
		die("/dev/hwrng");
	return fd;
}

/* Of all processors, in clock ticks. */
static unsigned long long idle_ticks(void)
{
	unsigned long long user, nice, system, idle;
	FILE *file = fopen("/proc/stat", "r");

	if (!file || fscanf(file, "cpu %llu %llu %llu %llu", &user, &nice,
			    &system, &idle) != 4)
		die("/proc/stat");
	fclose(file);
	return idle;
}

static int throughput(size_t block, unsigned int ms)
{
	uint64_t start, end, stop, idle_us, bytes = 0;
	int fd = open_hwrng(0);
	char *buf = malloc(block);

	/* What was prefetched is not what the device can do. */
	for (stop = now_ns() + 200000000ULL; now_ns() < stop;)
		if (read(fd, buf, block) < 0)
			die("read");
	idle_us = idle_ticks();
	start = now_ns();
	for (stop = start + ms * 1000000ULL; (end = now_ns()) < stop;) {
		ssize_t n = read(fd, buf, block);

		if (n < 0)
			die("read");
		bytes += n;
	}
	idle_us = (idle_ticks() - idle_us) * (1000000 / sysconf(_SC_CLK_TCK));
	uint64_t us = (end - start) / 1000 * sysconf(_SC_NPROCESSORS_ONLN);
	double busy = us > idle_us ? us - idle_us : 0;

	printf("%.0f %.0f\n", bytes * 1e9 / (end - start), busy * 1048576 / bytes);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int latency(unsigned int n)
{
	uint64_t *times = malloc(n * sizeof(*times));
	int fd = open_hwrng(0);
	char buf[64];
	unsigned int i;

	for (i = 0; i < n; i++) {
		uint64_t start = now_ns();

		if (read(fd, buf, sizeof(buf)) != sizeof(buf))
			die("read");
		times[i] = now_ns() - start;
	}
	qsort(times, n, sizeof(*times), compare);
	printf("%.1f %.1f\n", times[n / 2] / 1e3, times[n * 99ULL / 100] / 1e3);
	return 0;
}

static int is_ready(void)
{
	char byte;

	return getrandom(&byte, 1, GRND_NONBLOCK) == 1;
}

static int first(const char *module)
{
	int file = open(module, O_RDONLY | O_CLOEXEC);
	int was_ready = is_ready();
	uint64_t start = now_ns(), byte_us, ready_us = 0;
	char byte;
	int fd;

	if (file < 0 || syscall(SYS_finit_module, file, "", 0))
		die(module);
	fd = open_hwrng(0);
	if (read(fd, &byte, 1) != 1)
		die("read");
	byte_us = (now_ns() - start) / 1000;
	if (!was_ready) {
		while (!is_ready())
			usleep(100);
		ready_us = (now_ns() - start) / 1000;
	}
	printf("%llu %llu\n", (unsigned long long)byte_us,
	       (unsigned long long)ready_us);
	return 0;
}

static int nonblock(void)
{
	int fd = open_hwrng(O_NONBLOCK);
	char buf[64];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n < 0)
		printf("%s\n", errno == EAGAIN ? "EAGAIN" : strerror(errno));
	else
		printf("%zd\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "throughput"))
		return throughput(strtoul(argv[2], NULL, 0), strtoul(argv[3], NULL, 0));
	if (argc == 3 && !strcmp(argv[1], "latency"))
		return latency(strtoul(argv[2], NULL, 0));
	if (argc == 3 && !strcmp(argv[1], "first"))
		return first(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "nonblock"))
		return nonblock();
	fprintf(stderr, "usage: see the source\n");
	return 2;
}
