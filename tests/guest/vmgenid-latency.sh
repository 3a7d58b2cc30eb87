#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# How long a fork takes to be told: by the kernel's own driver alone, up to its
# log line, and with vmgenid-ext, up to /dev/sysgenid. In turns, so that both
# meet the same load; in us of the guest.
# Usage: vmgenid-latency.sh FORKS

. /lib/guest.sh
. /lib/vmgenid.sh

ROUNDS=5

# percentile WHAT FILE PERCENT
percentile()
{
	awk -v what="$1" '$1 == what { print $2 }' "$2" | sort -n |
		awk -v percent="$3" '{ us[NR] = $1 }
			END { if (NR) print us[int((NR * percent + 99) / 100)] }'
}

# report NAME WHAT FILE
report()
{
	echo "$1: p50 $(percentile "$2" "$3" 50) us, p99 $(percentile "$2" "$3" 99) us"
}

measure()
{
	rm -f /tmp/alone /tmp/beside
	for _ in $(seq $ROUNDS); do
		/forks latency $(($1 / ROUNDS)) >>/tmp/alone
		load_vmgenid || exit 1
		/forks latency $(($1 / ROUNDS)) >>/tmp/beside
		rmmod vmgenid-ext
	done
	report 'the firmware and sysfs alone, without a notification' firmware /tmp/alone
	report 'the built-in driver alone, reseeded' builtin /tmp/alone
	report 'vmgenid-ext beside it, reseeded and about to publish' published /tmp/beside
	report 'the built-in driver after it, reseeded again' builtin /tmp/beside
	expect measured "$1 $1" "$(grep -c builtin /tmp/alone) $(grep -c published /tmp/beside)"
	limit=$(($(percentile builtin /tmp/alone 50) * 3 / 2))
	took=$(percentile published /tmp/beside 50)
}

# A host that is busy with other things can make it take longer, and never less.
for _ in 1 2 3; do
	measure "$1"
	[ "$took" -gt "$limit" ] || break
done
expect_at_most half-as-long-again-at-most "$limit" "$took"
