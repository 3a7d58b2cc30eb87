#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# stress-ng on the nodes and on sysfs, for tests/stress-ng.
# Usage: stress-ng.sh SECONDS

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/virtio-rng.sh

SECONDS_EACH=$1

# as USER COMMAND...: user or root.
as()
{
	as_id=0
	[ "$1" = root ] || as_id=65534
	shift
	run-as --reuid $as_id --regid $as_id --clear-groups "$@"
}

# stress USER NAME ARGUMENT...: its own lines are in the log.
stress()
{
	stress_user=$1 stress_name=$1-$2
	shift 2
	ok "$stress_name" as "$stress_user" stress-ng --temp-path /tmp --metrics-brief \
		--timeout "$SECONDS_EACH" "$@"
	echo "$ok_text"
}

# stress_node USER NODE
stress_node()
{
	stress "$1" "$2" --dev 2 --dev-file "/dev/$2"
	expect_match "$1-$2-opened" '* 1 of 1 devices opened and exercised*' "$ok_text"
}

# stress_closed USER NODE: one that this user may not open. On a busy machine stress-ng counts such a
# node as opened when its own trial takes too long. So the row tries the node itself.
stress_closed()
{
	stress "$1" "$2" --dev 2 --dev-file "/dev/$2"
	refused "$1-$2-is-closed" as "$1" dd if="/dev/$2" of=/dev/null bs=1 count=1
	expect "$1-$2-mode" 600 "$(stat -c %a "/dev/$2")"
}

chmod 1777 /tmp
load_bus
ok load-vmgenid load_vmgenid
ok load-virtio-rng load
ok load-commonhv insmod /modules/commonhv.ko
forks=$(vmgenid forks)
stress_node user sysgenid
stress_closed user vmclock0
stress_closed user hwrng
stress user sysfs --sysfs 2
expect user-began-no-generation "$forks" "$(vmgenid forks)"
for node in sysgenid vmclock0 hwrng; do
	stress_node root $node
done
stress root sysfs --sysfs 2
# Root may begin generations, and stress-ng does not know how.
expect root-began-no-generation "$forks" "$(vmgenid forks)"
ok unload-the-others sh -c 'rmmod commonhv && rmmod virtio_rng_ext'
ok nothing-keeps-vmgenid-ext wait_for 20 rmmod vmgenid-ext
