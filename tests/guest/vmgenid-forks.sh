#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Forks in a row and in a storm: all who tell of them agree, none is lost, none
# counts twice.
# Usage: vmgenid-forks.sh MODE [NUMBER]	MODE is what sysfs should say

. /lib/guest.sh
. /lib/vmgenid.sh

nr=${2-100}
ok load load_vmgenid
expect mode "$1" "$(vmgenid mode)"
cat "$NOTIFY" "$NOTIFY" >/dev/null
sleep 1
expect same-id-is-no-fork 0 "$(vmgenid generation)"
hash=$(vmgenid id_hash)
results /forks count "$nr"
expect_match id-hash-changes '????????????????' "$(vmgenid id_hash | grep -v "$hash")"
results /forks storm 20 3
expect forks-of-the-storm $((nr + 20)) "$(vmgenid forks)"
ok unload rmmod vmgenid-ext
