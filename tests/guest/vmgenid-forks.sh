#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Forks in a row and in a storm: all that report them agree, none is lost, none
# counts twice.
# Usage: vmgenid-forks.sh FORKS [MODULE]	MODULE is loaded first: the in-tree driver

. /lib/guest.sh
. /lib/vmgenid.sh

# What sysfs should say, by what this kernel has.
reseed_method()
{
	if ls -d /sys/bus/*/drivers/vmgenid/*:* >/dev/null 2>&1; then
		echo forced+in-tree
	elif grep -q ' add_vmfork_randomness$' /proc/kallsyms; then
		echo vmfork
	else
		echo forced
	fi
}

nr=$1
[ ! "${2-}" ] || load_module "$2"
ok load load_vmgenid
expect "reseed-method-$(reseed_method)" "$(reseed_method)" "$(vmgenid reseed_method)"
cat "$NOTIFY" "$NOTIFY" >/dev/null
sleep 1
expect same-id-is-no-fork 0 "$(vmgenid generation)"
hash=$(vmgenid id_hash)
results /forks count "$nr"
expect_match id-hash-changes '????????????????' "$(vmgenid id_hash | grep -v "$hash")"
results /forks storm 20 3
expect forks-of-the-storm $((nr + 20)) "$(vmgenid forks)"
ok unload rmmod vmgenid-ext
