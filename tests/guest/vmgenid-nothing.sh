#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Without an ID that can be believed the module does not load, and logs why.
# Usage: vmgenid-nothing.sh REASON

. /lib/guest.sh
. /lib/vmgenid.sh

for round in 1 2; do
	log_mark
	refused "no-load-$round" load_vmgenid
	expect_match "says-why-$round" "*$1*" "$(log_since)"
done
expect no-node '' "$(ls /dev/sysgenid 2>/dev/null)"
expect no-device '' "$(ls -d $DEVICE 2>/dev/null)"
expect no-module '' "$(ls -d /sys/module/vmgenid_ext 2>/dev/null)"
