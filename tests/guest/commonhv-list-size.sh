#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A host with many interfaces, or none, and without an RNG.
# Usage: commonhv-list-size.sh LISTED SHOWN VIOLATIONS

. /lib/guest.sh
. /lib/commonhv.sh

listed=$1 shown=$2 violations=$3

reset_counters
ok load load
expect nr-interfaces "$shown" "$(attr commonhv nr_interfaces)"
expect devices "$shown" "$(nr_interfaces)"
expect violations "$violations" "$(attr commonhv violations)"
expect_at_most cost-commonhv-leaves $((shown + 4)) "$(commonhv_cpuids)"
expect cost-verify-and-no-scan "$shown" "$(counter cpuid-scan)"
expect features none "$(attr commonhv features)"
expect rng-absent 'none absent 0' "$(attr rng msr) $(attr rng state) $(attr rng reads)"
expect msr-untouched '0 0' "$(counter rdmsr) $(counter wrmsr)"
expect no-hwrng no "$(hwrng_names)"
if [ "$shown" -gt 0 ]; then
	last=$((shown - 1))
	expect_match last-signature "if$last*" "$(attr interface$last signature)"
	expect all-verified "$shown" "$(interfaces verified | tr -cd 1 | wc -c)"
fi
expect_said log "CommonHV draft 2, $shown interface(s), no RNG MSR"
[ "$listed" -le "$shown" ] || expect_said log-violation list_capped
ok unload unload
