// SPDX-License-Identifier: GPL-2.0
/* Readers of /dev/sysgenid: read, write and poll, and the generations that they see. */
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>

#include "sysgenid.h"

static void *volatile bad_address = (void *)1;

static short poll_now(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDNORM };

	poll(&p, 1, 0);
	return p.revents;
}

static void test_read_write(void)
{
	int fd = open_node(O_RDWR | O_NONBLOCK);
	uint32_t value = ~*generation, old = *generation;
	char buf[8];

	expect("read-nothing-new", -EAGAIN, CALL(read(fd, &value, 4)));
	expect("read-too-short", -EINVAL, CALL(read(fd, &value, 3)));
	expect("poll-nothing-new", 0, poll_now(fd));
	memset(buf, 0, sizeof(buf));
	expect("write-too-short", -ENOBUFS, CALL(write(fd, buf, 3)));
	expect("write-too-long", -ENOBUFS, CALL(write(fd, buf, 8)));
	expect("write-nothing", -ENOBUFS, CALL(write(fd, buf, 0)));
	expect("write-bad-address", -EFAULT, CALL(write(fd, bad_address, 4)));
	expect("ack-other", -EINVAL, ack(fd, old + 1));
	expect("ack-current", 4, ack(fd, old));

	expect("trigger", 0, trigger(fd, 0));
	expect("trigger-adds-one", (uint32_t)(old + 1), *generation);
	expect("poll-news", POLLIN | POLLRDNORM, poll_now(fd));
	expect("read-too-short-news", -EINVAL, CALL(read(fd, buf, 3)));
	expect("read-bad-address", -EFAULT, CALL(read(fd, bad_address, 4)));
	expect("read-news", 4, CALL(read(fd, buf, sizeof(buf))));
	memcpy(&value, buf, 4);
	expect("read-value", *generation, value);
	expect("read-is-no-ack", 4, CALL(read(fd, &value, 4)));
	expect("ack-outdated", -EINVAL, ack(fd, old));
	expect("ack-news", 4, ack(fd, value));
	expect("poll-after-ack", 0, poll_now(fd));
	expect("read-after-ack", -EAGAIN, CALL(read(fd, &value, 4)));
	trigger(fd, 0);
	close(fd);
	fd = open_node(O_RDONLY | O_NONBLOCK);
	expect("open-acknowledges", 0, poll_now(fd));
	expect("write-read-only", -EBADF, ack(fd, *generation));
	close(fd);
}

static void test_trigger(void)
{
	int fd = open_node(O_RDWR);

	trigger(fd, *generation + 1000);
	trigger(fd, 5);
	expect("trigger-min-below-adds-one", 1, *generation % 1000 > 0);
	expect("trigger-too-large", -EINVAL, trigger(fd, 1UL << 32));
	expect("trigger-min", 0, trigger(fd, 0xfffffffe));
	expect("trigger-min-value", 0xfffffffe, *generation);
	trigger(fd, 0xfffffffe);
	expect("trigger-same-min-is-new", 0xffffffff, *generation);
	trigger(fd, 0xffffffff);
	expect("trigger-wraps", 0, *generation);
	trigger(fd, 0);
	expect("trigger-after-wrap", 1, *generation);
	close(fd);
}

static void on_signal(int signal)
{
}

static void test_blocking(void)
{
	int fd = open_node(O_RDWR), other = open_node(O_RDWR);
	struct later later = { 0.2, later_trigger, other };
	uint32_t old = *generation, value = old;
	struct sigaction action = { .sa_handler = on_signal };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	pthread_t thread = start_later(&later);

	expect("read-blocks", 4, CALL(read(fd, &value, 4)));
	expect("read-blocked-till-news", 1, value != old && value == *generation);
	pthread_join(thread, NULL);
	ack(fd, value);
	thread = start_later(&later);
	expect("poll-wakes", 1, CALL(poll(&p, 1, 20000)));
	pthread_join(thread, NULL);
	ack(fd, *generation);
	sigaction(SIGUSR1, &action, NULL);
	later.what = later_kill;
	interrupted = 0;
	thread = start_later(&later);
	expect("read-interrupted", -EINTR, CALL(read(fd, &value, 4)));
	interrupted = 1;
	pthread_join(thread, NULL);
	close(fd);
	close(other);
}

static volatile unsigned long nr_reads;

static void *read_on(void *data)
{
	int fd = *(int *)data;
	uint32_t value;

	while (!interrupted) {
		if (CALL(read(fd, &value, 4)) == -EAGAIN)
			nr_reads++;
	}
	return NULL;
}

/*
 * A file that two threads use: the one acknowledges while the other is within a
 * read that must not block. A read that does, does so until the next generation.
 */
static void test_nonblocking_race(void)
{
	int fd = open_node(O_RDWR | O_NONBLOCK), other = open_node(O_RDWR);
	pthread_t thread;
	int i, stalls = 0;

	interrupted = 0;
	if (pthread_create(&thread, NULL, read_on, &fd)) {
		perror("pthread_create");
		exit(1);
	}
	for (i = 0; i < 1000 && !stalls; i++) {
		unsigned long before;
		double start;

		trigger(other, 0);
		ack(fd, *generation);
		before = nr_reads;
		for (start = now(); nr_reads < before + 2; sched_yield())
			if (now() - start > 10) {
				stalls++;
				break;
			}
	}
	interrupted = 1;
	trigger(other, 0);
	pthread_join(thread, NULL);
	result(!stalls, "read-nonblocking-never-blocks", "it did after %d rounds", i);
	close(fd);
	close(other);
}

static long switches(pid_t tid)
{
	char path[64], line[128];
	long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "voluntary_ctxt_switches: %ld", &count);
	if (file)
		fclose(file);
	return count;
}

static int is_asleep(pid_t tid)
{
	char path[64], buf[256];

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	read_file(path, buf, sizeof(buf));
	return strstr(buf, ") S ") != NULL;
}

static volatile pid_t sleeper;

static void *read_once(void *data)
{
	uint32_t value;

	sleeper = syscall(SYS_gettid);
	read(*(int *)data, &value, 4);
	return NULL;
}

/* What any user may do must not keep those busy that sleep until the next fork. */
static void test_wakes_nobody(void)
{
	int fd = open_node(O_RDWR), other = open_node(O_RDWR);
	pthread_t thread;
	long before;
	int i;

	sleeper = 0;
	if (pthread_create(&thread, NULL, read_once, &fd)) {
		perror("pthread_create");
		exit(1);
	}
	while (!sleeper || !is_asleep(sleeper))
		usleep(1000);
	usleep(200000);
	before = switches(sleeper);
	for (i = 0; i < 100; i++) {
		close(open_node(O_RDONLY));
		ack(other, *generation);
		usleep(1000);
	}
	expect("open-close-and-ack-wake-no-reader", 0, switches(sleeper) - before);
	trigger(other, 0);
	pthread_join(thread, NULL);
	close(fd);
	close(other);
}

int main(void)
{
	need_sysgenid();
	test_read_write();
	test_trigger();
	test_blocking();
	test_nonblocking_race();
	test_wakes_nobody();
	return failed;
}
