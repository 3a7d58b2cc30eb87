#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The guest is saved and goes on at another host: the RNG moves, goes away and
# comes back. sysfs, hw_random, /dev/hwrng and the log must agree each time.
# Usage: commonhv-restore.sh poll|read|fork
#	poll	nothing tells the guest; it notices at its next look
#	read	nor does it look; a read of /dev/hwrng notices
#	fork	a new VM generation ID tells it (-device vmgenid)

. /lib/guest.sh
. /lib/commonhv.sh

how=$1
case $how in
poll) interval=1 ;;
*) interval=0 ;;
esac

# What makes the guest notice, apart from time.
notice()
{
	[ "$how" != read ] || hwrng_bytes >/dev/null
	[ "$(attr rng msr) $(hwrng_names)" = "$1" ]
}

# moved NAME CPU MSR STATE DRAFT: restored at a host with that -cpu.
moved()
{
	name=$1 msr=$3 state=$4 draft=$5
	[ "$state" = ok ] && hwrng=yes || hwrng=no
	log_mark
	if [ "$how" = fork ]; then
		ok "$name-restores" vmctl restore "cpu=max,$2" vmgenid=auto
	else
		ok "$name-restores" vmctl restore "cpu=max,$2"
	fi
	ok "$name-noticed" wait_for 20 notice "$msr $hwrng"
	ok "$name-interfaces-noticed" wait_for 20 attr_is commonhv draft "$draft"
	expect "$name-state" "$state" "$(attr rng state)"
	expect "$name-read" "$hwrng" "$([ "$(hwrng_bytes)" ] && echo yes || echo no)"
	expect "$name-not-a-write" 0 "$(counter wrmsr)"
	[ "$state" = ok ] || expect "$name-old-msr-untouched" 0 "$(counter rdmsr)"
}

[ "$how" != fork ] || load_module vmgenid
ok load insmod /modules/commonhv.ko interval=$interval
echo commonhv >/sys/class/misc/hw_random/rng_current
expect msr-at-first 0x4f000000 "$(attr rng msr)"

moved same commonhv=on 0x4f000000 ok 2
expect same-says-nothing '' "$(said)"

moved msr commonhv=on,commonhv-rng-msr=0x4f0000aa 0x4f0000aa ok 2
expect_said msr-says-so 'RNG moved from MSR 0x4f000000 to 0x4f0000aa'

moved draft commonhv=on,commonhv-draft=1 0x4f000000 ok 1
expect_said draft-says-so 'CommonHV draft 1'

moved off commonhv=off none absent none
expect_said off-says-so 'RNG in MSR 0x4f000000 is gone'
expect_said off-says-so-too 'no CommonHV; 1 interface(s) found by scan'
expect off-interfaces scan "$(interfaces source)"

if [ "$how" != read ]; then
	# Nobody can read an RNG that is not there.
	moved on commonhv=on,commonhv-interfaces=a@40000000:b@40000100 0x4f000000 ok 2
	expect on-interfaces 'a b' "$(interfaces signature)"
fi
ok unload rmmod commonhv
