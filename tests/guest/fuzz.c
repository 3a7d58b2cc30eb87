// SPDX-License-Identifier: GPL-2.0
/*
 * Random system calls of users who mean no good, on the nodes and sysfs files of the modules.
 *
 *	fuzz SEED CALLS FILE...
 *
 * Makes CALLS calls, in ten threads of seven processes: root, who alone begins generations;
 * users without rights; two that are root in user namespaces of their own; and one whom root
 * has given open files. Each thread makes its choices from SEED. FILE... are sysfs files.
 *
 * Judged after each call: nobody but root begins a generation, or keeps root waiting for
 * watchers; nobody can write to a mapping, or has more of it than one page, or sees anything
 * but the generation there; no file shows the VM generation ID or an address of the kernel.
 *
 * Results are lines of KTAP, which guest.sh passes on.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "fuzz.h"

struct fuzz_shared *shared;
char **fuzz_files;
unsigned int fuzz_nr_files;

/* Each process: who it is. Users pass their files on to each other, in other namespaces too. */
enum who { ROOT, USER, USER_THREADS, NAMESPACE_1, NAMESPACE_2, GRANTED, ROOT_THREADS, NR_WHO };

static const char *const who_names[NR_WHO] = {
	"root", "user", "user-threads", "namespace-1", "namespace-2", "granted", "root-threads",
};

static const int who_threads[NR_WHO] = { 1, 1, 2, 1, 1, 2, 2 };

/* The sockets of those who may have the same files: root, the users, and the granted one. */
static const int who_pair[NR_WHO] = { 0, 1, 1, 1, 1, 2, 0 };
static int pairs[3][2];

void violation(struct fuzz *fuzz, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	shared->stop = 1;
	if (shared->nr_violations++ > 8)
		return;
	printf("# seed %lu, %s, thread %d, call %lu: %s: %s\n", shared->seed, who_names[fuzz->who],
	       fuzz->thread, fuzz->calls, fuzz->op, text);
	fflush(stdout);
}

static void *run_thread(void *data)
{
	struct fuzz *fuzz = data;

	start_timer();
	while (fuzz->calls < fuzz->nr_calls && !shared->stop)
		fuzz_one(fuzz);
	__atomic_fetch_add(&shared->calls, fuzz->calls, __ATOMIC_RELAXED);
	return NULL;
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

static void drop(enum who who)
{
	if (who == ROOT || who == ROOT_THREADS)
		return;
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		die("drop");
	/* Since setresuid() its files in /proc are root's. */
	prctl(PR_SET_DUMPABLE, 1);
	if (who != NAMESPACE_1 && who != NAMESPACE_2)
		return;
	if (unshare(CLONE_NEWUSER))
		die("unshare");
	write_text("/proc/self/setgroups", "deny");
	write_text("/proc/self/uid_map", "0 65534 1");
	write_text("/proc/self/gid_map", "0 65534 1");
}

static void run_process(enum who who, unsigned long calls, int *granted)
{
	static struct fuzz threads[2];
	pthread_t ids[2];
	int i;

	if (who != GRANTED) {
		close(granted[0]);
		close(granted[1]);
	}
	for (i = 0; i < 3; i++) {
		if (i == who_pair[who])
			continue;
		close(pairs[i][0]);
		close(pairs[i][1]);
	}
	drop(who);
	for (i = 0; i < who_threads[who]; i++) {
		struct fuzz *fuzz = &threads[i];

		fuzz->who = who;
		fuzz->thread = i;
		fuzz->is_root = who == ROOT || who == ROOT_THREADS;
		fuzz->is_alone = who_threads[who] == 1;
		fuzz->nr_calls = calls;
		fuzz->random = shared->seed * 0x9e3779b97f4a7c15ul + who * 64 + i + 1;
		fuzz->granted = who == GRANTED;
		fuzz_init(fuzz, pairs[who_pair[who]], who == GRANTED ? granted : NULL);
		if (pthread_create(&ids[i], NULL, run_thread, fuzz))
			die("pthread_create");
	}
	for (i = 0; i < who_threads[who]; i++)
		pthread_join(ids[i], NULL);
	_exit(0);
}

/* What root gives to one user: sysgenid for reading and writing, and vmclock0. */
static void open_granted(int *granted)
{
	int i;

	granted[0] = open(NODE, O_RDWR | O_NONBLOCK);
	granted[1] = open(VMCLOCK, O_RDONLY);
	if (granted[0] < 0 || granted[1] < 0)
		die("granted");
	for (i = 0; i < 3; i++)
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]))
			die("socketpair");
}

static void start(unsigned long seed)
{
	struct rlimit none = { 0, 0 };
	int fd;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		die("shared memory");
	setrlimit(RLIMIT_CORE, &none);
	shared->seed = seed;
	fd = open_node(O_RDONLY);
	generation = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (generation == MAP_FAILED)
		die("mmap");
	close(fd);
	shared->base = *generation;
	fuzz_signals();
}

int main(int argc, char **argv)
{
	unsigned long calls = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	int i, status, granted[2], nr_threads = 0, died = 0;
	uint32_t generations;

	if (!calls)
		return 2;
	fuzz_files = argv + 3;
	fuzz_nr_files = argc - 3;
	start(strtoul(argv[1], NULL, 10));
	open_granted(granted);
	for (i = 0; i < NR_WHO; i++)
		nr_threads += who_threads[i];
	for (i = 0; i < NR_WHO; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid)
			run_process(i, calls / nr_threads + 1, granted);
	}
	while (wait(&status) > 0)
		died += status != 0;
	generations = *generation - shared->base;
	printf("# %lu calls, of which %lu succeeded; %u generations\n", shared->calls,
	       shared->succeeded, generations);
	expect("no-violation", 0, shared->nr_violations);
	expect("no-process-died", 0, died);
	result(shared->calls >= calls, "all-calls", "only %lu", shared->calls);
	expect("generations-are-roots", shared->done, generations);
	result(generations > 0, "there-were-generations", "none");
	return failed;
}
