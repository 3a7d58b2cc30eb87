#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The order: who spins on the generation and asks for a random number the moment
# it changes gets one that no other clone gets. One snapshot, restored time and
# again, each time as another machine.
# Usage: vmgenid-race.sh FORKS

. /lib/guest.sh
. /lib/vmgenid.sh

forks=$1
load_vmgenid || exit 1
/clones race /tmp/race &
wait_for 60 [ -e /tmp/race.ready ] || exit 1
nr=$(vmctl snapshot)
# The first run only shows that the snapshot is good; the clones are told apart.
[ "$nr" != 0 ] || vmctl rewind vmgenid=auto
wait
answer=$(vmctl collect /tmp/race.before)
known_before=${answer#* }
expect "fork-$nr-is-news" '0 0' "$(vmctl collect /tmp/race.after)"
[ "$nr" -ge "$forks" ] || vmctl rewind vmgenid=auto

# That there is something to see: who was quicker than the news repeated others.
echo "of $forks clones, $known_before gave a random number at their resume that another had given"
if [ "$known_before" -gt 0 ]; then
	pass before-the-news-numbers-repeat
else
	skip before-the-news-numbers-repeat 'no clone was quicker than the news'
fi
ok unload rmmod vmgenid-ext
