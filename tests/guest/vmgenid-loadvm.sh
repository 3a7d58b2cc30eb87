#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# QEMU's savevm and loadvm. In the same QEMU the machine goes back in time with the ID
# that it has. Without CommonHV's generation this is a fork that no guest can notice.
# In another QEMU, with another ID, it is noticed.
# Usage: vmgenid-loadvm.sh [generation]
#	generation	there is one (-cpu commonhv-draft=3), and commonhv looks at it

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/vmgenid.sh

# One fork, and one in each QEMU.
forked()
{
	expect "$1-counted" 1 "$(vmgenid forks)"
	[ "$how" != generation ] || expect "$1-changes" 1 "$(attr generation changes)"
}

how=${1-id}

load_vmgenid || exit 1
[ "$how" != generation ] || ok load-commonhv load
hash=$(vmgenid id_hash)
nr=$(vmctl savevm)
case $nr in
0)
	vmctl loadvm ;;
1)
	if [ "$how" = generation ]; then
		ok same-qemu-noticed wait_for 20 vmgenid_is generation 1
		forked same-qemu
	else
		sleep 1
		expect same-id-is-no-fork '0 0' "$(vmgenid generation) $(vmgenid forks)"
	fi
	expect same-qemu-same-id "$hash" "$(vmgenid id_hash)"
	vmctl loadvm vmgenid=auto ;;
2)
	ok noticed wait_for 20 vmgenid_is generation 1
	forked other-qemu
	expect_match hash-differs '????????????????' "$(vmgenid id_hash | grep -v "$hash")"
	[ "$how" != generation ] || ok unload-commonhv unload
	ok unload rmmod vmgenid-ext ;;
*)
	fail goes-back "vmctl savevm says '$nr'" ;;
esac
