#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# One snapshot, two clones: nothing that the driver had fetched is read in both.
# Usage: virtio-rng-fork.sh kernel|vmgenid
#	kernel	the kernel's own notifier reports the fork, after its reseed
#	vmgenid	vmgenid-ext does, before

. /lib/guest.sh
. /lib/virtio-rng.sh

# common FILE: 16-byte blocks that both clones have.
common()
{
	common_answer=$(vmctl common "$1")
	echo "${common_answer% *}"
}

load_bus
[ "$1" != kernel ] || load_module vmgenid
[ "$1" != vmgenid ] || ok load-vmgenid-ext insmod /modules/vmgenid-ext.ko
ok load load
ok fills-up wait_for 20 is_at_least buffered_bytes 98304
expect nothing-dropped-yet 0 "$(attr fork_dropped_bytes)"
# hw_random asks for 64 bytes, hands out one, and keeps the others for the next
# reader: its drivers cannot take them back.
dd if=/dev/hwrng of=/dev/null bs=1 count=1 2>/dev/null

ok clone vmctl clone vmgenid=auto
ok drops-what-was-fetched wait_for 20 is_at_least fork_dropped_bytes 98304
dd if=/dev/hwrng of=/tmp/core bs=63 count=1 2>/dev/null
ok fetches-again take 64
dd if=/dev/hwrng of=/tmp/fresh bs=64k count=16 iflag=fullblock 2>/dev/null
expect reads 1048576 "$(wc -c </tmp/fresh)"
expect no-block-in-both-clones 0 "$(common /tmp/fresh)"
# A known window, see Documentation/virtio-rng.rst: this notices if it is closed.
expect the-core-repeats-what-it-kept 3 "$(common /tmp/core)"
expect health ok "$(attr health)"
expect is-quiet '' "$(said)"
ok unload unload
