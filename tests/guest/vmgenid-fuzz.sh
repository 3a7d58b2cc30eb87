#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Random system calls of ordinary users, on the nodes and the sysfs files of all modules;
# fuzz.c says what is judged.
# Usage: vmgenid-fuzz.sh SEED CALLS
#
# A million calls at a time, each with a seed of its own, SEED and those after it, so that
# there are results meanwhile.

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/virtio-rng.sh

# All files of the modules that can be read; those of the drivers that bind, too.
module_files()
{
	for dir in "$DEVICE"/ /sys/bus/platform/drivers/vmgenid-ext/ "$DRIVER"/ "$DRIVER"/virtio*/ \
		/sys/bus/commonhv/ /sys/bus/commonhv/devices/*/ /sys/class/misc/sysgenid/ \
		/sys/class/misc/vmclock0/ /sys/module/commonhv/ /sys/module/vmgenid_ext/ \
		/sys/module/virtio_rng_ext/; do
		find "$dir" -maxdepth 3 -type f
	done | sort -u
}

load_bus
# Fills free memory with bytes that are not zero. The page of a node must not show them.
tr '\0' x </dev/zero | head -c 32M >/tmp/dirt
rm /tmp/dirt
ok load-vmgenid load_vmgenid
ok load-virtio-rng load
ok load-commonhv insmod /modules/commonhv.ko
forks=$(vmgenid forks)
files=$(module_files)
expect_match has-files '*/vmgenid-ext/generation*' "$files"
seed=$1 left=$2
while [ "$left" -gt 0 ]; do
	calls=$((left < 1000000 ? left : 1000000))
	# shellcheck disable=SC2086
	results /fuzz "$seed" "$calls" $files
	grep 'calls, of which' /tmp/results
	pass "seed-$seed"
	seed=$((seed + 1))
	left=$((left - calls))
done
expect no-fork "$forks" "$(vmgenid forks)"
expect no-reseed-failure 0 "$(vmgenid reseed_failures)"
ok unload-the-others sh -c 'rmmod commonhv && rmmod virtio_rng_ext'
# Files that were on their way are collected a while later.
ok nothing-keeps-vmgenid-ext wait_for 20 rmmod vmgenid-ext
