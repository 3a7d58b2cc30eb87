#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The guest is saved and restored on another host: the RNG MSR moves, goes away and
# comes back. sysfs, hw_random, /dev/hwrng and the log must agree each time, and words
# of the new host must reach the kernel RNG.
# Usage: commonhv-restore.sh poll|read|fork
#	poll	the guest notices when it reads the leaves at its next interval
#	read	there is no interval; a read of /dev/hwrng notices
#	fork	a new VM generation ID announces it (-device vmgenid)

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

how=$1
case $how in
poll) interval=1 ;;
*) interval=0 ;;
esac

# How the guest notices, apart from time.
notice()
{
	[ "$how" != read ] || hwrng_bytes >/dev/null
	[ "$(attr rng msr) $(hwrng_names)" = "$1" ]
}

# Rounds that came before the guest was saved may have read words of that host.
words_before()
{
	[ "$how" != poll ] || seq 10 | sed "s/.*/? mix 8 msr:$((host - 1))* by commonhv/"
}

# reseeded: the words of the new host, which counts from its number, have been
# mixed, and taken effect.
reseeded()
{
	words="msr:${host}0*-${host}0*"
	ok "$name-kernel-reseeds" wait_for 20 witness_has 'reseed by *'
	case $how in
	poll)
		# Some rounds read a word.
		expect_witness "$name-round-mixes-words-of-this-host-then-reseeds" <<-END
			$(words_before)
			? mix 8 msr:${host}0* by commonhv
			mix 128 $words by commonhv
			reseed by commonhv
			$(seq 10 | sed "s/.*/? mix 8 msr:${host}0* by commonhv/")
		END
		;;
	read)
		expect_witness "$name-read-mixes-words-of-this-host-then-reseeds" <<-END
			mix 128 $words by commonhv
			reseed by commonhv
		END
		;;
	fork)
		ok "$name-has-its-late-phase" wait_for 20 witness_has 'reseed by commonhv'
		expect_witness "$name-fork-mixes-words-of-this-host-then-reseeds" kworker <<-END
			vmfork 16 * by kworker
			reseed by kworker
			mix 128 $words by kworker
			reseed by kworker
		END
		;;
	esac
}

# moved NAME CPU MSR STATE DRAFT: restored at a host with that -cpu.
moved()
{
	name=$1 msr=$3 state=$4 draft=$5
	[ "$state" = ok ] && hwrng=yes || hwrng=no
	# Each host counts from elsewhere.
	host=$((host + 1))
	log_mark
	witness_clear
	if [ "$how" = fork ]; then
		ok "$name-restores" vmctl restore \
			"cpu=max,$2,x-commonhv-rng=counting,x-commonhv-rng-counted=${host}000" \
			vmgenid=auto
	else
		ok "$name-restores" vmctl restore \
			"cpu=max,$2,x-commonhv-rng=counting,x-commonhv-rng-counted=${host}000"
	fi
	ok "$name-noticed" wait_for 20 notice "$msr $hwrng"
	ok "$name-interfaces-noticed" wait_for 20 attr_is commonhv draft "$draft"
	expect "$name-state" "$state" "$(attr rng state)"
	expect "$name-read" "$hwrng" "$([ "$(hwrng_bytes)" ] && echo yes || echo no)"
	expect "$name-not-a-write" 0 "$(counter wrmsr)"
	[ "$state" = ok ] || expect "$name-old-msr-untouched" 0 "$(counter rdmsr)"
	case $how-$name in
	*-off)
		expect_witness "$name-nothing-to-mix" commonhv <<-END
			$(words_before)
		END
		;;
	fork-* | *-msr | *-draft | *-on) reseeded ;;
	# A host that looks the same is the same.
	read-same) expect_witness "$name-is-no-event" </dev/null ;;
	esac
}

[ "$how" != fork ] || load_module vmgenid
host=0
witness_start
ok load insmod /modules/commonhv.ko interval_s=$interval
echo commonhv >/sys/class/misc/hw_random/rng_current
expect msr-at-first 0x4f000000 "$(attr rng msr)"

moved same commonhv=on 0x4f000000 ok 2
expect same-says-nothing '' "$(said)"

moved msr commonhv=on,commonhv-rng-msr=0x4f0000aa 0x4f0000aa ok 2
expect_said msr-says-so 'RNG MSR moved from 0x4f000000 to 0x4f0000aa'

moved draft commonhv=on,commonhv-draft=1 0x4f000000 ok 1
expect_said draft-says-so 'CommonHV draft 1'

if [ "$how" = poll ]; then
	# The index that enables Hyper-V's hypercall page.
	moved synthetic commonhv=on,commonhv-rng-msr=0x40000001 none absent 2
	expect synthetic-violation rng_msr_synthetic "$(attr commonhv violations)"
	moved back commonhv=on,commonhv-draft=1 0x4f000000 ok 1
fi

moved off commonhv=off none absent none
expect_said off-says-so 'RNG MSR 0x4f000000 is gone'
expect_said off-says-so-too 'no CommonHV; 1 interface(s) found by scan'
expect off-interfaces scan "$(interfaces source)"

if [ "$how" != read ]; then
	# Nobody can read an RNG that is not there.
	moved on commonhv=on,commonhv-interfaces=a@40000000:b@40000100 0x4f000000 ok 2
	expect on-interfaces 'a b' "$(interfaces signature)"
fi
ok unload rmmod commonhv
witness_stop
