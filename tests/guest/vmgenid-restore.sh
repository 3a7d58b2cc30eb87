#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The same ID after a restore is no fork, another is, and one change is one fork.

. /lib/guest.sh
. /lib/vmgenid.sh

# It is published first.
logged()
{
	log_since | grep -q 'the machine was forked'
}

ok load load_vmgenid
hash=$(vmgenid id_hash)
ok restore-same vmctl restore
sleep 1
expect same-id-is-no-fork '0 0' "$(vmgenid generation) $(vmgenid forks)"
expect same-id-same-hash "$hash" "$(vmgenid id_hash)"
for i in 1 2 3; do
	log_mark
	ok restore-$i vmctl restore vmgenid=auto
	ok noticed-$i wait_for 20 vmgenid_is generation $i
	ok logged-$i wait_for 20 logged
	sleep 0.5
	expect counted-$i $i "$(vmgenid forks)"
done
expect_match hash-differs '????????????????' "$(vmgenid id_hash | grep -v "$hash")"
expect_match last-fork '[1-9]*' "$(vmgenid last_fork_boottime_ns)"
ok unload rmmod vmgenid-ext
# After another load the present ID is no fork.
ok load-again load_vmgenid
expect starts-from-0 '0 0' "$(vmgenid generation) $(vmgenid forks)"
