#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A host that answers with nothing, too much, one byte at a time, in another
# order, not at all, the same each time, or with a buffer that nobody gave it.

. /lib/guest.sh
. /lib/virtio-rng.sh

# drain: until nothing is left of what the device gave so far.
drain()
{
	misbehave silent
	while [ "$(attr buffered_bytes)" -gt 0 ]; do
		timeout 2 dd if=/dev/hwrng of=/dev/null bs=64 count=64 2>/dev/null
	done
}

load_bus
ok load load
ok fills-up wait_for 20 is_at_least buffered_bytes 98304

# Silent: readers wait, and can be killed; all comes back when the device does.
drain
expect silent-nonblock EAGAIN "$(/hwrng nonblock)"
dd if=/dev/hwrng of=/tmp/silent bs=64 count=1 2>/dev/null &
reader=$!
sleep 1
refused silent-reader-waits is_gone $reader
kill -9 $reader
ok silent-reader-can-be-killed wait_for 20 is_gone $reader
dd if=/dev/hwrng of=/tmp/silent bs=64 count=1 2>/dev/null &
reader=$!
sleep 1
misbehave ok
ok silent-reader-wakes wait_for 20 is_gone $reader
expect silent-reader-has-it 64 "$(wc -c </tmp/silent)"

# Zero length: no stall, and no busy loop.
drain
requests=$(attr requests)
misbehave zero-length
dd if=/dev/hwrng of=/tmp/zero bs=64 count=1 2>/dev/null &
reader=$!
sleep 4
refused zero-length-reader-waits is_gone $reader
ok zero-length-counted is_at_least zero_length 1
# Backing off from 10 ms to 1 s: at most a dozen rounds of three buffers.
expect_at_most zero-length-no-busy-loop 100 $(($(attr requests) - requests))
misbehave ok
ok zero-length-reader-wakes wait_for 20 is_gone $reader
expect nonblock-has-some 64 "$(/hwrng nonblock)"
expect zero-length-over 65536 "$(take 65536)"

# One byte at a time: a read is short, or takes some rounds.
drain
misbehave one-byte
expect one-byte 256 "$(take 256)"
expect_at_most one-byte-buffered 3 "$(attr buffered_bytes)"

# More than there is room for.
drain
misbehave oversized
expect oversized-reads 1048576 "$(take 1048576)"
ok oversized-counted is_at_least oversized 8
expect_at_most oversized-clamped $((2 * 65536 + 64)) "$(attr buffered_bytes)"

# The last request first.
drain
misbehave reorder
expect reorder-reads 1048576 "$(take 1048576)"
expect healthy-until-here ok "$(attr health)"
expect is-quiet-until-here '' "$(said)"

# Always the same bytes: not to be used.
drain
misbehave stuck
# The third word that is the same gives it away, and the core had one read left.
expect_at_most stuck-refused 192 "$(take 4096)"
expect stuck-noticed unhealthy "$(attr health)"
expect_match stuck-said '*random numbers repeat*' "$(said)"
misbehave ok
expect stuck-stays 0 "$(take 64)"
device=$(devices)
echo "$device" >$DRIVER/unbind
echo "$device" >$DRIVER/bind
expect bound-again-healthy "ok 4096" "$(attr health) $(take 4096)"

# A queue that breaks wakes the readers that wait.
drain
dd if=/dev/hwrng of=/dev/null bs=64 count=1 2>/dev/null &
reader=$!
sleep 1
misbehave bad-id
ok broken-reader-wakes wait_for 20 is_gone $reader
expect broken-reads-nothing 0 "$(take 64)"
misbehave ok

# So does a device that gives up.
echo "$device" >$DRIVER/unbind
echo "$device" >$DRIVER/bind
expect works-again 4096 "$(take 4096)"
drain
dd if=/dev/hwrng of=/dev/null bs=64 count=1 2>/dev/null &
reader=$!
sleep 1
refused needs-reset-reader-waits is_gone $reader
misbehave needs-reset
ok needs-reset-reader-wakes wait_for 20 is_gone $reader
expect needs-reset-reads-nothing 0 "$(take 64)"
misbehave ok
ok unload unload
