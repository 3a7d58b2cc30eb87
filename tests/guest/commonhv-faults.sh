#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation on the way to a load and a fork fails once: there is an error or there is
# none, nothing is left, and the next try works. After a resume the thread does what it does
# after a fork.

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/faults.sh

is_unloaded()
{
	for left in /sys/module/commonhv /sys/bus/commonhv /sys/devices/commonhv; do
		[ ! -e "$left" ] || { echo "$left is left"; return 1; }
	done
	[ "$(hwrng_names)" = no ] || { echo "hw_random has it still"; return 1; }
}

works()
{
	[ "$(attr rng state)" = ok ] && [ "$(nr_interfaces)" = 3 ] &&
		[ "$(attr generation source)" = cpuid ] && return
	echo "does not work"
	return 1
}

# After a fault that was absorbed, something may be missing. It was said.
works_somehow()
{
	if [ "$(attr commonhv draft)" != 3 ] || [ "$(attr rng state)" != ok ]; then
		echo "does not work"
		return 1
	fi
	[ "$(nr_interfaces)" = 3 ] || fault_said 'cannot show the interfaces'
}

unloads()
{
	unload && is_unloaded
}

load_again()
{
	# shellcheck disable=SC2119
	is_unloaded && load && works && unloads
}

do_load()
{
	fault_answer=$(/faults "$1" load /modules/commonhv.ko interval_s=0)
}

# The thread of the module reads the leaves and adds the devices before the load ends.
do_load_slab()
{
	# The count goes on from where it was: 1 + 2 + ... faults before this one.
	echo $((fault_count + $1)) >$FAULT/failslab/interval
	echo 1 >$FAULT/failslab/times
	echo 100 >$FAULT/failslab/probability
	fault_answer=$(/faults 0 load /modules/commonhv.ko interval_s=0)
	echo 0 >$FAULT/failslab/probability
	if [ "$(cat $FAULT/failslab/times)" = 0 ]; then
		fault_answer="yes ${fault_answer#* }"
		# An interval of 1 is not counted.
		[ $((fault_count + $1)) = 1 ] || fault_count=$((fault_count + $1))
	fi
}

check_load()
{
	case $1 in
	0) works_somehow && unloads && load_again ;;
	-12) load_again ;;
	*) echo "an error that says nothing"; return 1 ;;
	esac
}

# Beside vmgenid-ext, which has to be free again afterwards.
check_join()
{
	works_somehow && unloads || return
	[ "$(cat /sys/module/vmgenid_ext/refcnt)" = 0 ] || { echo "vmgenid-ext is held"; return 1; }
	load_again
}

# Another list and another generation: a fork, after which the thread shows the list anew.
do_fork()
{
	fault_list=$((1 - fault_list))
	[ $fault_list = 0 ] && fault_mode=ok || fault_mode=truncated
	wanted=$(($(attr generation changes) + 1))
	# It may be noticed at once, and arming takes its time.
	fault_arm_workers "$1"
	vmctl set x-commonhv-list "$fault_mode" x-commonhv-generation $((wanted + 1000))
	wait_for 20 attr_is generation changes "$wanted"
	wait_for 5 is_shown
	fault_workers_hit
	fault_answer="$fault_hit 0"
}

is_shown()
{
	[ "$(nr_interfaces)" = $((3 - fault_list * 2)) ]
}

# If the list could not be shown, the next fork shows it.
check_fork()
{
	if [ "$(attr generation changes)" != "$wanted" ] || [ "$(attr rng state)" != ok ]; then
		echo "a fork was lost"
		return 1
	fi
	is_shown || fault_said 'cannot show the interfaces'
}

FAULT_MODULE=commonhv
faults_setup "$1"
# It unregisters a lock's class that it has not registered yet, in 6.12.
fault_reject 'bus_register$'
echo 0 >/sys/power/pm_async
fault_count=0
fault_loads /modules/commonhv.ko
fault_series load-with-thread do_load_slab check_load
ok load-vmgenid insmod /modules/vmgenid-ext.ko
fault_calls join-calls commonhv /modules/commonhv.ko do_load check_join __symbol_get
# A vmgenid-ext that has neither of the functions to join by.
fault_later=yes
fault_calls join-none commonhv /modules/commonhv.ko do_load check_join __symbol_get
fault_later=
ok unload-vmgenid rmmod vmgenid-ext
ok load-at-last load
ok works-at-last works
fault_list=0
fault_series fork do_fork check_fork
ok unload-at-last unloads
# A device that is left is in the kernel's list of devices to suspend, so kmemleak does not report
# it. The suspend calls into it.
ok suspend-at-last suspend
faults_end
