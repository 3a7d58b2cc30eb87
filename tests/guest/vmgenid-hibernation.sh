#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Hibernated to a disk, and resumed in another QEMU with another ID. In reserved memory,
# where SeaBIOS has it, the new ID is seen: a fork. In ACPI NVS, where UEFI firmware has it,
# the kernel writes the old ID over the new one, and a generation begins nevertheless. So
# does it with VMClock alone: neither machine was loaded from a saved state.
# Usage: vmgenid-hibernation.sh reserved|nvs|vmclock

. /lib/guest.sh
. /lib/vmgenid.sh

DISK=/dev/vda

if [ ! -e /sys/power/disk ]; then
	skip hibernation "this kernel has none"
	exit
fi
load_module virtio_pci
load_module virtio_blk
wait_for 20 test -e $DISK
load_vmgenid || exit

# The ID, if there is one, as the label of the swap area, which has room for 15 bytes.
label()
{
	vmgenid id_hash | tr -d ' ()' | cut -c 1-15
}

# header OFFSET BYTES: of the swap area.
header()
{
	dd if=$DISK bs=1 skip="$1" count="$2" 2>/dev/null
}

# The second QEMU: its ID is another than that in the label. Becomes what was hibernated.
if [ "$(header 4086 9)" = S1SUSPEND ]; then
	[ "$1" = vmclock ] || expect other-id 0 "$(header 1052 15 | grep -c "$(label)")"
	rmmod vmgenid-ext
	cat /sys/class/block/vda/dev >/sys/power/resume
	fail resume "$(dmesg | tail -n 3)"
	exit 1
fi

hash=$(vmgenid id_hash)
ok mkswap mkswap -L "$(label)" $DISK
expect label "$(label)" "$(header 1052 15)"
ok swapon swapon $DISK
expect_match mode '*\[platform\]*' "$(cat /sys/power/disk)"
ok next vmctl next vmgenid=auto
ok hibernate sh -c 'echo disk >/sys/power/state'
ok noticed wait_for 20 vmgenid_is generation 1
if [ "$1" != reserved ]; then
	expect no-fork-seen 0 "$(vmgenid forks)"
	expect old-id "$hash" "$(vmgenid id_hash)"
else
	expect fork-seen 1 "$(vmgenid forks)"
	expect new-id 0 "$(vmgenid id_hash | grep -c "$hash")"
fi
sleep 1
expect one-generation 1 "$(vmgenid generation)"
ok unload rmmod vmgenid-ext
