// SPDX-License-Identifier: GPL-2.0
/*
 * Each line of the ABI of /dev/sysgenid, as a client sees it. Prints results as
 * KTAP, which guest.sh passes on. Run as root.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/capability.h>

#include "../../vmgenid/sysgenid_abi.h"
#include "forks.h"

#define NODE "/dev/sysgenid"

static void *volatile bad_address = (void *)1;
static int failed;

static void result(int ok, const char *name, const char *format, ...)
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

static void expect(const char *name, long want, long got)
{
	result(want == got, name, "wanted %ld, got %ld", want, got);
}

/* -errno, or what the call returned. */
#define CALL(call) ({ errno = 0; long _ret = (long)(call); _ret == -1 ? -errno : _ret; })

static int open_node(int flags)
{
	int fd = open(NODE, flags);

	if (fd < 0) {
		perror(NODE);
		exit(1);
	}
	return fd;
}

static long trigger(int fd, unsigned long min)
{
	return CALL(ioctl(fd, SYSGENID_TRIGGER_GEN_UPDATE, min));
}

static long ack(int fd, uint32_t value)
{
	return CALL(write(fd, &value, sizeof(value)));
}

static short poll_now(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDNORM };

	poll(&p, 1, 0);
	return p.revents;
}

static void test_node(void)
{
	struct stat st;
	int fd;

	expect("node-exists", 0, CALL(stat(NODE, &st)));
	expect("node-is-readable-by-all", 0444, st.st_mode & 0444);
	fd = open(NODE, O_RDONLY);
	result(fd >= 0, "open-read-only", "%s", strerror(errno));
	close(fd);
	fd = open(NODE, O_RDWR);
	result(fd >= 0, "open-read-write", "%s", strerror(errno));
	expect("ioctl-unknown", -ENOTTY, CALL(ioctl(fd, _IO(SYSGENID_IOCTL, 4), 0)));
	close(fd);
}

static void test_mmap(void)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = open_node(O_RDWR);
	char *map = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
	long i, other = 0;

	result(map != MAP_FAILED, "mmap-read-only", "%s", strerror(errno));
	if (map == MAP_FAILED)
		exit(1);
	generation = (void *)map;
	for (i = sizeof(*generation); i < page; i++)
		other |= map[i];
	expect("mmap-holds-nothing-else", 0, other);
	expect("mmap-private", 0, CALL(mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 0)) < 0);
	expect("mmap-writable", -EPERM,
	       CALL(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)));
	expect("mmap-private-writable", -EPERM,
	       CALL(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0)));
	expect("mmap-elsewhere", -EINVAL,
	       CALL(mmap(NULL, page, PROT_READ, MAP_SHARED, fd, page)));
	/* VM_DONTEXPAND: a longer mapping would fault beyond the page. */
	expect("mremap-longer", -EFAULT,
	       CALL(mremap(map, page, 2 * page, MREMAP_MAYMOVE)));
	expect("mmap-two-pages", -EINVAL,
	       CALL(mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, fd, 0)));
	/* The kernel's own errno: it does not ask the driver. */
	expect("mprotect-writable", -EACCES,
	       CALL(mprotect(map, page, PROT_READ | PROT_WRITE)));
	trigger(fd, 0);
	expect("madvise-dontneed", 0, CALL(madvise(map, page, MADV_DONTNEED)));
	result(*generation != 0, "mmap-survives-madvise", "it reads 0");
	close(fd);
	result(*generation != 0, "mmap-survives-close", "it reads 0");
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

static volatile int interrupted;

static void on_signal(int signal)
{
}

struct later {
	double delay;
	void (*what)(int fd);
	int fd;
};

static void *run_later(void *data)
{
	struct later *later = data;

	usleep(later->delay * 1e6);
	later->what(later->fd);
	return NULL;
}

/* Calls what(fd) a while after the caller has begun to wait. */
static pthread_t start_later(struct later *later)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run_later, later)) {
		perror("pthread_create");
		exit(1);
	}
	return thread;
}

static void later_trigger(int fd)
{
	trigger(fd, 0);
}

static void later_ack(int fd)
{
	ack(fd, *generation);
}

static void later_close(int fd)
{
	close(fd);
}

/* Again and again: the first may come before anybody waits. */
static void later_kill(int fd)
{
	while (!interrupted) {
		kill(getpid(), SIGUSR1);
		usleep(100000);
	}
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
	while (!sleeper)
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
	expect("wait-till-ack", 0, wait_watchers(fd, 20000));
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

/* Runs a test in a child, which may give up its privileges. */
static void in_child(void (*test)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		test();
		_exit(failed);
	}
	waitpid(pid, &status, 0);
	failed |= status;
}

static void test_user(void)
{
	int fd;

	if (setgid(1000) || setuid(1000))
		exit(1);
	fd = open(NODE, O_RDONLY | O_NONBLOCK);
	result(fd >= 0, "user-opens", "%s", strerror(errno));
	expect("user-maps", 0,
	       CALL(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0)) < 0);
	expect("user-cannot-write", -EACCES, CALL(open(NODE, O_RDWR)));
	expect("user-cannot-trigger", -EACCES, trigger(fd, 0));
	expect("user-namespace", 0, CALL(unshare(CLONE_NEWUSER)));
	expect("user-namespace-root-cannot-trigger", -EACCES, trigger(fd, 0));
}

/* CAP_CHECKPOINT_RESTORE and nothing else, not even what a reseed takes. */
static void test_capability(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	int fd = open_node(O_RDWR);
	uint32_t old = *generation;

	data[1].effective = data[1].permitted = 1 << (CAP_CHECKPOINT_RESTORE - 32);
	if (syscall(SYS_capset, &header, data))
		exit(1);
	expect("checkpoint-restore-may-trigger", 0, trigger(fd, 0));
	expect("checkpoint-restore-triggers", (uint32_t)(old + 1), *generation);
}

int main(void)
{
	test_node();
	test_mmap();
	test_read_write();
	test_trigger();
	test_blocking();
	test_nonblocking_race();
	test_wakes_nobody();
	test_watchers();
	in_child(test_user);
	in_child(test_capability);
	return failed;
}
