#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Suspend to RAM: no fork by itself, and one if the ID has changed meanwhile,
# though no notification comes.

. /lib/guest.sh
. /lib/vmgenid.sh

ok load load_vmgenid
ok suspend suspend
expect suspend-is-no-fork 0 "$(vmgenid forks)"
cat "$CHANGE_ID" >/dev/null
sleep 1
expect no-notification 0 "$(vmgenid forks)"
ok suspend-again suspend
expect fork-is-noticed-at-resume '1 1' "$(vmgenid generation) $(vmgenid forks)"
# The handler is still there.
cat "$FORK" >/dev/null
ok notified-after-resume wait_for 20 vmgenid_is generation 2
if [ -e /sys/power/pm_test ]; then
	cat "$CHANGE_ID" >/dev/null
	hibernate
	expect fork-is-noticed-after-hibernation '3 3' "$(vmgenid generation) $(vmgenid forks)"
else
	skip hibernate 'no /sys/power/pm_test in this kernel'
fi
ok unload rmmod vmgenid-ext
