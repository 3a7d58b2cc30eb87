#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# From which instruction on does a clone know that it is one? By VMClock's counter from the
# first; by the generation of /dev/sysgenid when the notification has been handled. One
# snapshot, restored again and again, each time as another clone.
# Usage: vmgenid-first.sh FORKS

. /lib/guest.sh
. /lib/vmgenid.sh

forks=$1
ok load-vmclock load_vmclock
ok load load_vmgenid
/first /tmp/first >/tmp/seen &
wait_for 60 [ -e /tmp/first.ready ] || exit 1
nr=$(vmctl snapshot)
[ "$nr" != 0 ] || vmctl rewind vmgenid=auto
wait
read -r late id published </tmp/seen
echo "clone $nr: late $late, VM generation ID after $id us, published after $published us"
expect "clone-$nr-sees-it-at-once" 0 "$late"
[ "$nr" -ge "$forks" ] || vmctl rewind vmgenid=auto
ok unload rmmod vmgenid-ext
