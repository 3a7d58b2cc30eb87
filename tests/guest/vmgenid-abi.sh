#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# /dev/sysgenid exists while there is a source of forks, and does what clients expect.

. /lib/guest.sh
. /lib/vmgenid.sh

expect no-node-without-the-module '' "$(ls /dev/sysgenid 2>/dev/null)"

# A forced reseed touches nothing that user space sees: a read-only /dev stays
# read-only, and what stands at /dev/random does not matter.
devtmpfs_options()
{
	sed -n 's/.* - devtmpfs [^ ]* \([a-z]*\).*/\1/p' /proc/self/mountinfo | sort -u
}

rm /dev/random
ln -s urandom /dev/random
mount -o remount,ro /dev
expect devtmpfs-is-read-only ro "$(devtmpfs_options)"
# It prepares forced reseeds too, and makes no node, which would fail.
ok load-commonhv insmod /modules/commonhv.ko interval_s=0
expect devtmpfs-stays-read-only ro "$(devtmpfs_options)"
ok unload-commonhv rmmod commonhv
mount -o remount,rw /dev
ok load load_vmgenid
expect no-reseed-failure 0 "$(vmgenid reseed_failures)"
expect starts-with-generation-0 0 "$(vmgenid generation)"
expect no-fork-yet '0 0' "$(vmgenid forks) $(vmgenid last_fork_boottime_ns)"
expect id-is-hashed 16 "$(vmgenid id_hash | tr -dc 0-9a-f | wc -c)"
for part in node readers watchers; do
	results /sysgenid-$part
done
expect each-trigger-reseeds 0 "$(vmgenid reseed_failures)"
expect triggers-are-no-forks 0 "$(vmgenid forks)"
exec 7</dev/sysgenid
refused unload-while-open rmmod vmgenid-ext
exec 7<&-
ok unload rmmod vmgenid-ext
expect no-node-after-unload '' "$(ls /dev/sysgenid 2>/dev/null)"
