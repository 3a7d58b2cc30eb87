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
# CPUIDs beside those of the list. The first generation takes two looks at all leaves.
[ "$draft" = 3 ] && cost=20 || cost=4

# broken PROPERTY MODE CLAIMED NR-INTERFACES VIOLATIONS VERIFIED RNG-STATE [PARAMETER...]
# loads the module on a host that misbehaves that way, and claims that many
# interfaces. VERIFIED counts.
broken()
{
	name=$1-$2 claimed=$3 nr=$4 violations=$5 verified=$6 state=$7
	vmctl set "x-commonhv-$1" "$2"
	shift 7
	reset_counters
	# A timer would count, too.
	ok "$name-loads" load generation_ms=0 "$@"
	expect "$name-interfaces" "$nr $nr" "$(attr commonhv nr_interfaces) $(nr_interfaces)"
	expect "$name-violations" "$violations" "$(attr commonhv violations)"
	expect "$name-verified" "$verified" "$(interfaces verified | tr -cd 1 | wc -c)"
	expect "$name-rng" "$state" "$(attr rng state)"
	expect_at_most "$name-cost" $((claimed + cost)) "$(commonhv_cpuids)"
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
	vmctl set x-commonhv-list ok x-commonhv-leaf ok
	[ "$draft" != 3 ] || vmctl set x-commonhv-version ok x-commonhv-generation-mode ok
}

# generation_by SOURCE DRAFT
generation_by()
{
	expect "$name-generation" "$1" "$(attr generation source)"
	expect "$name-draft" "$2" "$(attr commonhv draft)"
}

# Each look finds a fork. The guest lives, and the module can be unloaded.
generation_changes_always()
{
	vmctl set x-commonhv-generation-mode changing
	ok changing-loads load generation_ms=10
	ok changing-is-seen wait_for 60 sh -c "[ \$(cat $BUS/generation/changes) -ge 10 ]"
	ok changing-read sh -c 'echo commonhv >/sys/class/misc/hw_random/rng_current &&
		dd if=/dev/hwrng bs=64 count=20 of=/dev/null'
	name=changing
	repaired
}

if [ "$draft" = 2 ]; then
	broken list literal 5 4 list_literal 4 ok; listed 4; repaired
	broken list truncated 4 2 list_truncated 2 ok; listed 2; repaired
	broken list reserved 4 4 header_reserved 4 ok; listed 4; repaired
	broken leaf no-rng-leaf 4 4 rng_leaf_missing 4 absent; listed 4; repaired
	broken leaf feature-bits 4 4 features_reserved 4 ok; listed 4; repaired
	# As draft 1, the header is an entry, and the feature bits are an MSR index.
	broken list ok 5 5 rng_msr_architectural 4 absent draft=1; repaired
elif [ "$draft" = 3 ]; then
	for version in 0 2 100; do
		broken version $version 4 4 version 4 ok; generation_by none 2; repaired
	done
	broken version 4 4 4 none 4 ok; generation_by cpuid 3; repaired
	broken version reserved 4 4 version_reserved 4 ok; generation_by cpuid 3; repaired
	for version in msr-1b msr-rng msr-ffffffff; do
		broken version $version 4 4 generation_msr 4 ok; generation_by cpuid 3; repaired
	done
	broken version max-leaf-4 4 4 generation_leaf_missing 4 ok; generation_by msr 3; repaired
	broken generation-mode zero 4 4 none 4 ok; generation_by none 3; repaired
	broken generation-mode differ 4 4 none 4 ok; generation_by cpuid 3; repaired
	broken generation-mode reserved 4 4 none 4 ok; generation_by cpuid 3; repaired
	generation_changes_always
	broken list literal 5 4 list_literal 4 ok; listed 4; repaired
	broken list truncated 4 2 list_truncated 2 ok; listed 2; repaired
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
