#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Bound and unbound, loaded and unloaded, chosen and not chosen, below readers.
# Usage: virtio-rng-bind.sh TIMES

. /lib/guest.sh
. /lib/virtio-rng.sh

rebind()
{
	echo "$device" >$DRIVER/unbind && [ ! "$(devices)" ] &&
		echo "$device" >$DRIVER/bind && [ "$(devices)" = "$device" ]
}

reload()
{
	# shellcheck disable=SC2119
	unload && load && [ "$(devices)" = "$device" ]
}

# In 6.1 there is no "none", and the RNG stays.
choose_none()
{
	echo none >$HWRNG/rng_current
	[ "$(cat $HWRNG/rng_current)" = none ] || is_current
	echo virtio_rng_ext.0 >$HWRNG/rng_current
	is_current
}

# repeat NAME TIMES CMD
repeat()
{
	repeat_i=0
	while [ $repeat_i -lt "$2" ]; do
		if ! repeat_why=$($3 2>&1); then
			fail "$1" "round $repeat_i: $repeat_why"
			return
		fi
		repeat_i=$((repeat_i + 1))
	done
	pass "$1"
}

read_attributes()
{
	while [ ! -e /tmp/stop ]; do
		cat /sys/bus/virtio/devices/*/* >/dev/null 2>&1
	done &
}

times=$1
load_bus
ok load load
device=$(devices)
readers 2
read_attributes
repeat bind "$times" rebind
repeat none "$times" choose_none
repeat unload $((times / 2)) reload
stop_readers
ok fills-up wait_for 20 is_at_least buffered_bytes 65536
expect reads-at-last 65536 "$(take 65536)"
expect is-quiet '' "$(said)"
ok unload-at-last unload
