/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that look at forks share. */
#ifndef TESTS_GUEST_FORKS_H
#define TESTS_GUEST_FORKS_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* The devices of fork.asl. */
#define ACPI "/sys/bus/acpi/devices/"
#define TIMEOUT 20	/* seconds; emulation on a busy machine is slow */

static const volatile uint32_t *generation;	/* mapped by open_sysgenid() */

static inline void die(const char *what)
{
	printf("fail %s %s\n", what, strerror(errno));
	exit(1);
}

static inline double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static inline void read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, buf, size - 1);

	if (len < 0)
		die(path);
	buf[len] = 0;
	close(fd);
}

static inline unsigned long read_number(const char *path)
{
	char buf[64];

	read_file(path, buf, sizeof(buf));
	return strtoul(buf, NULL, 10);
}

static inline int open_sysgenid(void)
{
	int fd = open("/dev/sysgenid", O_RDWR | O_NONBLOCK);

	if (fd < 0)
		return fd;
	generation = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (generation == MAP_FAILED)
		die("mmap");
	return fd;
}

static inline int need_sysgenid(void)
{
	int fd = open_sysgenid();

	if (fd < 0)
		die("/dev/sysgenid");
	return fd;
}

#endif /* TESTS_GUEST_FORKS_H */
