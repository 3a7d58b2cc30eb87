#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An ID that lies where it cannot be read is refused, and the log says why.
# The places are those of addr.asl, whose list goes round: the kernel looks at
# the status of a device at boot, once or more often.

. /lib/guest.sh
. /lib/vmgenid.sh

NEXT=/sys/bus/acpi/devices/NEXT0001:00/status

# why: the reason that a load gives.
why()
{
	log_mark
	! load_vmgenid >/dev/null 2>&1 || echo 'none: it loads'
	log_since | sed -n 's/.*unusable: ADDR //p' | head -n 1
}

found=$(for _ in 1 2 3 4 5 6; do
	why
	cat "$NEXT" >/dev/null
done | sort)
expect each-place-is-refused "$(sort <<END
is not all in the firmware's memory map
is not all in the firmware's memory map
is half in RAM
is in RAM
is in RAM
is beyond the processor's physical addresses
END
)" "$found"
expect no-node '' "$(ls /dev/sysgenid 2>/dev/null)"
expect no-module '' "$(ls -d /sys/module/vmgenid_ext 2>/dev/null)"
