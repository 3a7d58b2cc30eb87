#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A host that gives 1024 bytes a second, in a burst: every byte of it is used,
# nobody is busy meanwhile, and there is nothing to say about it.
# Usage: virtio-rng-limited.sh [burst]
#	burst	the host's period is a minute: what comes, comes at its begin

. /lib/guest.sh
. /lib/virtio-rng.sh

# Both in centiseconds.
idle()
{
	awk '/^cpu / { print $5 }' /proc/stat
}

now()
{
	awk '{ printf "%d", $1 * 100 }' /proc/uptime
}

interrupts()
{
	awk '/virtio[0-9]+-input/ { print $2 }' /proc/interrupts
}

load_bus
ok load load
if [ "${1-}" = burst ]; then
	start=$(now)
	random_bytes 900 >/tmp/first
	expect first-bytes 900 "$(wc -c </tmp/first)"
	expect_at_most first-bytes-centiseconds 3000 $(($(now) - start))
	expect no-byte-twice '' "$(repeated /tmp/first)"
	ok unload unload
	exit
fi

interrupts_before=$(interrupts)
buffered_before=$(attr buffered_bytes)
waits_before=$(attr read_waits)
start=$(now)
idle_before=$(idle)
expect reads-8K 8192 "$(take 8192)"
centiseconds=$(($(now) - start))
idle=$(($(idle) - idle_before))
# Half of it may have been there before.
expect_at_most not-faster-than-the-host "$centiseconds" 300
# Eight seconds, or minutes if a wake-up were missing; how many on a busy machine?
expect_at_most not-far-slower 3000 "$centiseconds"
# A processor that waits busily is never idle. One that does not is so most of the time,
# unless the host is busy: then what little it does takes long.
expect_at_most sometimes-idle "$idle" $((centiseconds / 10))
expect_at_most interrupts 64 $(($(interrupts) - interrupts_before))
expect_at_most waits 600 $(($(attr read_waits) - waits_before))
# By the same clock as the module's, and without what had been there before: up to half of
# the 8 KiB, if this machine is slow.
rate=$(((8192 - buffered_before) * 100 / centiseconds))
expect_at_most rate-not-lower "$(attr rate_bytes_per_s)" $((rate / 2))
expect_at_most rate-not-higher $((rate * 2)) "$(attr rate_bytes_per_s)"
expect is-quiet '' "$(said)"

# Bytes that nobody reads stay for later readers: a period's quota in each of two
# buffers, of which one may be half read.
ok keeps-what-comes wait_for 60 is_at_least buffered_bytes 1024
waits_before=$(attr read_waits)
expect kept-bytes 1000 "$(take 1000)"
expect nobody-waits-for-them "$waits_before" "$(attr read_waits)"

# A reader that waits goes away when killed, and lets the module go.
dd if=/dev/hwrng of=/dev/null bs=64k count=16 2>/dev/null &
sleep 1
kill -9 $!
ok killed-reader-goes wait_for 20 is_gone $!
dd if=/dev/hwrng of=/dev/null bs=64k count=16 2>/dev/null &
sleep 1
ok unload unload
ok last-reader-goes wait_for 20 is_gone $!
