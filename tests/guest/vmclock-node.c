// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/vmclock0: Documentation/ABI/testing/dev-vmclock.
 *
 *	vmclock-node abi	one result a line
 *	vmclock-node counter	print the counter
 *	vmclock-node poll	print what poll(2) says at once
 *	vmclock-node wait	read, say "ready", and print what poll(2) says when it returns
 *	vmclock-node read	print how many bytes read(2) returns, or the error
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NODE	"/dev/vmclock0"
#define PAGE	4096

static int nr;

static void result(int ok, const char *name)
{
	printf("%s %d - %s\n", ok ? "ok" : "not ok", ++nr, name);
}

static const unsigned char *map(int fd, size_t len, int prot, int flags, off_t offset)
{
	void *page = mmap(NULL, len, prot, flags, fd, offset);

	return page == MAP_FAILED ? NULL : page;
}

static uint64_t word(const unsigned char *page, size_t at)
{
	uint64_t value;

	memcpy(&value, page + at, sizeof(value));
	return value;
}

static int poll_for(int fd, int timeout)
{
	struct pollfd news = { .fd = fd, .events = POLLIN };

	return poll(&news, 1, timeout) < 0 ? -1 : news.revents;
}

static int poll_now(int fd)
{
	return poll_for(fd, 0);
}

static void test_mmap(int fd)
{
	const unsigned char *page = map(fd, PAGE, PROT_READ, MAP_SHARED, 0);

	result(page && !memcmp(page, "VCLK", 4), "mmap: the page");
	int writable = open(NODE, O_RDWR | O_CLOEXEC);

	result(!map(writable, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0) && errno == EROFS,
	       "mmap: not for writing");
	result(!map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0) && errno == EROFS,
	       "mmap: not for writing, nor a private copy");
	result(!map(fd, PAGE, PROT_NONE, MAP_SHARED, 0) && errno == EROFS,
	       "mmap: not for nothing");
	result(!map(fd, 2 * PAGE, PROT_READ, MAP_SHARED, 0) && errno == EINVAL,
	       "mmap: no second page");
	result(!map(fd, PAGE, PROT_READ, MAP_SHARED, PAGE) && errno == EINVAL,
	       "mmap: not the second page alone");
	/* The kernel itself refuses it for a file that was opened for reading. */
	const unsigned char *later = map(writable, PAGE, PROT_READ, MAP_SHARED, 0);

	result(later && mprotect((void *)later, PAGE, PROT_READ | PROT_WRITE) && errno == EACCES,
	       "mmap: not for writing later");
	later = map(fd, PAGE, PROT_READ, MAP_PRIVATE, 0);
	result(later && mprotect((void *)later, PAGE, PROT_READ | PROT_WRITE) && errno == EACCES,
	       "mmap: not for writing a private copy later");
	result(mremap((void *)page, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED,
	       "mmap: does not grow");
	result(!munmap((void *)page, PAGE), "munmap");
	close(writable);
}

static void test_read(int fd)
{
	const unsigned char *page = map(fd, PAGE, PROT_READ, MAP_SHARED, 0);
	unsigned char buf[PAGE + 1];

	result(poll_now(fd) == POLLIN, "poll: there is a page to read");
	result(read(fd, buf, sizeof(buf)) == PAGE, "read: a page at most");
	result(page && word(buf, 0x68) == word(page, 0x68) && !memcmp(buf, "VCLK", 4),
	       "read: what the page has");
	result(!read(fd, buf, 1), "read: the end of the file");
	result(!poll_now(fd), "poll: nothing new");
	result(pread(fd, buf, 8, 0x68) == 8 && word(buf, 0) == word(page, 0x68),
	       "pread: a part of it");
	result(!pread(fd, buf, 1, PAGE), "pread: beyond the end");
	result(pread(fd, buf, 8, PAGE - 4) == 4, "pread: to the end");
	result(lseek(fd, 0, SEEK_SET) < 0 && errno == ESPIPE, "lseek: not");
	munmap((void *)page, PAGE);
	result(pread(fd, (void *)page, 8, 0) < 0 && errno == EFAULT, "pread: a bad address");
}

int main(int argc, char **argv)
{
	int fd = open(NODE, O_RDONLY | O_CLOEXEC);
	unsigned char buf[PAGE];
	ssize_t len;

	if (fd < 0) {
		perror(NODE);
		return 1;
	}
	if (argc != 2)
		return 2;
	if (!strcmp(argv[1], "abi")) {
		test_mmap(fd);
		test_read(fd);
	} else if (!strcmp(argv[1], "counter")) {
		printf("%ju\n", (uintmax_t)word(map(fd, PAGE, PROT_READ, MAP_SHARED, 0), 0x68));
	} else if (!strcmp(argv[1], "poll")) {
		printf("%#x\n", poll_now(fd));
	} else if (!strcmp(argv[1], "wait")) {
		if (read(fd, buf, sizeof(buf)) != PAGE)
			return 1;
		printf("ready\n");
		fflush(stdout);
		printf("%#x\n", poll_for(fd, -1));
	} else {
		len = read(fd, buf, sizeof(buf));
		printf("%s\n", len == PAGE ? "page" : len < 0 ? strerror(errno) : "short");
	}
	return 0;
}
