#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The device is unplugged and plugged again below two readers, with answers on
# their way or with a reader that waits for a silent host.
# Usage: virtio-rng-hotplug.sh TIMES

. /lib/guest.sh
. /lib/virtio-rng.sh

# plug [MORE-ARGUMENTS]
plug()
{
	vmctl qmp '{"execute":"device_add","arguments":{
		"driver":"virtio-rng-pci","id":"rng0","bus":"'"$BUS"'"'"${1-}"'}}' >/dev/null
}

unplug()
{
	vmctl qmp '{"execute":"device_del","arguments":{"id":"rng0"}}' >/dev/null
}

has_device()
{
	[ "$(devices)" ]
}

has_none()
{
	[ ! "$(devices)" ]
}

# QEMU has let go of the id only when the guest has ejected the slot.
replug()
{
	unplug && wait_for 30 has_none && wait_for 30 plug &&
		wait_for 30 has_device
}

# From a host that has nothing, with readers there already when it comes: they
# wait while the driver is still about to register.
replug_starved()
{
	unplug && wait_for 30 has_none &&
		wait_for 30 plug ',"max-bytes":1,"period":3600000' &&
		wait_for 30 has_device
}

# repeat NAME TIMES CMD...
repeat()
{
	repeat_name=$1
	repeat_left=$2
	shift 2
	while [ "$repeat_left" -gt 0 ]; do
		if ! repeat_why=$("$@" 2>&1); then
			fail "$repeat_name" "$repeat_left left: $repeat_why"
			return
		fi
		repeat_left=$((repeat_left - 1))
	done
	pass "$repeat_name"
}

silent_reader_wakes()
{
	misbehave silent
	dd if=/dev/hwrng of=/dev/null bs=64k count=16 2>/dev/null &
	sleep 1
	unplug
	wait_for 30 is_gone $! || return
	wait_for 30 has_none && wait_for 30 plug && wait_for 30 has_device
}

times=$1
BUS=pci.0
load_bus
ok load load
readers 2
repeat below-readers "$times" replug
repeat starved $((times / 2)) replug_starved
ok fed-again replug
stop_readers
repeat silent 3 silent_reader_wakes
expect reads-at-last 65536 "$(take 65536)"
expect is-quiet '' "$(said)"
ok unload unload
