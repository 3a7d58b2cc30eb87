#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Shows a defect of the in-tree driver, without any module of this project:
# unbound since 6.10, it leaves its notify handler behind, and the next fork is an
# oops. No scenario runs it: see Documentation/vmgenid.rst.

. /lib/guest.sh

driver=/sys/bus/platform/drivers/vmgenid
[ -e $driver ] || driver=/sys/bus/acpi/drivers/vmgenid
for device in "$driver"/*:*; do
	echo "unbinding ${device##*/}"
	echo "${device##*/}" >"$driver/unbind" || exit 1
done
vmctl restore vmgenid=auto
sleep 2
ok survives-a-fork true
