#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# stress-ng on the nodes and on sysfs, for tests/stress-ng.
# Usage: stress-ng.sh SECONDS

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/virtio-rng.sh

SECONDS_EACH=$1

# stress USER NAME ARGUMENT...: its own lines are in the log.
stress()
{
	stress_name=$1-$2 stress_id=0
	[ "$1" = root ] || stress_id=65534
	shift 2
	ok "$stress_name" run-as --reuid $stress_id --regid $stress_id --clear-groups \
		stress-ng --temp-path /tmp --metrics-brief --timeout "$SECONDS_EACH" "$@"
	echo "$ok_text"
}

# stress_node USER NODE OPENED: 1 if this user may open it, 0 if not.
stress_node()
{
	stress "$1" "$2" --dev 2 --dev-file "/dev/$2"
	expect_match "$1-$2-opened" "* $3 of 1 devices opened and exercised*" "$ok_text"
}

chmod 1777 /tmp
load_bus
ok load-vmgenid load_vmgenid
ok load-virtio-rng load
ok load-commonhv insmod /modules/commonhv.ko
forks=$(vmgenid forks)
for user in user root; do
	# The other nodes are root's.
	[ $user = root ] && opened=1 || opened=0
	stress_node $user sysgenid 1
	stress_node $user vmclock0 "$opened"
	stress_node $user hwrng "$opened"
	stress $user sysfs --sysfs 2
	# Root may begin generations, and stress-ng does not know how.
	expect "$user-began-no-generation" "$forks" "$(vmgenid forks)"
done
ok unload-the-others sh -c 'rmmod commonhv && rmmod virtio_rng_ext'
ok nothing-keeps-vmgenid-ext wait_for 20 rmmod vmgenid-ext
