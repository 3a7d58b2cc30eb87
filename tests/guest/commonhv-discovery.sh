#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The sysfs files, the log and hw_random after insmod, and the cost of it.
# Usage: commonhv-discovery.sh DRAFT HYPERVISOR-BIT VIOLATIONS
# The host lists LIST below.

. /lib/guest.sh
. /lib/commonhv.sh

LIST='544347544347544347544347 4d6963726f736f6674204876 6120625c2200ff7f0a000000'
TEXT='TCGTCGTCGTCG|Microsoft Hv|a b\x5c"\x00\xff\x7f\x0a|'

draft=$1 bit=$2 violations=$3

reset_counters
ok load load

leaves=$(commonhv_cpuids)
scan=$(counter cpuid-scan)
reads=$(counter rdmsr)
expect_at_most cost-commonhv-leaves 7 "$leaves"
expect cost-verify-and-no-scan 3 "$scan"
expect counters-agree "$reads" "$(attr rng reads)"
expect not-a-write 0 "$(counter wrmsr)"

expect draft "$draft" "$(attr commonhv draft)"
expect max-leaf "0x4f00000$((draft + 1))" "$(attr commonhv max_leaf)"
expect hypervisor-bit "$bit" "$(attr commonhv hypervisor_bit)"
expect features 'rng rng_input' "$(attr commonhv features)"
expect violations "$violations" "$(attr commonhv violations)"
expect nr-interfaces 3 "$(attr commonhv nr_interfaces)"
expect devices 3 "$(nr_interfaces)"

expect order-and-raw-signatures "$LIST" "$(interfaces signature_raw)"
signatures=$(for i in 0 1 2; do printf '%s|' "$(attr interface$i signature)"; done)
expect signatures "$TEXT" "$signatures"
expect locations '0x40000000 0x40000100 0x40000200' "$(interfaces location)"
expect max-leaves '0x40000001 0x40000101 0x40000201' "$(interfaces max_leaf)"
expect sources 'commonhv commonhv commonhv' "$(interfaces source)"
expect verified '1 1 1' "$(interfaces verified)"
expect vendors 'QEMU TCG Hyper-V unknown' "$(interfaces vendor)"
expect modalias commonhv:s6120625c2200ff7f0a000000 "$(attr interface2 modalias)"
expect_match uevent "*MODALIAS=commonhv:s544347544347544347544347*" "$(cat $BUS/interface0/uevent)"

expect rng-state ok "$(attr rng state)"
expect rng-msr 0x4f000000 "$(attr rng msr)"
expect rng-mixed $((reads * 8)) "$(attr rng bytes_mixed)"
expect rng-no-credit '0 0' "$(attr rng quality) $(attr rng bits_credited)"
expect rng-clean '0 0 0' "$(attr rng zeros) $(attr rng repeats) $(attr rng faults)"
expect_match rng-several-reads '[1-9][0-9]' "$reads"
expect hwrng yes "$(hwrng_names)"

echo commonhv >/sys/class/misc/hw_random/rng_current
one=$(hwrng_bytes)
two=$(hwrng_bytes)
expect hwrng-gives-64-bytes 128 ${#one}
if [ "$one" = "$two" ]; then
	fail hwrng-fresh "twice the same: $one"
else
	pass hwrng-fresh
fi

expect log-lines 1 "$(said | grep -c 'CommonHV draft')"
expect_said log "CommonHV draft $draft, 3 interface(s), RNG MSR 0x4f000000"

ok unload unload
expect bus-is-gone '' "$(ls -d /sys/bus/commonhv 2>/dev/null)"
expect hwrng-is-gone no "$(hwrng_names)"
