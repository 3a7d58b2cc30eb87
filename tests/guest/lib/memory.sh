# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# memory.sh - how much the kernel has in use. The script sets before=$(kernel_memory).

# In kB. Workers of the kernel's pools that were needed at the same time stay for five minutes.
# Each has a stack, in an area of vmalloc, and a task; that is no leak.
kernel_memory()
{
	memory_workers=$(cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^kworker')
	awk -v workers="$memory_workers" '
		/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 }
		END { print sum - 36 * workers }' /proc/meminfo
}

# Some is freed a while later, by RCU.
leaks_no_more_than()
{
	[ $(($(kernel_memory) - before)) -le "$1" ]
}
