#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An RNG MSR that misbehaves, as hw_random, sysfs and the log show it. The kernel RNG
# is ready, so nothing is credited in any case. And an RNG MSR that behaves: how often
# it is read, when it is written, and that hw_random prefers any other device.

. /lib/guest.sh
. /lib/commonhv.sh

# rng MODE STATE ZEROS REPEATS FAULTS READ: loads with the RNG in that mode; READ
# says whether /dev/hwrng gives bytes.
rng()
{
	mode=$1
	vmctl set x-commonhv-rng "$1"
	ok "$1-loads" load quality=1024
	expect "$1-state" "$2" "$(attr rng state)"
	expect_match "$1-zeros" "$3" "$(attr rng zeros)"
	expect_match "$1-repeats" "$4" "$(attr rng repeats)"
	expect_match "$1-faults" "$5" "$(attr rng faults)"
	echo commonhv >/sys/class/misc/hw_random/rng_current
	expect "$1-hwrng" "$6" "$([ "$(hwrng_bytes)" ] && echo bytes || echo error)"
	[ "$2" = ok ] || expect_said "$1-says-so" "RNG MSR is $2"
}

repaired()
{
	ok "$mode-unloads" unload
	vmctl set x-commonhv-rng ok
}

rng ok ok 0 0 0 bytes
repaired

rng zeros exhausted 16 0 0 error
repaired

vmctl set x-commonhv-rng-pool 5
rng pool exhausted 11 0 0 error
repaired

rng stuck unhealthy 0 15 0 error
# It stays unhealthy, whatever it returns now.
vmctl set x-commonhv-rng ok
expect stuck-stays-unhealthy error "$([ "$(hwrng_bytes)" ] && echo bytes || echo error)"
expect stuck-state-stays unhealthy "$(attr rng state)"
repaired

rng alternate unhealthy 0 14 0 error
repaired

reset_counters
rng gp-read faulted 0 0 '[1-9]' error
expect_at_most gp-read-gives-up 3 "$(counter rdmsr)"
# Unlike one that lied, one that failed may come back.
vmctl set x-commonhv-rng ok
expect gp-read-recovers bytes "$([ "$(hwrng_bytes)" ] && echo bytes || echo error)"
expect gp-read-state-recovers ok "$(attr rng state)"
repaired

# Rounds without an event: the leaves, and one word in rounds 1, 2, 4 and so on. The
# load reads the leaves twice, as it offers entropy.
quiet()
{
	seen=$(vmctl get x-commonhv-cpuid-0 x-commonhv-cpuid-1 x-commonhv-cpuid-2 \
		x-commonhv-cpuid-3 x-commonhv-cpuid-other x-commonhv-cpuid-scan \
		x-commonhv-rdmsr x-commonhv-wrmsr)
	looks=${seen%% *}
	words=0 round=1
	while [ $round -le $((looks - 2)) ]; do
		words=$((words + 1)) round=$((round * 2))
	done
	# Of the list and to verify, one at the load. Not in the middle of a round.
	[ $words -ge 3 ] && [ "$seen" = "$looks $((looks + 1)) $looks $looks 0 1 $((16 + words)) 1" ]
}

reset_counters
ok quiet-loads load interval_s=1 offer_entropy=1
if wait_for 60 quiet; then
	pass quiet
else
	fail quiet "seen last: $seen"
fi
ok quiet-unloads unload

# hw_random prefers any other device, on 6.1 also one without a quality.
for module in virtio_pci virtio-rng; do
	[ ! -e "/modules/$module.order" ] || load_module "$module"
done
case $(uname -r) in
6.1.*) echo 0 >/sys/class/misc/hw_random/rng_quality ;;
esac
current=$(cat /sys/class/misc/hw_random/rng_current)
expect_match other-rng 'virtio_rng.*' "$current"
ok beside-loads load
expect beside-available yes "$(hwrng_names)"
expect beside-not-preferred "$current" "$(cat /sys/class/misc/hw_random/rng_current)"
ok beside-unloads unload
rmmod virtio_rng

# Input that is announced and faults; commonhv-effects.sh has the rest.
vmctl set x-commonhv-rng gp-write
reset_counters
mode=gp-write
ok gp-write-loads load offer_entropy=1
expect gp-write-once 1 "$(counter wrmsr)"
expect gp-write-state 'ok 1' "$(attr rng state) $(attr rng faults)"
expect_said gp-write-says-so 'no more entropy is offered'
repaired
