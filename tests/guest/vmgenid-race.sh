#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The order: a program that spins on the generation and draws a random number as soon
# as it changes gets one that no other clone gets. One snapshot, restored again and
# again, each time as another clone.
# Usage: vmgenid-race.sh FORKS

. /lib/guest.sh
. /lib/vmgenid.sh

forks=$1
load_vmgenid || exit 1
/clones race /tmp/race &
wait_for 60 [ -e /tmp/race.ready ] || exit 1
nr=$(vmctl snapshot)
# The first run only shows that the snapshot is good; only clones are compared.
[ "$nr" != 0 ] || vmctl rewind vmgenid=auto
wait
answer=$(vmctl collect /tmp/race.before)
known_before=${answer##* }
expect "fork-$nr-is-news" '0 0 0' "$(vmctl collect /tmp/race.after)"
[ "$nr" -ge "$forks" ] || vmctl rewind vmgenid=auto

# Shows that there is a window: a clone that drew before the publication repeats others.
echo "of $forks clones, $known_before gave a random number at their resume that another had given"
if [ "$known_before" -gt 0 ]; then
	pass before-the-news-numbers-repeat
else
	skip before-the-news-numbers-repeat 'no clone was quicker than the news'
fi
ok unload rmmod vmgenid-ext
