#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The emulator itself, which other scenarios rely on when devices come and go, or
# the machine is suspended: see hypervisor/qemu/memory-map.patch.
# Usage: memory-map.sh COUNT

. /lib/guest.sh

count=$1
# Two entropy devices, as virtio numbered them in the days of its drafts.
# shellcheck disable=SC2046
set -- $(grep -l 0x1005 /sys/bus/pci/devices/*/device)
reader=${1%/device} flipper=${2%/device}
echo 1 >"$reader/enable"
echo 1 >"$flipper/enable"
expect no-wrong-reads 0 "$(/memory-map "$reader" "$flipper" "$count")"
