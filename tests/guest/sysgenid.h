/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs that test the ABI of /dev/sysgenid share. They print results as
 * KTAP, which guest.sh passes on, and run as root.
 */
#ifndef TESTS_GUEST_SYSGENID_H
#define TESTS_GUEST_SYSGENID_H

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#include "../../vmgenid/sysgenid_abi.h"
#include "forks.h"

#define NODE "/dev/sysgenid"

static int failed;

static inline void result(int ok, const char *name, const char *format, ...)
{
	va_list args;

	failed |= !ok;
	if (!ok) {
		va_start(args, format);
		printf("# ");
		vprintf(format, args);
		putchar('\n');
		va_end(args);
	}
	printf("%s - %s\n", ok ? "ok" : "not ok", name);
	fflush(stdout);
}

static inline void expect(const char *name, long want, long got)
{
	result(want == got, name, "wanted %ld, got %ld", want, got);
}

/* -errno, or what the call returned. */
#define CALL(call) ({ errno = 0; long _ret = (long)(call); _ret == -1 ? -errno : _ret; })

static inline int open_node(int flags)
{
	int fd = open(NODE, flags);

	if (fd < 0) {
		perror(NODE);
		exit(1);
	}
	return fd;
}

static inline long trigger(int fd, unsigned long min)
{
	return CALL(ioctl(fd, SYSGENID_TRIGGER_GEN_UPDATE, min));
}

static inline long ack(int fd, uint32_t value)
{
	return CALL(write(fd, &value, sizeof(value)));
}

/* --- what another thread does a while later --- */

static volatile int interrupted;

struct later {
	double delay;
	void (*what)(int fd);
	int fd;
};

static inline void *run_later(void *data)
{
	struct later *later = data;

	usleep(later->delay * 1e6);
	later->what(later->fd);
	return NULL;
}

/* Calls what(fd) a while after the caller has begun to wait. */
static inline pthread_t start_later(struct later *later)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run_later, later)) {
		perror("pthread_create");
		exit(1);
	}
	return thread;
}

static inline void later_trigger(int fd)
{
	trigger(fd, 0);
}

static inline void later_ack(int fd)
{
	ack(fd, *generation);
}

static inline void later_close(int fd)
{
	close(fd);
}

/* Again and again: the first may come before anybody waits. */
static inline void later_kill(int fd)
{
	while (!interrupted) {
		kill(getpid(), SIGUSR1);
		usleep(100000);
	}
}

#endif /* TESTS_GUEST_SYSGENID_H */
