// SPDX-License-Identifier: GPL-2.0
/*
 * examples/fork/never-twice.c on made-up words: which generation has to be there when it
 * returns? Whenever it would sleep, the next step of the row happens.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static void sleep_a_while(unsigned int us);

#define usleep sleep_a_while
#define main never_twice_main
#include "../examples/fork/never-twice.c"
#undef main

/* A program that sleeps as often as this waits for ever. */
#define FOR_EVER	1000000

struct step {
	uint64_t counter;
	uint32_t generation;
};

/* The first step is what the call finds; the program has seen 0 and 0. */
static const struct row {
	const char *name;
	struct step steps[4];
	int nr_steps;
	int is_clone;
	uint32_t generation;
} rows[] = {
	{ "no fork", { { 0, 0 } }, 1, 0, 0 },
	{ "no fork, and a generation that was triggered", { { 0, 1 } }, 1, 0, 1 },
	{ "a fork that is published later", { { 1, 0 }, { 1, 0 }, { 1, 1 } }, 3, 1, 1 },
	{ "a fork that was published before", { { 1, 1 } }, 1, 1, 1 },
	{ "two forks with one generation", { { 1, 0 }, { 2, 0 }, { 2, 1 } }, 3, 1, 1 },
	{ "two forks with two generations", { { 1, 0 }, { 1, 0 }, { 2, 1 }, { 2, 2 } }, 4, 1, 2 },
	{ "a fork after one that was published before", { { 2, 1 }, { 2, 1 }, { 2, 2 } }, 3, 1, 2 },
};

static unsigned char vmclock[PAGE] __attribute__((aligned(8)));
static uint32_t generation;
static const struct row *row;
static int next;
static unsigned long sleeps;

static void step(void)
{
	uint64_t counter;

	if (next == row->nr_steps)
		return;
	counter = htole64(row->steps[next].counter);
	memcpy(vmclock + VMCLOCK_COUNTER_AT, &counter, sizeof(counter));
	generation = row->steps[next++].generation;
}

static void sleep_a_while(unsigned int us)
{
	(void)us;
	if (++sleeps == FOR_EVER) {
		printf("%s: waits for ever\n", row->name);
		exit(1);
	}
	step();
}

static bool passes(void)
{
	struct never_twice nt = { .vmclock = vmclock, .generation = &generation };

	next = 0;
	sleeps = 0;
	step();
	return never_twice_is_clone(&nt) == row->is_clone && generation == row->generation &&
	       !never_twice_is_clone(&nt);
}

/* Prints the names of the rows, or runs the one that is named. */
int main(int argc, char **argv)
{
	for (row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++) {
		if (argc < 2)
			puts(row->name);
		else if (!strcmp(argv[1], row->name))
			return !passes();
	}
	return argc > 1;
}
