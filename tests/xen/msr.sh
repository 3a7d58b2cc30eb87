# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# msr.sh - the RNG MSR, by the kernel's msr driver; in dom0 and in other Linux domains.

MSR=$((0x4f000000))

# It warns of each write, unless told not to.
msr_driver()
{
	insmod /modules/msr.ko allow_writes=on
}

# values NUMBER [CPU]: reads so many, and prints a line each. Fails if a read does.
values()
{
	values_file=/tmp/values${2-0}
	dd if="/dev/cpu/${2-0}/msr" of="$values_file" bs=8 count="$1" skip=$((MSR / 8)) \
		2>/dev/null || return
	od -An -v -tx8 -w8 "$values_file" | tr -d ' '
}

# offer: WRMSR.
offer()
{
	printf 12345678 | dd of=/dev/cpu/0/msr bs=8 seek=$((MSR / 8))
}

# new_values <LINES: how many of them are values, and no value twice.
new_values()
{
	grep -v '^0*$' | sort | uniq -u | wc -l
}

# mixed_values: what the witness saw commonhv.ko mix, a line each.
mixed_values()
{
	sed -n '/comm="commonhv"/s/.* mix: .*words={\([^}]*\)}.*/\1/p' "$TRACING/trace" |
		tr ',' '\n' | while read -r word; do
			printf '%016x\n' "$word"
		done
}
