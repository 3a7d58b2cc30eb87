// SPDX-License-Identifier: GPL-2.0
/*
 * Loads modules and says when the kernel's RNG became ready, for scripts/bench --early.
 *
 *	early SECONDS ask|- [FILE[:PARAMETERS]]...
 *
 * Loads each FILE, with a record in the kernel's log directly before and after, and waits
 * up to SECONDS for "crng init done". "ask": then a process asks for a random number, and
 * waits for it. Prints the log's records of this, as "MICROSECONDS TEXT".
 *
 * All stamps are the log's own: printk() takes them before it prints, from one clock.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int kmsg;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* <6>, KERN_INFO: "quiet" keeps it from the console, which would delay what follows. */
static void mark(const char *what, const char *name)
{
	char record[256];
	int len = snprintf(record, sizeof(record), "<6>early: %s %s\n", what, name);

	if (write(kmsg, record, len) != len)
		die("/dev/kmsg");
}

static void load(char *file)
{
	char *parameters = strchr(file, ':');
	const char *name;
	int fd;

	if (parameters)
		*parameters++ = '\0';
	name = strrchr(file, '/');
	name = name ? name + 1 : file;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(file);
	mark("load", name);
	if (syscall(SYS_finit_module, fd, parameters ? parameters : "", 0))
		die(file);
	mark("loaded", name);
	close(fd);
}

/* As an init does that needs a key: the kernel then gathers entropy from jitter. */
static pid_t ask(void)
{
	pid_t pid = fork();
	char byte;

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	mark("ask", "getrandom");
	_exit(getrandom(&byte, 1, 0) != 1);
}

/* Unlike getrandom(), poll() waits without gathering entropy. */
static void wait_for_rng(int seconds)
{
	struct pollfd random = { .events = POLLIN };

	random.fd = open("/dev/random", O_RDONLY);
	if (random.fd < 0)
		die("/dev/random");
	if (poll(&random, 1, seconds * 1000) < 0)
		die("poll");
	/* It wakes who waits before it writes to the log. */
	usleep(200 * 1000);
	close(random.fd);
}

/* Records are "PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;TEXT", one a read(). */
static void print_records(void)
{
	char record[8192], *text, *end;
	unsigned long long us;
	ssize_t len;

	if (lseek(kmsg, 0, SEEK_SET) < 0)
		die("/dev/kmsg");
	for (;;) {
		len = read(kmsg, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)
			continue;
		if (len < 0 && errno == EAGAIN)
			return;
		if (len < 0)
			die("/dev/kmsg");
		record[len] = '\0';
		text = strchr(record, ';');
		if (!text || sscanf(record, "%*u,%*u,%llu,", &us) != 1)
			continue;
		end = strchr(++text, '\n');
		if (end)
			*end = '\0';
		if (!strncmp(text, "early: ", 7) || !strcmp(text, "random: crng init done"))
			printf("%llu %s\n", us, text);
	}
}

int main(int argc, char **argv)
{
	pid_t asking = 0;
	int i;

	if (argc < 3) {
		fprintf(stderr, "usage: see the source\n");
		return 2;
	}
	kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0)
		die("/dev/kmsg");
	mark("start", "benchmark");
	for (i = 3; i < argc; i++)
		load(argv[i]);
	if (!strcmp(argv[2], "ask"))
		asking = ask();
	wait_for_rng(atoi(argv[1]));
	if (asking) {
		kill(asking, SIGKILL);
		waitpid(asking, NULL, 0);
	}
	mark("end", "benchmark");
	print_records();
	return 0;
}
