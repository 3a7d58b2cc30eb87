# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# memory.sh - how much the kernel has in use. The script sets before=$(kernel_memory).

# In kB. Workers of the kernel's pools that were needed at the same time stay for five minutes.
# That is no leak. Each has 16 kB of stack, in an area of vmalloc, and some 16 of slab: in 6.12
# a task_struct of 8448 bytes, three to a slab of 32 kB, and the structures that belong to it.
kernel_memory()
{
	memory_workers=$(cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^kworker')
	awk -v workers="$memory_workers" '
		/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 }
		END { print sum - 32 * workers }' /proc/meminfo
}

# Some is freed a while later, by RCU.
leaks_no_more_than()
{
	[ $(($(kernel_memory) - before)) -le "$1" ]
}
