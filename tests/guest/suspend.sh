#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Suspend to RAM and back, with no module of ours: can the emulator do it?
# Usage: suspend.sh TIMES

. /lib/guest.sh

online()
{
	cat /sys/devices/system/cpu/online
}

processors=$(online)
i=0
# shellcheck disable=SC3044 # that of guest.sh
while [ $i -lt "$1" ] && suspend && [ "$(online)" = "$processors" ]; do
	i=$((i + 1))
	[ $((i % 50)) != 0 ] || echo "$i suspends"
done
expect suspends "$1 $processors" "$i $(online)"
