// SPDX-License-Identifier: GPL-2.0
/* Watchers of /dev/sysgenid: tracked files, and those that wait for them. */
#define _GNU_SOURCE
#include "sysgenid.h"

static void on_signal(int signal)
{
}

static long wait_watchers(int fd, unsigned long ms)
{
	return CALL(ioctl(fd, SYSGENID_WAIT_WATCHERS, ms));
}

static long track(int fd, unsigned long on)
{
	return CALL(ioctl(fd, SYSGENID_SET_WATCHER_TRACKING, on));
}

static void test_watchers(void)
{
	int fd = open_node(O_RDWR), a = open_node(O_RDWR), b = open_node(O_RDWR);
	int reader = open_node(O_RDONLY);
	struct later later = { 0.2, later_ack, b };
	pthread_t thread;
	double start;

	expect("wait-for-none", 0, wait_watchers(fd, 0));
	expect("track-read-only", -EBADF, track(reader, 1));
	expect("track", 0, track(a, 1));
	expect("track-twice", 0, track(a, 1));
	expect("track-second", 0, track(b, 1));
	expect("wait-up-to-date", 0, wait_watchers(fd, 0));
	trigger(fd, 0);
	expect("wait-outdated-self", -EINTR, wait_watchers(fd, 0));
	ack(fd, *generation);
	start = now();
	expect("wait-time-out", -ETIME, wait_watchers(fd, 300));
	result(now() - start >= 0.3, "wait-time-out-lasts", "%f s", now() - start);
	ack(a, *generation);
	expect("wait-for-second", -ETIME, wait_watchers(fd, 100));
	thread = start_later(&later);
	start = now();
	expect("wait-till-ack", 0, wait_watchers(fd, 20000));
	/* After the limit it looks once more. */
	result(now() - start < 20, "wait-till-ack-is-woken", "%f s", now() - start);
	pthread_join(thread, NULL);

	trigger(fd, 0);
	ack(fd, *generation);
	ack(a, *generation);
	later.what = later_trigger;
	thread = start_later(&later);
	expect("wait-new-generation", -EINTR, wait_watchers(fd, 20000));
	pthread_join(thread, NULL);
	ack(fd, *generation);
	ack(a, *generation);
	later.what = later_kill;
	interrupted = 0;
	thread = start_later(&later);
	expect("wait-signal", -EINTR, wait_watchers(fd, 20000));
	interrupted = 1;
	pthread_join(thread, NULL);
	later.what = later_close;
	thread = start_later(&later);
	expect("wait-till-close", 0, wait_watchers(fd, 0));
	pthread_join(thread, NULL);

	trigger(fd, 0);
	ack(fd, *generation);
	expect("untrack-outdated", 0, track(a, 0));
	expect("wait-untracked", 0, wait_watchers(fd, 0));
	expect("track-outdated", 0, track(a, 1));
	expect("wait-tracked-outdated", -ETIME, wait_watchers(fd, 1));
	close(a);
	close(fd);
	close(reader);
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	need_sysgenid();
	sigaction(SIGUSR1, &action, NULL);
	test_watchers();
	return failed;
}
