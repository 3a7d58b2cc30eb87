// SPDX-License-Identifier: GPL-2.0
/*
 * What a fork looks like from user space. The forks are fork.asl's.
 *
 *	forks count N		N forks, one by one: do all reports agree?
 *	forks storm N THREADS	N forks among as many notifications without a
 *				change as that many threads can cause
 *
 * Results are lines of KTAP, which guest.sh passes on.
 */
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "forks.h"

#define FORK ACPI "FORK0001:00/status"
#define NOTIFY ACPI "FORK0002:00/status"
#define CHANGE_ID ACPI "FORK0003:00/status"
#define SYSFS "/sys/bus/platform/devices/vmgenid-ext/"

static int failed;

static void check(int ok, const char *name, unsigned long want, unsigned long got)
{
	failed |= !ok;
	if (!ok)
		printf("# wanted %lu, got %lu\n", want, got);
	printf("%s - %s\n", ok ? "ok" : "not ok", name);
	fflush(stdout);
}

static void do_acpi(const char *path)
{
	char buf[64];

	read_file(path, buf, sizeof(buf));
}

static int wait_generation(uint32_t want)
{
	double end = now() + TIMEOUT;

	while (*generation != want && now() < end)
		usleep(100);
	return *generation == want;
}

/* --- count --- */

static int open_uevents(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	struct timeval timeout = { .tv_sec = TIMEOUT };
	int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);

	if (fd < 0 || bind(fd, (void *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)))
		die("uevents");
	return fd;
}

/* The generation in the next "change" of ours. */
static long next_uevent(int fd)
{
	char buf[4096], *word;
	ssize_t len;

	for (;;) {
		len = recv(fd, buf, sizeof(buf) - 1, 0);
		if (len < 0)
			return -1;
		buf[len] = 0;
		if (!strstr(buf, "vmgenid-ext") || strncmp(buf, "change@", 7))
			continue;
		for (word = buf; word < buf + len; word += strlen(word) + 1)
			if (!strncmp(word, "GENERATION=", 11))
				return strtol(word + 11, NULL, 10);
	}
}

struct agreement {
	unsigned long polled, read, sysfs_polled, sysfs, uevent, quiet;
};

static int is_unanimous(const struct agreement *agree, unsigned long nr)
{
	return agree->polled == nr && agree->read == nr && agree->sysfs_polled == nr &&
	       agree->sysfs == nr && agree->uevent == nr && agree->quiet == nr;
}

static void count_one(int fd, int sysfs, int uevents, struct agreement *agree)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct pollfd s = { .fd = sysfs, .events = POLLPRI };
	uint32_t want = *generation + 1, got = 0;
	char buf[64];

	do_acpi(FORK);
	agree->polled += poll(&p, 1, TIMEOUT * 1000) == 1 && *generation == want;
	agree->read += read(fd, &got, sizeof(got)) == sizeof(got) && got == want;
	agree->sysfs_polled += poll(&s, 1, TIMEOUT * 1000) == 1;
	agree->sysfs += pread(sysfs, buf, sizeof(buf), 0) > 0 &&
			strtoul(buf, NULL, 10) == want;
	agree->uevent += next_uevent(uevents) == want;
	agree->quiet += write(fd, &got, sizeof(got)) == sizeof(got) &&
			poll(&p, 1, 0) == 0;
}

static void count(unsigned long nr)
{
	int fd = need_sysgenid(), slow = open("/dev/sysgenid", O_RDONLY | O_NONBLOCK);
	int sysfs = open(SYSFS "generation", O_RDONLY), uevents = open_uevents();
	unsigned long forks = read_number(SYSFS "forks"), i;
	struct agreement agree = { 0 };
	uint32_t start = *generation, got = 0;
	char buf[64];

	if (pread(sysfs, buf, sizeof(buf), 0) < 0)
		die("generation");
	/* After a disagreement the next ones would only take their time. */
	for (i = 0; i < nr && is_unanimous(&agree, i); i++)
		count_one(fd, sysfs, uevents, &agree);
	check(agree.polled == nr, "poll-reports-each", nr, agree.polled);
	check(agree.read == nr, "read-reports-each", nr, agree.read);
	check(agree.sysfs_polled == nr, "sysfs-poll-reports-each", nr, agree.sysfs_polled);
	check(agree.sysfs == nr, "sysfs-agrees", nr, agree.sysfs);
	check(agree.uevent == nr, "uevent-reports-each", nr, agree.uevent);
	check(agree.quiet == nr, "acknowledged-each", nr, agree.quiet);
	check(*generation == start + nr, "generation-counts", start + nr, *generation);
	forks = read_number(SYSFS "forks") - forks;
	check(forks == nr, "forks-counts", nr, forks);
	check(read(slow, &got, sizeof(got)) == sizeof(got) && got == start + nr,
	      "slow-reader-sees-the-last", start + nr, got);
}

/* --- storm --- */

static volatile int storming = 1;

static void *storm_thread(void *data)
{
	unsigned long *nr = data;

	while (storming) {
		do_acpi(NOTIFY);
		++*nr;
	}
	return NULL;
}

static void storm(unsigned long nr, unsigned long nr_threads)
{
	unsigned long counts[16] = { 0 }, sent = 0, in_time = 0, i;
	pthread_t threads[16];
	uint32_t start;

	need_sysgenid();
	start = *generation;
	for (i = 0; i < nr_threads; i++)
		if (pthread_create(&threads[i], NULL, storm_thread, &counts[i]))
			die("pthread_create");
	for (i = 0; i < nr && in_time == i; i++) {
		do_acpi(FORK);
		in_time += wait_generation(start + i + 1);
	}
	storming = 0;
	for (i = 0; i < nr_threads; i++) {
		pthread_join(threads[i], NULL);
		sent += counts[i];
	}
	sleep(1);
	check(in_time == nr, "storm-loses-none", nr, in_time);
	check(*generation == start + nr, "storm-counts-none-twice", start + nr, *generation);
	check(sent > nr, "storm-was-one", nr + 1, sent);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	unsigned long nr = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	if (!strcmp(what, "count"))
		count(nr);
	else if (!strcmp(what, "storm"))
		storm(nr, argc > 3 ? strtoul(argv[3], NULL, 10) % 17 : 1);
	else
		failed = 2;
	return failed;
}
