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
#include <fnmatch.h>
#include <glob.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
static long read_file(int dir, const char *path, char *text, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
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

	snprintf(name, sizeof(name), "%.15s=%.47s", file, word);
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
		trouble("%s/%s has %ld bytes, and is no line", path, file, len);
	if (!strcmp(file, "buffered_bytes") && strtoul(text, NULL, 10) > MAX_BUFFERED)
		trouble("%s/%s: %s", path, file, text);
	for (int i = 0; state_files[i]; i++)
		if (!strcmp(file, state_files[i]))
			for (word = strtok_r(text, " \n", &rest); word;
			     word = strtok_r(NULL, " \n", &rest))
				count_seen(file, word);
}

/* A device may go while it is looked at; some files are not for reading. */
static void look_at_file(int dir, const char *path, const char *file)
{
	static char text[8192];
	long len = read_file(dir, file, text, sizeof(text));

	if (len >= 0)
		look_at_text(path, file, text, len);
	else if (errno != ENOENT && errno != ENODEV && errno != EIO && errno != EACCES)
		trouble("%s/%s: %s", path, file, strerror(errno));
}

/*
 * By the directory, as the debug kernel takes a millisecond for each component of each
 * path.
 */
static void look_at_dir(const char *path, const char *pattern)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_REG && !fnmatch(pattern, entry->d_name, 0))
			look_at_file(dirfd(dir), path, entry->d_name);
	closedir(dir);
}

static void look_at_dirs(const char *paths, const char *pattern)
{
	glob_t found;

	if (!glob(paths, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			look_at_dir(found.gl_pathv[i], pattern);
	globfree(&found);
}

static void count_interfaces(void)
{
	DIR *dir = opendir("/sys/bus/commonhv/devices");
	struct dirent *entry;
	unsigned int nr = 0;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		nr += !strncmp(entry->d_name, "interface", strlen("interface"));
	closedir(dir);
	if (nr > MAX_INTERFACES)
		trouble("%u interfaces", nr);
}

/* Reads all files of all devices of the modules. */
static void look_at_sysfs(void)
{
	char path[] = "/sys/bus/commonhv/devices/interfaceN";

	count_interfaces();
	look_at_dir("/sys/bus/commonhv/devices/commonhv", "*");
	look_at_dir("/sys/bus/commonhv/devices/rng", "*");
	look_at_dir("/sys/bus/commonhv/devices/generation", "*");
	/* All would take most of the time. */
	for (int i = 0; i < 4; i++) {
		path[strlen(path) - 1] = '0' + i;
		look_at_dir(path, "*");
	}
	look_at_dir("/sys/bus/platform/devices/vmgenid-ext", "[!um]*");
	look_at_dirs("/sys/bus/virtio/drivers/virtio_rng_ext/virtio*", "[a-z]*_bytes");
	look_at_dirs("/sys/bus/virtio/drivers/virtio_rng_ext/virtio*", "[hrzo]*");
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
