#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation on the way to a load with a device, to a fork and to a resume fails once:
# there is an error or there is none, nothing is left, and the next try works.

. /lib/guest.sh
. /lib/virtio-rng.sh
. /lib/vmgenid.sh
. /lib/faults.sh

is_unloaded()
{
	for left in /sys/module/virtio_rng_ext $DRIVER; do
		[ ! -e "$left" ] || { echo "$left is left"; return 1; }
	done
	! grep -q virtio_rng_ext $HWRNG/rng_available || { echo "hw_random has it still"; return 1; }
}

works()
{
	[ "$(devices)" = "$device" ] && is_current && [ "$(take 256)" = 256 ] && return
	echo "does not work"
	return 1
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
	fault_answer=$(/faults "$1" load /modules/virtio-rng-ext.ko)
}

# The driver is there without the device if its probe failed, which is in the log.
check_load()
{
	case $1 in
	0)
		if [ "$(devices)" ]; then
			works || fault_said 'hwrng:' || return
		else
			fault_said 'virtio_rng_ext.*failed with error -12' ||
				fault_said 'virtio_rng_ext.*failed with error -28' ||
				fault_said 'driver_sysfs_add failed' ||
				fault_said 'device_add_groups() failed' ||
				{ unloads; echo "no reason is given"; return 1; }
			# A second probe trips over what the first one has left.
			echo "$device" >$DRIVER/bind && works || return
		fi
		unloads && load_again ;;
	-12) load_again ;;
	-22) # bus_add_driver() has this for a name or an attribute that it could not make.
		case $fault_where in
		vrng_main_init+*) load_again ;;
		*) echo "an error that says nothing"; return 1 ;;
		esac ;;
	*) unloads; echo "an error that says nothing"; return 1 ;;
	esac
}

check_no_queue()
{
	case $fault_answer in
	yes*) [ ! "$(devices)" ] || { echo "there is a queue all the same"; return 1; } ;;
	esac
	check_load "$1"
}

# Beside vmgenid-ext, which has to be free again afterwards.
check_join()
{
	works && unloads || return
	[ "$(cat /sys/module/vmgenid_ext/refcnt)" = 0 ] || { echo "vmgenid-ext is held"; return 1; }
	load_again
}

do_fork()
{
	wanted=$(($(vmgenid generation) + 1))
	dropped=$(attr fork_dropped_bytes)
	fault_arm_workers "$1"
	cat "$FORK" >/dev/null
	# That is published when all else is done.
	wait_for 20 vmgenid_is generation $wanted
	fault_workers_hit
	fault_answer="$fault_hit 0"
}

# The fork drops what the pool had. Readers still get bytes.
check_fork()
{
	[ "$(vmgenid generation)" = "$wanted" ] || { echo "a fork was lost"; return 1; }
	[ "$(attr fork_dropped_bytes)" -gt "$dropped" ] || { echo "nothing was dropped"; return 1; }
	works
}

do_resume()
{
	vmctl on SUSPEND '{"execute":"system_wakeup"}'
	fault_answer=$(/faults "$1" write /sys/power/state mem)
}

# A reader gets bytes, or an error: it does not wait for a device that is not there.
check_resume()
{
	if [ "$(timeout 60 dd if=/dev/hwrng bs=64 count=1 2>/dev/null | wc -c)" != 64 ]; then
		fault_said 'virtio.*-12' || fault_said 'virtio.*error' ||
			{ echo "no reason is given"; return 1; }
	fi
	# shellcheck disable=SC2119
	unloads && load && works
}

load_bus
# shellcheck disable=SC2119
load
device=$(devices)
unload
FAULT_MODULE=virtio_rng_ext
faults_setup "$1"
# In 6.12, unregister_irq_proc() warns of an entry that could not be made.
fault_reject 'register_irq_proc$'
echo 0 >/sys/power/pm_async
fault_loads /modules/virtio-rng-ext.ko
# The transport tries again with fewer interrupts, so a single fault costs no queue.
fault_later=yes
fault_calls load-queue virtio_pci /modules/virtio_pci.ko do_load check_no_queue \
	vring_create_virtqueue
fault_later=
ok load-vmgenid insmod /modules/vmgenid-ext.ko
fault_calls join-calls virtio_rng_ext /modules/virtio-rng-ext.ko do_load check_join __symbol_get
# A vmgenid-ext that has neither of the functions to join by.
fault_later=yes
fault_calls join-none virtio_rng_ext /modules/virtio-rng-ext.ko do_load check_join __symbol_get
fault_later=
ok load-for-forks load
fault_series fork do_fork check_fork
ok unload-after-forks unloads
ok unload-vmgenid rmmod vmgenid-ext
ok load-at-last load
fault_series resume do_resume check_resume
ok unload-at-last unloads
faults_end
