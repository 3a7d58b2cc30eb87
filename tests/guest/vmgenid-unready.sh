#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A fork before the kernel's RNG is ready: it counts, and nothing complains.

. /lib/guest.sh
. /lib/vmgenid.sh

load_vmgenid || exit 1
cat "$FORK" >/dev/null
ok noticed wait_for 20 vmgenid_is generation 1
if dmesg | grep -q 'crng init done'; then
	vmctl skip before-the-rng-is-ready 'it was ready by then'
else
	vmctl pass before-the-rng-is-ready
fi
expect no-complaint '' "$(dmesg | grep 'cannot reseed')"
# Now it is.
head -c 16 /dev/random >/dev/null
cat "$FORK" >/dev/null
ok noticed-when-ready wait_for 20 vmgenid_is generation 2
ok unload rmmod vmgenid-ext
