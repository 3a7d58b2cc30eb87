#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a user sees of virtio-rng-ext: hw_random, sysfs, parameters.
# Usage: virtio-rng.sh DEVICES

. /lib/guest.sh
. /lib/virtio-rng.sh
. /lib/witness.sh

# out_of_range PARAMETER=VALUE
out_of_range()
{
	refused "refuses-$1" load "$1"
	expect_match "says-why-$1" "*parameter $1 is out of range*" "$(said)"
}

load_bus
for bad in buffers=0 buffers=17 buffer_size=63 buffer_size=65537 quality=1025; do
	out_of_range $bad
done

witness_start
ok load load
# What the core's thread reads first: 64 bytes at 1000 / 1024.
ok core-credits-by-quality wait_for 20 witness_has 'credit 64 500 * by hwrng'
expect devices "$1" "$(devices | wc -l)"
ok is-current is_current
expect available "$1" "$(tr ' ' '\n' <$HWRNG/rng_available | grep -c '^virtio_rng_ext\.')"
expect quality 1000 "$(cat $HWRNG/rng_quality)"
expect is-quiet '' "$(said)"

before=$(attr read_bytes)
expect reads-1M 1048576 "$(take 1048576)"
# The core reads 64 bytes at a time, and its thread some as well.
after=$(attr read_bytes)
expect_at_most counts-all "$after" $((before + 1048576 - 64))
expect_at_most counts-no-more $((before + 1048576 + 1024)) "$after"
expect health ok "$(attr health)"
# The other may be half read.
ok fills-up wait_for 20 is_at_least buffered_bytes 65536
expect_at_most holds-no-more $((160 * 1024)) "$(attr buffered_bytes)"
for counter in zero_length oversized fork_dropped_bytes; do
	expect "no-$counter" 0 "$(attr $counter)"
done
expect differs 2 "$(for _ in 1 2; do
	dd if=/dev/hwrng bs=32 count=1 2>/dev/null | md5sum
done | sort -u | wc -l)"

# All devices, not just the one that is current.
for name in $(tr ' ' '\n' <$HWRNG/rng_available | grep '^virtio_rng_ext\.'); do
	echo "$name" >$HWRNG/rng_current
	expect "reads-from-$name" "$name 4096" "$(cat $HWRNG/rng_current) $(take 4096)"
done
ok unload unload
expect nothing-left '' "$(grep virtio_rng_ext /proc/interrupts $HWRNG/rng_available)"

# A quality of 0 is 0, with each kernel's hw_random: its thread, which credits all
# that it gets, has nothing to credit.
witness_clear
ok load-without-credit load quality=0 buffers=1 buffer_size=64
ok thread-mixes wait_for 20 witness_has 'mix 64 * by hwrng'
expect thread-credits-nothing '' "$(witness_list hwrng | grep -v '^mix ')"
witness_stop
expect one-small-buffer 65536 "$(take 65536)"
expect_at_most holds-little 128 "$(attr buffered_bytes)"
ok unload-again unload
ok load-many load buffers=16 buffer_size=65536
expect many-buffers 4194304 "$(take 4194304)"
ok unload-many unload
