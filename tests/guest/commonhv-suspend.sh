#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Suspend to RAM and back: the RNG is read again at resume.

. /lib/guest.sh
. /lib/commonhv.sh

read_again()
{
	[ "$(attr rng reads)" -gt "$before" ]
}

ok load load
before=$(attr rng reads)
for round in 1 2; do
	vmctl on SUSPEND '{"execute":"system_wakeup"}'
	ok "suspend-$round" sh -c 'echo mem >/sys/power/state'
	ok "read-again-$round" wait_for 20 read_again
	before=$(attr rng reads)
done
expect state ok "$(attr rng state)"
ok unload unload
