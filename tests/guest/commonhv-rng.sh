#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An RNG MSR that is not what it should be, and what hw_random, sysfs and the
# log say then. The kernel's RNG is ready: nothing is credited here in any case.

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
	[ "$2" = ok ] || expect_said "$1-says-so" "RNG is $2"
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
# Not to be believed any more, whatever it gives now.
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

# Giving entropy back: only when asked to, only where it is taken.
reset_counters
ok no-offer-loads load
expect no-offer 0 "$(counter wrmsr)"
unload
reset_counters
ok offer-loads load offer=1
expect_match offer '[1-9]*' "$(counter wrmsr)"
unload

vmctl set x-commonhv-rng gp-write
reset_counters
mode=gp-write
ok gp-write-loads load offer=1
expect gp-write-once 1 "$(counter wrmsr)"
expect gp-write-state 'ok 1' "$(attr rng state) $(attr rng faults)"
expect_said gp-write-says-so 'no more is offered'
repaired
