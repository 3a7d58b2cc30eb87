#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What the driver maps for the device is unmapped when it goes, also what the device has
# not answered: bounce buffers are given back, and an IOMMU keeps the device from memory
# that serves another purpose. The host answers the first short request, and nothing more
# for ten minutes, so that requests are out whenever the device goes.
# Usage: virtio-rng-dma.sh swiotlb|iommu TIMES

. /lib/guest.sh
. /lib/virtio-rng.sh

TRACING=/sys/kernel/debug/tracing

# Bytes that are mapped: bounce buffers, in slots of 2 KiB, or since trace_iommu.
mapped_swiotlb()
{
	echo $(($(cat /sys/kernel/debug/swiotlb/io_tlb_used) * 2048))
}

trace_iommu()
{
	echo 1 >$TRACING/events/iommu/map/enable
	echo 1 >$TRACING/events/iommu/unmap/enable
}

# "... map: IOMMU: iova=A - B paddr=C size=D", "... unmap: IOMMU: iova=A - B size=D unmapped_size=E"
mapped_iommu()
{
	sed -n -e 's/.* map: IOMMU: .* size=//p' -e 's/.* unmap: IOMMU: .*unmapped_size=/-/p' \
		$TRACING/trace | awk '{ all += $1 } END { print all + 0 }'
}

is_posted()
{
	[ "$("mapped_$mode")" -gt "$before" ]
}

# round NAME CMD...: loses the device.
round()
{
	round_name=$1
	shift
	ok "posted-$round_name" wait_for 20 is_posted
	ok "$round_name" "$@"
	expect "nothing-mapped-$round_name" "$before" "$("mapped_$mode")"
}

mode=$1
load_bus
if [ "$mode" = iommu ] && [ ! -e $TRACING/events/iommu/map ]; then
	skip all 'this kernel has no IOMMU, or does not trace it'
	exit
fi
[ "$mode" != iommu ] || trace_iommu
before=$("mapped_$mode")
ok load load
device=$(devices)
i=1
while [ $i -le "$2" ]; do
	round "unbind-$i" sh -c "echo $device >$DRIVER/unbind"
	ok "bind-$i" sh -c "echo $device >$DRIVER/bind"
	i=$((i + 1))
done
round unload unload
