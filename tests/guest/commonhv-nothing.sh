#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Neither CommonHV nor anything to be found by scan: as on bare metal.

. /lib/guest.sh
. /lib/commonhv.sh

refused insmod load
expect_match no-such-device '*No such device*' "$ok_text"
expect one-line 1 "$(said | wc -l)"
expect_said says-why 'no CommonHV'
expect nothing-left '' "$(ls -d /sys/module/commonhv /sys/bus/commonhv 2>/dev/null)"
refused again load
