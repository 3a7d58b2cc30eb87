// SPDX-License-Identifier: GPL-2.0
/* The list of interfaces. */
#include "../../commonhv/abi.h"
#include "run.h"

#define NR_MAX 256	/* in draft 3 */
#define NR_BEHIND 16	/* subleaves looked at directly behind the list */

static bool has_list(const struct run *run)
{
	return view_has_leaf(&run->view, COMMONHV_CPUID_INTERFACES);
}

enum outcome check_no_empty_entry(struct run *run)
{
	const struct view *view = &run->view;
	uint32_t i, empty = 0, first = 0;

	if (!has_list(run))
		return skipped("there is no leaf 4F000001H");
	for (i = view->nr; i > 0; i--) {
		if (regs_are_zero(view->entries[i - 1])) {
			empty++;
			first = i;
		}
	}
	if (!empty)
		return PASS;
	if (empty == 1 && first == 1 && view->nr > 1)
		return failed("N is %u, and entry 1 is empty: 1 < i <= N, as draft 2 says, means 1 to N",
			      view->nr_claimed);
	return failed("N is %u, and %u entries are empty, the first is %u", view->nr_claimed,
		      empty, first);
}

static enum outcome check_subleaf_behind(uint32_t subleaf)
{
	struct regs regs = cpuid(COMMONHV_CPUID_INTERFACES, subleaf);

	if (regs_are_zero(regs))
		return PASS;
	return failed("ECX = %X returns %X %X %X %X", subleaf, regs.eax, regs.ebx, regs.ecx,
		      regs.edx);
}

enum outcome check_end_of_list(struct run *run)
{
	const struct view *view = &run->view;
	uint32_t last = view->first + view->nr_claimed - 1;
	uint32_t subleaf;
	int bit;

	if (!has_list(run))
		return skipped("there is no leaf 4F000001H");
	if (view->endless)
		return failed("%u entries, and no end", view->nr);
	if (view->nr_claimed == UINT32_MAX)
		return skipped("N is %u: there is no subleaf behind it", view->nr_claimed);
	/* Not beyond the last subleaf, and N = 0 of draft 1 has its end at 0. */
	for (subleaf = last + 1; subleaf - last <= NR_BEHIND && subleaf >= view->first; subleaf++)
		if (check_subleaf_behind(subleaf) != PASS)
			return FAIL;
	for (bit = 4; bit < 32; bit++)
		if (1u << bit > view->nr_claimed &&
		    check_subleaf_behind(1u << bit) != PASS)
			return FAIL;
	return check_subleaf_behind(UINT32_MAX);
}

enum outcome check_header(struct run *run)
{
	const struct regs *header = &run->view.list0;

	if (!has_list(run))
		return skipped("there is no leaf 4F000001H");
	if (signature_is_zero(*header))
		return PASS;
	return failed("they are %X %X %X", header->ebx, header->ecx, header->edx);
}

static bool is_location(uint32_t leaf)
{
	return leaf >= COMMONHV_CPUID_HV_FIRST && leaf <= COMMONHV_CPUID_HV_LAST;
}

/* judge: whether the entry is as it should be; an empty one is CHV-2.1's. */
static enum outcome check_entries(struct run *run, const char *what,
				  bool (*judge)(const struct regs *entry))
{
	const struct view *view = &run->view;
	uint32_t i, nr = 0;

	for (i = 0; i < view->nr; i++) {
		const struct regs *entry = &view->entries[i];

		if (regs_are_zero(*entry))
			continue;
		nr++;
		if (!judge(entry))
			return failed("entry %u, %R at %X: %s", i + 1, entry, entry->eax, what);
	}
	return nr ? PASS : skipped("the list is empty");
}

static bool has_signature(const struct regs *entry)
{
	return !signature_is_zero(*entry);
}

static bool has_location(const struct regs *entry)
{
	return is_location(entry->eax);
}

static bool has_own_block(const struct regs *entry)
{
	return !(entry->eax & 0xff) && entry->eax < COMMONHV_CPUID_BASE;
}

/* CPUID elsewhere belongs to the processor. */
static bool has_answer(const struct regs *entry)
{
	struct regs regs;

	if (!is_location(entry->eax))
		return true;
	regs = cpuid(entry->eax, 0);
	regs.eax = entry->eax;
	return regs_equal(regs, *entry);
}

enum outcome check_signatures(struct run *run)
{
	return check_entries(run, "no signature", has_signature);
}

enum outcome check_locations(struct run *run)
{
	return check_entries(run, "not a hypervisor's leaf", has_location);
}

enum outcome check_location_places(struct run *run)
{
	return check_entries(run, "no multiple of 100H below 4F000000H", has_own_block);
}

enum outcome check_number(struct run *run)
{
	if (run->view.nr_claimed <= NR_MAX)
		return PASS;
	return failed("N is %u", run->view.nr_claimed);
}

enum outcome check_answers(struct run *run)
{
	return check_entries(run, "CPUID there has another signature", has_answer);
}

enum outcome check_different_interfaces(struct run *run)
{
	const struct view *view = &run->view;
	uint32_t i, j;

	for (i = 1; i < view->nr; i++)
		for (j = 0; j < i; j++)
			if (view->entries[i].eax == view->entries[j].eax &&
			    !regs_are_zero(view->entries[i]))
				return failed("entries %u and %u are at %X", j + 1, i + 1,
					      view->entries[i].eax);
	return view->nr > 1 ? PASS : skipped("the list has less than two entries");
}
