// SPDX-License-Identifier: GPL-2.0
/* The node of /dev/sysgenid: who may do what with it, and the page that it maps. */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/capability.h>

#include "sysgenid.h"

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
	in_child(test_user);
	in_child(test_capability);
	return failed;
}
