#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Suspend to RAM and back, also below readers, and with one that waits for a
# silent host; and what hibernation asks of the driver.

. /lib/guest.sh
. /lib/virtio-rng.sh

load_bus
ok load load
ok fills-up wait_for 20 is_at_least buffered_bytes 98304
requests=$(attr requests)
ok suspend suspend
# Nothing of what was there before is left: all buffers went out again.
ok asks-again wait_for 20 is_at_least requests $((requests + 3))
expect reads 65536 "$(take 65536)"

readers 2
for round in 1 2 3; do
	ok "suspend-below-readers-$round" suspend
done
stop_readers
expect reads-again 65536 "$(take 65536)"

if [ -e /sys/power/pm_test ]; then
	requests=$(attr requests)
	ok hibernate hibernate
	ok hibernate-asks-again wait_for 20 is_at_least requests $((requests + 3))
	expect hibernate-reads 65536 "$(take 65536)"
else
	skip hibernate 'this kernel has no /sys/power/pm_test'
fi

# The freezer gets a reader out that sleeps; it goes on afterwards.
misbehave silent
while [ "$(attr buffered_bytes)" -gt 0 ]; do
	timeout 2 dd if=/dev/hwrng of=/dev/null bs=64 count=64 2>/dev/null
done
dd if=/dev/hwrng of=/tmp/frozen bs=64 count=1 2>/dev/null &
reader=$!
sleep 1
ok suspend-with-waiting-reader suspend
refused reader-still-waits is_gone $reader
misbehave ok
ok reader-wakes wait_for 20 is_gone $reader
expect reader-has-it 64 "$(wc -c </tmp/frozen)"
expect is-quiet '' "$(said)"
ok unload unload
