// SPDX-License-Identifier: GPL-2.0
/*
 * One system call, of which one allocation fails: the NTH that it makes while a module is
 * on the stack (see faults.sh, which sets that filter). 0: none fails.
 *
 *	faults NTH load FILE [PARAMETER...]
 *	faults NTH open | read | map FILE
 *	faults NTH write FILE TEXT
 *	faults NTH trigger FILE		a generation of /dev/sysgenid
 *
 * Prints "FAULT RESULT": whether one failed (yes, no), and 0 or the negative errno of the
 * call. Exit status: 0, or 2 if nothing could be tried.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../vmgenid/sysgenid_abi.h"

#define PAGE 4096

static int fail_nth;

static void die(const char *what)
{
	fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die(path);
	return fd;
}

static void arm(const char *nth)
{
	if (pwrite(fail_nth, nth, strlen(nth), 0) < 0)
		die("fail-nth");
}

/* What is left of the count: nothing if the fault came. */
static long disarm(void)
{
	char buf[32] = "";

	if (pread(fail_nth, buf, sizeof(buf) - 1, 0) <= 0)
		die("fail-nth");
	arm("0");
	return strtol(buf, NULL, 10);
}

static long act(const char *nth, const char *what, const char *path, const char *text)
{
	char buf[PAGE];
	long ret;
	void *map;
	int fd;

	if (!strcmp(what, "load")) {
		fd = open_or_die(path, O_RDONLY);
		arm(nth);
		ret = syscall(SYS_finit_module, fd, text, 0);
	} else if (!strcmp(what, "open")) {
		arm(nth);
		ret = open(path, O_RDONLY | O_CLOEXEC);
	} else if (!strcmp(what, "read")) {
		fd = open_or_die(path, O_RDONLY | O_NONBLOCK);
		arm(nth);
		ret = read(fd, buf, sizeof(buf));
	} else if (!strcmp(what, "map")) {
		fd = open_or_die(path, O_RDONLY);
		arm(nth);
		map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
		ret = map == MAP_FAILED ? -1 : 0;
	} else if (!strcmp(what, "write")) {
		fd = open_or_die(path, O_WRONLY);
		arm(nth);
		ret = write(fd, text, strlen(text));
	} else if (!strcmp(what, "trigger")) {
		fd = open_or_die(path, O_RDWR);
		arm(nth);
		ret = ioctl(fd, SYSGENID_TRIGGER_GEN_UPDATE, 0);
	} else {
		errno = EINVAL;
		die(what);
	}
	return ret < 0 ? -errno : 0;
}

int main(int argc, char **argv)
{
	char text[1024] = "";
	long ret, left;
	int i;

	if (argc < 4) {
		fprintf(stderr, "usage: faults NTH ACTION FILE [TEXT...]\n");
		return 2;
	}
	for (i = 4; i < argc; i++) {
		if (strlen(text) + strlen(argv[i]) + 2 > sizeof(text))
			return 2;
		if (*text)
			strcat(text, " ");
		strcat(text, argv[i]);
	}
	fail_nth = open_or_die("/proc/thread-self/fail-nth", O_RDWR);
	ret = act(argv[1], argv[2], argv[3], text);
	left = disarm();
	printf("%s %ld\n", strcmp(argv[1], "0") && !left ? "yes" : "no", ret);
	return 0;
}
