#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# No CommonHV: the classic range is scanned.
# Usage: commonhv-scan.sh one|many
# "many": a host with broken CommonHV (max leaf out of range), whose interfaces
# at 40000000H, 40000100H and 4000FF00H answer all the same.

. /lib/guest.sh
. /lib/commonhv.sh

case $1 in
one)
	raw=544347544347544347544347 locations=0x40000000 violations=none
	vendors='QEMU TCG' sources=scan ;;
many)
	vmctl set x-commonhv-leaf max-leaf-high
	raw='544347544347544347544347 4d6963726f736f6674204876 6c6173740000000000000000'
	locations='0x40000000 0x40000100 0x4000ff00' violations=max_leaf
	vendors='QEMU TCG Hyper-V unknown' sources='scan scan scan' ;;
esac

reset_counters
ok load load
expect cost-commonhv-leaves 1 "$(commonhv_cpuids)"
expect msr-untouched '0 0' "$(counter rdmsr) $(counter wrmsr)"
expect draft none "$(attr commonhv draft)"
expect violations "$violations" "$(attr commonhv violations)"
expect raw-signatures "$raw" "$(interfaces signature_raw)"
expect locations "$locations" "$(interfaces location)"
expect vendors "$vendors" "$(interfaces vendor)"
expect sources "$sources" "$(interfaces source)"
expect verified "$(echo "$sources" | sed 's/scan/1/g')" "$(interfaces verified)"
expect rng-absent 'none absent' "$(attr rng msr) $(attr rng state)"
expect no-hwrng no "$(hwrng_names)"
expect_said log 'no CommonHV; * found by scan'
ok unload unload

# The scan is for the load. Later rounds look for CommonHV and no more.
looked()
{
	[ "$(commonhv_cpuids)" -ge 4 ]
}

scanned=$(counter cpuid-scan)
reset_counters
ok quiet-loads load interval_s=1
ok quiet-looks wait_for 60 looked
expect quiet-scans-no-more "$scanned" "$(counter cpuid-scan)"
expect quiet-msr-untouched '0 0' "$(counter rdmsr) $(counter wrmsr)"
ok quiet-unloads unload
