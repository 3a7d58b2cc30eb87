/* SPDX-License-Identifier: GPL-2.0 */
/* The calls of fuzz.c, and what is judged after each. */
#ifndef TESTS_GUEST_FUZZ_H
#define TESTS_GUEST_FUZZ_H

#include <poll.h>
#include <setjmp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "sysgenid.h"

#define VMCLOCK "/dev/vmclock0"
#define PAGE 4096
#define NR_FDS 12
#define NR_MAPS 8

struct fuzz_shared {
	unsigned long seed, calls, succeeded, nr_violations;
	uint32_t base, started, done;	/* generations that root begins */
	volatile int stop;
};

/* A mapping of a node, which nobody but this thread changes. */
struct fuzz_map {
	char *at;
	int is_vmclock;
};

struct fuzz {
	int who, thread, is_root, is_alone, granted;	/* alone: in its process */
	unsigned long calls, nr_calls, random;
	const char *op;
	int fds[NR_FDS];
	struct fuzz_map maps[NR_MAPS];
	int pair[2], mem, epoll, null;
	int depth;	/* 1 in a child */
};

extern struct fuzz_shared *shared;
extern char **fuzz_files;
extern unsigned int fuzz_nr_files;
static __thread sigjmp_buf fuzz_jump;
static __thread volatile int fuzz_may_fault;

void violation(struct fuzz *fuzz, const char *format, ...);

/* --- chance --- */

static inline unsigned long chance(struct fuzz *fuzz, unsigned long n)
{
	unsigned long x = fuzz->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	fuzz->random = x;
	return (x >> 11) % n;
}

static inline int *any_fd(struct fuzz *fuzz)
{
	return &fuzz->fds[chance(fuzz, NR_FDS)];
}

static inline struct fuzz_map *any_map(struct fuzz *fuzz)
{
	return &fuzz->maps[chance(fuzz, NR_MAPS)];
}

/* -errno, or what the call returned; counted. */
static inline long count(struct fuzz *fuzz, long ret)
{
	fuzz->calls++;
	if (ret != -1) {
		__atomic_fetch_add(&shared->succeeded, 1, __ATOMIC_RELAXED);
		return ret;
	}
	return -errno;
}

#define TRY(call) count(fuzz, (long)(call))

/* --- signals --- */

static void fuzz_fault(int sig)
{
	if (!fuzz_may_fault)
		_exit(99);
	siglongjmp(fuzz_jump, 1);
}

static void fuzz_alarm(int sig)
{
}

static inline void fuzz_signals(void)
{
	struct sigaction fault = { .sa_handler = fuzz_fault, .sa_flags = SA_NODEFER };
	struct sigaction alarm = { .sa_handler = fuzz_alarm };

	sigaction(SIGSEGV, &fault, NULL);
	sigaction(SIGBUS, &fault, NULL);
	sigaction(SIGALRM, &alarm, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* A timer for each thread ends what would wait forever. */
static inline void start_timer(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };
	struct itimerspec often = { { 0, 20000000 }, { 0, 20000000 } };
	timer_t timer;

	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &often, NULL))
		die("timer");
}

/* --- files that are sent --- */

union fuzz_control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

static inline int send_fd(int socket, int fd)
{
	union fuzz_control control = { { 0 } };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	return sendmsg(socket, &msg, MSG_DONTWAIT) == 1 ? 0 : -1;
}

static inline int receive_fd(int socket)
{
	union fuzz_control control = { { 0 } };
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	int fd = -1;

	if (recvmsg(socket, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* --- what is judged --- */

/* One of the two nodes, and which? By the device's number. */
static int is_node(int fd, int *is_vmclock)
{
	static dev_t vmclock;
	struct stat st;

	if (!vmclock && !stat(VMCLOCK, &st))
		vmclock = st.st_rdev;
	if (fstat(fd, &st) || !S_ISCHR(st.st_mode))
		return 0;
	*is_vmclock = st.st_rdev == vmclock;
	return 1;
}

static inline void judge_generation(struct fuzz *fuzz, uint32_t done, uint32_t seen)
{
	uint32_t started = __atomic_load_n(&shared->started, __ATOMIC_SEQ_CST);

	seen -= shared->base;
	if (seen < done || seen > started)
		violation(fuzz, "generation %u, and root began %u to %u", seen, done, started);
}

static inline uint32_t generations_done(void)
{
	return __atomic_load_n(&shared->done, __ATOMIC_SEQ_CST);
}

/* Bytes of a page of a node, however they were come by. */
static inline void judge_page(struct fuzz *fuzz, int is_vmclock, size_t at, const char *buf,
			      size_t len, uint32_t done)
{
	uint32_t word;
	size_t i;

	if (is_vmclock) {
		if (!at && len >= 4 && memcmp(buf, "VCLK", 4))
			violation(fuzz, "this is not VMClock's page");
		return;
	}
	if (!at && len >= sizeof(word)) {
		memcpy(&word, buf, sizeof(word));
		judge_generation(fuzz, done, word);
	}
	for (i = at < 4 ? 4 - at : 0; i < len; i++)
		if (buf[i])
			violation(fuzz, "byte %zu of the page is %#x", at + i, buf[i]);
}

/* The ID has the same byte throughout, in tests/scenarios: it is found in any order. */
static inline void judge_text(struct fuzz *fuzz, const char *path, char *text, size_t len)
{
	static const char *const addresses[] = { "ffff8", "ffffc", "ffffd", "ffffe", "fffff" };
	const char *found;
	size_t i;

	text[len] = 0;
	if (strstr(text, "5e5e5e5e") || strstr(text, "6799976246779207262"))
		violation(fuzz, "%s shows the VM generation ID: '%.40s'", path, text);
	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		found = strstr(text, addresses[i]);
		/* A hash may look like one. */
		if (found && strspn(found, "0123456789abcdef") >= 16 && !strstr(path, "id_hash"))
			violation(fuzz, "%s shows an address: '%.40s'", path, found);
	}
}

static void fuzz_one(struct fuzz *fuzz);

#include "fuzz-calls.h"
#include "fuzz-maps.h"

static inline void fuzz_init(struct fuzz *fuzz, const int *pair, const int *granted)
{
	int i;

	for (i = 0; i < NR_FDS; i++)
		fuzz->fds[i] = -1;
	for (i = 0; granted && i < 2; i++)
		fuzz->fds[i] = fcntl(granted[i], F_DUPFD_CLOEXEC, 3);
	fuzz->pair[0] = pair[0];
	fuzz->pair[1] = pair[1];
	fuzz->mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	fuzz->epoll = epoll_create1(EPOLL_CLOEXEC);
	fuzz->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fuzz->mem < 0 || fuzz->epoll < 0 || fuzz->null < 0)
		die("fuzz_init");
}

static void fuzz_one(struct fuzz *fuzz)
{
	static void (*const calls[])(struct fuzz *fuzz) = {
		fuzz_open, fuzz_close, fuzz_dup, fuzz_send, fuzz_mmap, fuzz_mmap, fuzz_munmap,
		fuzz_mremap, fuzz_mprotect, fuzz_madvise, fuzz_load, fuzz_load, fuzz_mem,
		fuzz_mem, fuzz_read, fuzz_write, fuzz_poll, fuzz_ioctl, fuzz_ioctl, fuzz_other,
		fuzz_sysfs, fuzz_fork, fuzz_generation,
	};

	calls[chance(fuzz, sizeof(calls) / sizeof(*calls))](fuzz);
}

#endif /* TESTS_GUEST_FUZZ_H */
