#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# /dev/sysgenid exists while there is a source, and does what clients expect.

. /lib/guest.sh
. /lib/vmgenid.sh

expect no-node-without-the-module '' "$(ls /dev/sysgenid 2>/dev/null)"
ok load load_vmgenid
expect starts-with-generation-0 0 "$(vmgenid generation)"
expect no-fork-yet '0 0' "$(vmgenid forks) $(vmgenid last_fork)"
expect id-is-hashed 16 "$(vmgenid id_hash | tr -dc 0-9a-f | wc -c)"
results /sysgenid
expect triggers-are-no-forks 0 "$(vmgenid forks)"
exec 7</dev/sysgenid
refused unload-while-open rmmod vmgenid-ext
exec 7<&-
ok unload rmmod vmgenid-ext
expect no-node-after-unload '' "$(ls /dev/sysgenid 2>/dev/null)"
