#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# From the notification to a reseeded RNG: the kernel's own driver alone, up to
# its log line, and vmgenid-ext beside it, up to /dev/sysgenid; in us of the guest.
# Usage: vmgenid-latency.sh FORKS

. /lib/guest.sh
. /lib/vmgenid.sh

# measured WHAT: the median of it, in the last measurement.
measured()
{
	awk -v what="$1" '$1 == what { print $2 }' /tmp/latency
}

# measure NAME
measure()
{
	/forks latency "$forks" >/tmp/latency || vmctl fail "$1-measures" "$(cat /tmp/latency)"
	while read -r what p50 p99 worst; do
		echo "$1: $what: p50 $p50 us, p99 $p99 us, worst $worst us"
	done </tmp/latency
}

forks=$1
measure alone
alone=$(measured builtin)
insmod /modules/vmgenid-ext.ko || exit 1
measure beside
beside=$(measured published)
if [ "$alone" ]; then
	expect_at_most half-as-long-again-at-most $((alone * 3 / 2)) "$beside"
else
	vmctl skip half-as-long-again-at-most 'this kernel has no driver of its own'
fi
