#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# QEMU's savevm and loadvm. In the same QEMU the machine goes back in time with
# the ID that it has: QEMU gives it no other, so this is a fork that no guest can
# notice. In another QEMU, with another ID, it is noticed.

. /lib/guest.sh
. /lib/vmgenid.sh

load_vmgenid || exit 1
hash=$(vmgenid id_hash)
nr=$(vmctl savevm)
case $nr in
0)
	vmctl loadvm ;;
1)
	sleep 1
	expect same-qemu-same-id "$hash" "$(vmgenid id_hash)"
	expect same-id-is-no-fork '0 0' "$(vmgenid generation) $(vmgenid forks)"
	vmctl loadvm vmgenid=auto ;;
2)
	ok noticed wait_for 20 vmgenid_is generation 1
	expect counted 1 "$(vmgenid forks)"
	expect_match hash-differs '????????????????' "$(vmgenid id_hash | grep -v "$hash")"
	ok unload rmmod vmgenid-ext ;;
*)
	fail goes-back "vmctl savevm says '$nr'" ;;
esac
