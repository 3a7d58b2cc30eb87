#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Load and unload, again and again, also while other processes read all the time.
# Usage: commonhv-reload.sh TIMES

. /lib/guest.sh
. /lib/commonhv.sh

times=$1

# repeat NAME TIMES: the loads that worked; the first failure is the reason.
repeat()
{
	i=0
	while [ $i -lt "$2" ]; do
		# shellcheck disable=SC2119
		if ! why=$(load 2>&1 && [ "$(attr rng state)" = ok ] && unload 2>&1); then
			fail "$1" "round $i: $why"
			return
		fi
		i=$((i + 1))
	done
	pass "$1"
}

read_attributes()
{
	while [ ! -e /tmp/stop ]; do
		cat $BUS/*/* >/dev/null 2>&1
	done
}

read_hwrng()
{
	while [ ! -e /tmp/stop ]; do
		dd if=/dev/hwrng of=/dev/null bs=64 count=4 2>/dev/null
	done
}

repeat alone "$times"
read_attributes &
read_hwrng &
# The readers take most of the time: fewer of these.
repeat with-readers $((times / 3))
touch /tmp/stop
wait
expect nothing-left '' "$(ls -d /sys/module/commonhv /sys/bus/commonhv 2>/dev/null)"
expect hwrng-is-gone no "$(hwrng_names)"
