# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034
#
# vmgenid.sh - vmgenid-ext.ko in a test guest.

DEVICE=/sys/bus/platform/devices/vmgenid-ext
# The devices of fork.asl.
FORK=/sys/bus/acpi/devices/FORK0001:00/status
NOTIFY=/sys/bus/acpi/devices/FORK0002:00/status
CHANGE_ID=/sys/bus/acpi/devices/FORK0003:00/status

# vmgenid FILE
vmgenid()
{
	cat "$DEVICE/$1" 2>/dev/null || echo "(no $1)"
}

# vmgenid_is FILE VALUE: for wait_for.
vmgenid_is()
{
	[ "$(vmgenid "$1")" = "$2" ]
}

load_vmgenid()
{
	insmod /modules/vmgenid-ext.ko
}

# A kernel with a driver of its own for VMClock offers the node by that, as a module.
load_vmclock()
{
	[ ! -e /modules/ptp_vmclock.order ] || load_module ptp_vmclock
}
