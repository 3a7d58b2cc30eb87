#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The generation is another one at each look, and forks never end. The modules are loaded
# and unloaded amid them, in each order; and the guest does not spin.
# Usage: commonhv-generation-storm.sh CYCLES

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/vmgenid.sh

changes_exceed()
{
	[ "$(attr generation changes)" -gt "$1" ] 2>/dev/null
}

# A reader, for which the module looks as well.
reader()
{
	while :; do
		echo commonhv >/sys/class/misc/hw_random/rng_current
		dd if=/dev/hwrng bs=64 count=4 of=/dev/null
		cat $BUS/generation/changes $BUS/generation/source
	done >/dev/null 2>&1
}

vmctl set x-commonhv-generation-mode changing

# One fork at the start. The rounds that follow forks are no reason to look.
ok load-slow load generation_ms=3600000
ok first-look wait_for 20 changes_exceed 0
sleep 3
expect_at_most forks-are-not-their-own-reason 2 "$(attr generation changes)"
ok unload-slow unload

reader &
reader=$!
cycle=0
failed=
while [ $cycle -lt "$1" ]; do
	cycle=$((cycle + 1))
	case $((cycle % 4)) in
	0)	load generation_ms=1 && load_vmgenid && rmmod commonhv && rmmod vmgenid-ext ;;
	1)	load_vmgenid && load generation_ms=1 && wait_for 20 changes_exceed 3 &&
			rmmod commonhv && rmmod vmgenid-ext ;;
	2)	load generation_ms=1 && wait_for 20 changes_exceed 3 && load_vmgenid &&
			wait_for 20 changes_exceed 9 && rmmod commonhv && rmmod vmgenid-ext ;;
	3)	load generation_ms=1 && rmmod commonhv ;;
	esac || failed="$failed $cycle"
done
expect all-cycles '' "$failed"

# Freezing waits for looks that run, and they go on afterwards.
if [ -e /sys/power/pm_test ]; then
	load_vmgenid
	load generation_ms=1
	echo 0 2>/dev/null >/sys/module/suspend/parameters/pm_test_delay
	echo freezer >/sys/power/pm_test
	sleeps=0
	failed=
	while [ $sleeps -lt 5 ]; do
		sleeps=$((sleeps + 1))
		echo freeze >/sys/power/state || failed="$failed $sleeps"
		wait_for 20 changes_exceed $(($(attr generation changes) + 3)) ||
			failed="$failed $sleeps"
	done
	echo none >/sys/power/pm_test
	expect all-sleeps '' "$failed"
	rmmod commonhv && rmmod vmgenid-ext
else
	skip all-sleeps 'this kernel has no test of suspending (CONFIG_PM_DEBUG)'
fi
kill $reader
wait $reader 2>/dev/null
expect nothing-left '' "$(ls -d /sys/module/commonhv /sys/module/vmgenid_ext /dev/sysgenid 2>/dev/null)"
