# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What scripts/demo runs in the second guest: one snapshot, two clones.

DEVICE=/sys/bus/platform/devices/vmgenid-ext

show()
{
	printf '\n# %s\n' "$*"
	eval "$*"
}

generation_is()
{
	[ "$(cat $DEVICE/generation)" = "$1" ]
}

cd /modules || exit
show insmod vmgenid-ext.ko
show insmod commonhv.ko
show "grep . $DEVICE/generation $DEVICE/forks $DEVICE/reseed_method $DEVICE/id_hash"
show ls -l /dev/sysgenid
echo
echo "--- Now the machine is saved, and goes on twice: as 1 and as 2 ---"
clone=$(vmctl clone vmgenid=auto)
left=100
until generation_is 1 || [ $left = 0 ]; do
	sleep 0.1
	left=$((left - 1))
done
# One after the other, to be read.
sleep $(((clone - 1) * 3))
show cat $DEVICE/generation
show cat $DEVICE/id_hash
show "dd if=/dev/urandom bs=16 count=1 2>/dev/null | hexdump -C"
show "dmesg | grep fork"
generation_is 1
