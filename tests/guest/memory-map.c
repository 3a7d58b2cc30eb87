// SPDX-License-Identifier: GPL-2.0
/*
 * Does one CPU read a device's registers while another changes the memory map?
 * A hypervisor may then give it another device's. Prints how many of its reads
 * were wrong.
 *
 *	memory-map READ FLIP COUNT
 *
 * READ: a PCI device in sysfs, whose BAR 1 starts with an MSI-X table in the state
 * of reset. FLIP: another, whose BARs come and go COUNT times.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PCI_COMMAND		4
#define PCI_COMMAND_MEMORY	2
#define VECTOR_CTRL		3	/* 32-bit words: PCI 3.0, 6.8.2.9 */
#define VECTOR_CTRL_MASKED	1

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int open_file(const char *device, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", device, name);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0)
		die(path);
	return fd;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

static void flip(const char *device, unsigned long count)
{
	int fd = open_file(device, "config");
	uint16_t command;

	pin(0);
	if (pread(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		die("pread");
	for (count *= 2; count; count--) {
		command ^= PCI_COMMAND_MEMORY;
		if (pwrite(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
			die("pwrite");
	}
	exit(0);
}

int main(int argc, char **argv)
{
	volatile uint32_t *table;
	unsigned long wrong = 0;
	int status, i;
	pid_t pid;

	if (argc != 4) {
		fprintf(stderr, "usage: see the source\n");
		return 2;
	}
	table = mmap(NULL, 4096, PROT_READ, MAP_SHARED,
		     open_file(argv[1], "resource1"), 0);
	if (table == MAP_FAILED)
		die("mmap");
	if (table[VECTOR_CTRL] != VECTOR_CTRL_MASKED) {
		fprintf(stderr, "no MSI-X table, or it is in use\n");
		return 2;
	}
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		flip(argv[2], strtoul(argv[3], NULL, 0));
	pin(1);
	while (!waitpid(pid, &status, WNOHANG)) {
		for (i = 0; i < 1000; i++)
			wrong += table[VECTOR_CTRL] != VECTOR_CTRL_MASKED;
	}
	printf("%lu\n", wrong);
	return status != 0;
}
