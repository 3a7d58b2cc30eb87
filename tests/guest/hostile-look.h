/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hostile-look.h - part of hostile.c: what user space sees of the modules, and what holds
 * whatever the host says.
 */
#ifndef HOSTILE_LOOK_H
#define HOSTILE_LOOK_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What fails is said once, with the number of the case, and ends the program. */
static void trouble(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#define MAX_SEEN	128
#define MAX_INTERFACES	256
#define MAX_BUFFERED	(2 * 65536 + 64)

/* "draft=2", "violations=max_leaf", ... */
static struct {
	char name[64];
	unsigned int count;
} seen[MAX_SEEN];

static const char * const state_files[] = {
	"draft", "violations", "state", "source", "vmclock_state", "health", "sources", NULL
};

/* Reads the first @size - 1 bytes; returns the length, or -1. */
static long read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long len = -1;

	if (fd >= 0) {
		len = read(fd, text, size - 1);
		text[len < 0 ? 0 : len] = '\0';
		close(fd);
	}
	return len;
}

static void count_seen(const char *file, const char *word)
{
	char name[64];
	int i;

	snprintf(name, sizeof(name), "%s=%s", file, word);
	for (i = 0; i < MAX_SEEN && seen[i].count; i++)
		if (!strcmp(seen[i].name, name))
			break;
	if (i == MAX_SEEN)
		trouble("more than %d states", MAX_SEEN);
	strcpy(seen[i].name, name);
	seen[i].count++;
}

static void print_seen(void)
{
	for (int i = 0; i < MAX_SEEN && seen[i].count; i++)
		printf("seen %s %u\n", seen[i].name, seen[i].count);
}

static void look_at_text(const char *path, const char *file, char *text, long len)
{
	char *word, *rest;

	if (!len || text[len - 1] != '\n' || strlen(text) != (size_t)len)
		trouble("%s has %ld bytes, and is no line", path, len);
	if (!strcmp(file, "buffered_bytes") && strtoul(text, NULL, 10) > MAX_BUFFERED)
		trouble("%s: %s", path, text);
	for (int i = 0; state_files[i]; i++)
		if (!strcmp(file, state_files[i]))
			for (word = strtok_r(text, " \n", &rest); word;
			     word = strtok_r(NULL, " \n", &rest))
				count_seen(file, word);
}

/* A device may go while it is looked at. */
static void look_at_file(const char *path)
{
	static char text[8192];
	struct stat st;
	long len;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & 0444))
		return;
	len = read_file(path, text, sizeof(text));
	if (len < 0) {
		if (errno != ENOENT && errno != ENODEV && errno != EIO)
			trouble("%s: %s", path, strerror(errno));
	} else {
		look_at_text(path, strrchr(path, '/') + 1, text, len);
	}
}

static void look_at_all(const char *pattern)
{
	glob_t found;

	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			look_at_file(found.gl_pathv[i]);
	globfree(&found);
}

/* Reads all files of all devices of the modules. */
static void look_at_sysfs(void)
{
	glob_t found;

	if (!glob("/sys/bus/commonhv/devices/interface*", 0, NULL, &found) &&
	    found.gl_pathc > MAX_INTERFACES)
		trouble("%zu interfaces", found.gl_pathc);
	globfree(&found);
	look_at_all("/sys/bus/commonhv/devices/commonhv/*");
	look_at_all("/sys/bus/commonhv/devices/rng/*");
	look_at_all("/sys/bus/commonhv/devices/generation/*");
	/* All would take most of the time. */
	look_at_all("/sys/bus/commonhv/devices/interface[0-3]/*");
	look_at_all("/sys/bus/platform/devices/vmgenid-ext/[!um]*");
	look_at_all("/sys/bus/virtio/drivers/virtio_rng_ext/virtio*/[a-z]*_bytes");
	look_at_all("/sys/bus/virtio/drivers/virtio_rng_ext/virtio*/[hrzo]*");
}

/* The generation is in a page; VMClock's page is the host's, with anything in it. */
static void look_at_node(const char *path)
{
	volatile uint32_t *page;
	struct pollfd poller = { .events = POLLIN };
	char bytes[64];
	uint32_t sum = 0;

	poller.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (poller.fd < 0)
		return;
	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, poller.fd, 0);
	if (page != MAP_FAILED) {
		for (int i = 0; i < 32; i++)
			sum += page[i];
		munmap((void *)page, 4096);
	}
	if (read(poller.fd, bytes, sizeof(bytes)) > (long)sizeof(bytes))
		trouble("%s gives too much (%u)", path, sum);
	poll(&poller, 1, 0);
	close(poller.fd);
}

static void look_at_nodes(void)
{
	look_at_node("/dev/sysgenid");
	look_at_node("/dev/vmclock0");
}

#endif
