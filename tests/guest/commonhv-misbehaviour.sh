#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A host that breaks the specification in its CPUID leaves, in one way after the
# other. It lists four interfaces, which are correct but for that.
# Usage: commonhv-misbehaviour.sh DRAFT

. /lib/guest.sh
. /lib/commonhv.sh

draft=$1
CAP=256

# broken PROPERTY MODE CLAIMED NR-INTERFACES VIOLATIONS VERIFIED RNG-STATE [PARAMETER...]
# loads the module on a host that misbehaves that way, and claims that many
# interfaces. VERIFIED counts.
broken()
{
	name=$1-$2 claimed=$3 nr=$4 violations=$5 verified=$6 state=$7
	vmctl set "x-commonhv-$1" "$2"
	shift 7
	reset_counters
	ok "$name-loads" load "$@"
	expect "$name-interfaces" "$nr $nr" "$(attr commonhv nr_interfaces) $(nr_interfaces)"
	expect "$name-violations" "$violations" "$(attr commonhv violations)"
	expect "$name-verified" "$verified" "$(interfaces verified | tr -cd 1 | wc -c)"
	expect "$name-rng" "$state" "$(attr rng state)"
	expect_at_most "$name-cost" $((claimed + 4)) "$(commonhv_cpuids)"
	[ "$state" = ok ] || expect "$name-msr-untouched" '0 0' "$(counter rdmsr) $(counter wrmsr)"
	[ "$violations" = none ] || expect_said "$name-says-so" "breaks the CommonHV specification: $violations"
}

# listed NAME: whether by CommonHV's list, as opposed to a scan.
listed()
{
	expect "$name-from-the-list" "$draft" "$(attr commonhv draft)"
	expect "$name-no-scan" "$1" "$(counter cpuid-scan)"
}

scanned()
{
	expect "$name-not-commonhv" none "$(attr commonhv draft)"
	expect "$name-scanned" scan "$(attr interface0 source)"
}

repaired()
{
	ok "$name-unloads" unload
	vmctl set x-commonhv-list ok
	vmctl set x-commonhv-leaf ok
}

if [ "$draft" = 2 ]; then
	broken list literal 5 4 list_literal 4 ok; listed 4; repaired
	broken list truncated 4 2 list_truncated 2 ok; listed 2; repaired
	broken list reserved 4 4 header_reserved 4 ok; listed 4; repaired
	broken leaf no-rng-leaf 4 4 rng_leaf_missing 4 absent; listed 4; repaired
	broken leaf feature-bits 4 4 features_reserved 4 ok; listed 4; repaired
	# As draft 1, the header is an entry, and the feature bits are an MSR index.
	broken list ok 5 5 rng_msr_architectural 4 absent draft=1; repaired
else
	broken list truncated 4 2 none 2 ok; listed 2; repaired
	# As draft 2, the location of the first entry is the number of entries.
	broken leaf ok $CAP 3 'header_reserved list_truncated list_capped features_reserved' 3 absent draft=2
	repaired
fi
broken list too-large $CAP $CAP list_capped $CAP ok; listed $CAP; repaired
broken list huge $CAP $CAP list_capped $CAP ok; listed $CAP; repaired
broken list no-answer 4 4 none 3 ok; listed 4
expect no-answer-which '1 1 1 0' "$(interfaces verified)"; repaired
# A location outside of the hypervisors' range is not read.
broken list outside 4 4 none 3 ok; listed 3
expect outside-is-shown 0x80000000 "$(attr interface3 location)"
# No driver is loaded for an interface that is not verified.
expect outside-has-no-modalias '(no interface3/modalias)' "$(attr interface3 modalias)"
expect_match outside-has-no-modalias-uevent 'no MODALIAS' "$(grep MODALIAS $BUS/interface3/uevent || echo no MODALIAS)"
expect_match verified-has-modalias 'MODALIAS=*' "$(grep MODALIAS $BUS/interface2/uevent)"; repaired
broken leaf reserved 4 4 features_reserved 4 ok; listed 4; repaired
broken leaf max-leaf-low 4 4 max_leaf 4 absent; scanned; repaired
broken leaf max-leaf-high 4 4 max_leaf 4 absent; scanned; repaired
broken list ok 4 4 none 4 ok; listed 4; repaired
