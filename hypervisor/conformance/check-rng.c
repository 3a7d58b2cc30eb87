// SPDX-License-Identifier: GPL-2.0
/* The RNG MSR, on the first vCPU. */
#include "run.h"
#include "statistics.h"

#define NR_FIRST	4	/* values that even a small pool has: the review of draft 1 */
#define NR_MORE_FIRST	64	/* for firmware, boot loader, kernel and a kexec: draft 3 */

static uint64_t scratch[NR_VALUES];

static void read_values(struct run *run)
{
	uint32_t i;

	for (i = 0; i < NR_VALUES; i++) {
		uint64_t value = 0;
		int vector = msr_read(run->view.msr, &value);

		if (vector) {
			run->read_vector = vector;
			run->read_faults++;
			continue;
		}
		run->values[run->nr_values++] = value;
		run->nr_zeros += !value;
	}
}

enum outcome check_read(struct run *run)
{
	if (!run->view.rng)
		return skipped("there is no RNG");
	read_values(run);
	if (!run->read_faults)
		return PASS;
	return failed("%u of %u reads raised exceptions, the last one %s", run->read_faults,
		      NR_VALUES, vector_name(run->read_vector));
}

static enum outcome need_values(struct run *run)
{
	if (!run->view.rng)
		return skipped("there is no RNG");
	return run->nr_values == NR_VALUES ? PASS : skipped("RDMSR raises exceptions");
}

/* Values other than zero, in order, into @scratch. */
static uint32_t copy_nonzero(const struct run *run)
{
	uint32_t i, nr = 0;

	for (i = 0; i < run->nr_values; i++)
		if (run->values[i])
			scratch[nr++] = run->values[i];
	return nr;
}

static enum outcome check_begin(struct run *run, uint32_t nr)
{
	uint32_t i;

	if (need_values(run) != PASS)
		return SKIP;
	for (i = 0; i < nr; i++)
		if (!run->values[i])
			return failed("value %u is zero", i + 1);
	return PASS;
}

enum outcome check_first_values(struct run *run)
{
	return check_begin(run, NR_FIRST);
}

enum outcome check_more_first_values(struct run *run)
{
	return check_begin(run, NR_MORE_FIRST);
}

/* In draft 3 only a value that is not zero counts. */
static bool zeros_count(const struct run *run)
{
	return run->view.draft < 3 && run->nr_zeros;
}

/* A zero is allowed, and is what a hypervisor returns that has no more. */
enum outcome check_different_values(struct run *run)
{
	uint32_t nr;

	if (need_values(run) != PASS)
		return SKIP;
	nr = copy_nonzero(run);
	run->nr_repeats = sort_and_count_repeats(scratch, nr);
	if (!run->nr_repeats && !zeros_count(run))
		return PASS;
	return failed("of %u values, %u are zero, and %u others were there before", NR_VALUES,
		      run->nr_zeros, run->nr_repeats);
}

/* Most of the values are one constant that is not zero: it stands for "none". */
enum outcome check_placeholder(struct run *run)
{
	uint32_t i, nr, same = 0;

	if (need_values(run) != PASS)
		return SKIP;
	nr = copy_nonzero(run);
	sort_and_count_repeats(scratch, nr);
	for (i = 1; i < nr; i++) {
		same = scratch[i] == scratch[i - 1] ? same + 1 : 0;
		if (same >= NR_VALUES / 2)
			return failed("%Q is there again and again", scratch[i]);
	}
	return PASS;
}

static enum outcome check_bias(struct run *run, enum bits which, const char *what)
{
	struct bias bias;
	uint32_t nr;

	if (need_values(run) != PASS)
		return SKIP;
	nr = copy_nonzero(run);
	if (nr < STATISTICS_MIN)
		return skipped("%u values are not zero; statistics need %u", nr, STATISTICS_MIN);
	bias = find_bias(scratch, nr, which);
	if (bias.bit < 0)
		return PASS;
	return failed("bit %u %s in %u of %u cases", bias.bit, what, bias.ones, bias.total);
}

enum outcome check_bits(struct run *run)
{
	return check_bias(run, BITS_VALUE, "is 1");
}

enum outcome check_changes(struct run *run)
{
	return check_bias(run, BITS_CHANGE, "changes");
}

enum outcome check_halves(struct run *run)
{
	return check_bias(run, BITS_HALVES, "differs between EAX and EDX");
}

/* Each value twice: a generator that takes it for its seed then repeats itself. */
static void write_values(struct run *run)
{
	static const uint64_t patterns[] = {
		0, UINT64_MAX, 1, 0x8000000000000000, 0x5555555555555555, 0xaaaaaaaaaaaaaaaa,
		0x0123456789abcdef,
	};
	uint32_t i, j;

	for (i = 0; i < NR_WRITES; i++) {
		uint64_t value = i / 2 < ARRAY_SIZE(patterns) ? patterns[i / 2] : run->values[0];
		int vector = msr_write(run->view.msr, value, value >> 32);

		run->written[i] = value;
		if (vector) {
			run->write_vector = vector;
			run->write_faults++;
		}
		for (j = 0; j < NR_AFTER; j++)
			if (!msr_read(run->view.msr, &value))
				run->after[run->nr_after++] = value;
	}
}

enum outcome check_write(struct run *run)
{
	if (!run->view.rng)
		return skipped("there is no RNG");
	if (!run->view.rng_input)
		return skipped("the RNG takes no input, so nothing is written");
	write_values(run);
	if (!run->write_faults)
		return PASS;
	return failed("%u of %u writes raised exceptions, the last one %s", run->write_faults,
		      NR_WRITES, vector_name(run->write_vector));
}

/* Whether the values repeat anyway is CHV-5.3. */
enum outcome check_after_write(struct run *run)
{
	uint32_t i, j, nr = copy_nonzero(run);

	if (!run->view.rng_input || run->write_faults == NR_WRITES)
		return skipped("nothing was written");
	if (need_values(run) != PASS)
		return SKIP;
	if (run->nr_repeats || run->nr_zeros)
		return skipped("without a write, too, values are zero or repeated");
	if (run->nr_after != NR_WRITES * NR_AFTER)
		return failed("after writes, %u of %u reads raised exceptions",
			      NR_WRITES * NR_AFTER - run->nr_after, NR_WRITES * NR_AFTER);
	for (i = 0; i < run->nr_after; i++) {
		uint64_t value = run->after[i];

		for (j = 0; j < NR_WRITES; j++)
			if (value == run->written[j])
				return failed("the written value %Q was read", value);
		for (j = 0; j < nr + i; j++)
			if (value == (j < nr ? run->values[j] : run->after[j - nr]))
				return failed("the value %Q was read before", value);
	}
	return PASS;
}

/* Draft 3 recommends #GP, and allows nothing else to happen. */
enum outcome check_refused_write(struct run *run)
{
	if (!run->view.rng)
		return skipped("there is no RNG");
	if (run->view.rng_input)
		return skipped("the RNG takes input");
	if (msr_write(run->view.msr, 1, 0) == 13)
		return PASS;
	return failed("WRMSR of %X raises no #GP", run->view.msr);
}
