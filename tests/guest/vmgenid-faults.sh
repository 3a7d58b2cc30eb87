#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation on the way to a load, an open file, a mapping, a generation, a fork and a
# resume fails once: there is an error or there is none, nothing is left, and the next try
# works.

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/faults.sh

is_unloaded()
{
	for left in /sys/module/vmgenid_ext /dev/sysgenid /dev/vmclock0 "$DEVICE" \
		/sys/bus/platform/drivers/vmgenid-ext /sys/class/misc/sysgenid \
		/sys/class/misc/vmclock0; do
		[ ! -e "$left" ] || { echo "$left is left"; return 1; }
	done
}

# It is all there, and a generation begins.
works()
{
	before=$(vmgenid generation)
	[ "$(/faults 0 trigger /dev/sysgenid)" = 'no 0' ] &&
		[ "$(vmgenid generation)" = $((before + 1)) ] &&
		[ "$(/faults 0 map /dev/sysgenid)" = 'no 0' ] && return
	echo "does not work"
	return 1
}

unloads()
{
	rmmod vmgenid-ext && is_unloaded
}

load_again()
{
	is_unloaded && load_vmgenid && works && vmclock_works && unloads
}

vmclock_works()
{
	[ "$(/faults 0 map /dev/vmclock0)" = 'no 0' ] || { echo "no vmclock0"; return 1; }
}

do_load()
{
	fault_answer=$(/faults "$1" load /modules/vmgenid-ext.ko)
}

check_load()
{
	case $1 in
	0) works && unloads && load_again ;;
	-12) load_again ;;
	-22) # platform_device_add() passes over a name that it could not allocate.
		case $fault_where in
		vmgenid_init+*) load_again ;;
		*) echo "an error that says nothing"; return 1 ;;
		esac ;;
	*) # platform_create_bundle() has one error for all; the log has the reason.
		fault_said 'vmgenid.*-12' || fault_said 'vmgenid.*failed' ||
			fault_said 'unusable:' || fault_said 'refused:' ||
			fault_said 'no way to reseed' ||
			{ echo "no reason is given"; return 1; }
		load_again ;;
	esac
}

do_open()
{
	fault_answer=$(/faults "$1" open /dev/sysgenid)
}

do_open_vmclock()
{
	fault_answer=$(/faults "$1" open /dev/vmclock0)
}

do_map_vmclock()
{
	fault_answer=$(/faults "$1" map /dev/vmclock0)
}

check_call()
{
	case $1 in
	0 | -12) works && vmclock_works ;;
	*) echo "an error that says nothing"; return 1 ;;
	esac
}

# mmap(2) has EAGAIN for memory that cannot be mapped, as other drivers.
check_map()
{
	[ "$1" = -11 ] || { check_call "$1"; return; }
	works && vmclock_works
}

# A subscriber that is not taken.
do_subscribe()
{
	fault_answer=$(/faults "$1" load /modules/commonhv.ko interval_s=0)
}

check_subscribe()
{
	rmmod commonhv && [ "$(cat /sys/module/vmgenid_ext/refcnt)" = 0 ] && works
}

do_trigger()
{
	wanted=$(($(vmgenid generation) + 1))
	fault_answer=$(/faults "$1" trigger /dev/sysgenid)
}

# A fork that user space is not told of would be one too many.
check_trigger()
{
	[ "$1" = 0 ] && [ "$(vmgenid generation)" = "$wanted" ] &&
		[ "$(vmgenid reseed_failures)" = 0 ]
}

do_fork()
{
	wanted=$(($(vmgenid generation) + 1))
	fault_arm_workers "$1"
	cat "$FORK" >/dev/null
	wait_for 20 vmgenid_is generation $wanted
	fault_workers_hit
	fault_answer="$fault_hit 0"
}

do_resume()
{
	wanted=$(($(vmgenid generation) + 1))
	cat "$CHANGE_ID" >/dev/null
	vmctl on SUSPEND '{"execute":"system_wakeup"}'
	fault_answer=$(/faults "$1" write /sys/power/state mem)
}

FAULT_MODULE=vmgenid_ext
faults_setup "$1"
# The interpreter of ACPICA: acpi_ut_copy_iobject_to_iobject() of 6.12 dereferences NULL.
fault_reject acpi_ps_
# All in the task that asks for it.
echo 0 >/sys/power/pm_async
fault_loads /modules/vmgenid-ext.ko
ok load-at-last load_vmgenid
fault_series open do_open check_call
fault_series open-vmclock do_open_vmclock check_call
# Nothing is allocated that the module asks for.
fault_calls map-vmclock-calls vmgenid_ext /modules/vmgenid-ext.ko do_map_vmclock check_map \
	remap_pfn_range
fault_calls subscribe-calls vmgenid_ext /modules/vmgenid-ext.ko do_subscribe check_subscribe \
	blocking_notifier_chain_register
fault_series trigger do_trigger check_trigger
fault_series fork do_fork check_trigger
fault_series resume do_resume check_trigger
ok unload-at-last unloads
faults_end
