// SPDX-License-Identifier: GPL-2.0
/*
 * Runs inputs that are there, without a fuzzer: replay TARGET FILE...
 *
 * All targets are linked into one program, which any compiler can build. It exits with 0
 * if all inputs ran, and otherwise names the one that did not.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

/* Of an input that takes milliseconds. */
#define REPLAY_HANGS_AFTER	120	/* s */
#define REPLAY_LEN_MAX		0x100000

static const char *replay_file;

/* The sanitizers end in abort(), as a check does. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

static void replay_died(int nr)
{
	if (nr == SIGALRM)
		fprintf(stderr, "hangs\n");
	fprintf(stderr, "input: %s\n", replay_file);
	_exit(1);
}

static void replay_run(const struct fuzz_target *target, const char *path)
{
	FILE *file = fopen(path, "rb");
	u8 *all, *data;
	size_t len;

	if (!file) {
		perror(path);
		exit(2);
	}
	all = malloc(REPLAY_LEN_MAX);
	len = fread(all, 1, REPLAY_LEN_MAX, file);
	fclose(file);
	/* No longer than the input: to read on is found. */
	data = malloc(len ?: 1);
	memcpy(data, all, len);
	free(all);
	replay_file = path;
	alarm(REPLAY_HANGS_AFTER);
	target->run(&(struct fuzz_input){ data, len });
	alarm(0);
	free(data);
}

int main(int argc, char **argv)
{
	const struct fuzz_target *target = fuzz_targets;
	int i;

	while (target && (argc < 3 || strcmp(target->name, argv[1])))
		target = target->next;
	if (!target) {
		fprintf(stderr, "usage: replay TARGET FILE...\n");
		return 2;
	}
	signal(SIGABRT, replay_died);
	signal(SIGALRM, replay_died);
	for (i = 2; i < argc; i++)
		replay_run(target, argv[i]);
	printf("%d inputs\n", argc - 2);
	return 0;
}
