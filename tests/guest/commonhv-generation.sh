#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The generation of draft 3, which changes under the running guest: it is noticed at the
# times when it should be, and words of the host reach the kernel RNG.
# Usage: commonhv-generation.sh cpuid|msr

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

how=$1
next=0x1111222233330000

changes_are()
{
	[ "$(attr generation changes)" = "$1" ]
}

# fork: as if the machine had been loaded from a saved state.
fork()
{
	next=$(printf '0x%x' $((next + 1)))
	vmctl set x-commonhv-rng-counted 0
	witness_clear
	vmctl set x-commonhv-generation "$next"
}

# forked NAME CHANGES: it is noticed, and takes effect before the list is read again.
forked()
{
	ok "$1-is-noticed" wait_for 20 changes_are "$2"
	ok "$1-has-its-late-phase" wait_for 20 witness_has 'reseed by commonhv'
	expect_witness "$1-mixes-generation-and-words-of-the-host-between-reseeds" <<-END
		mix 8 $next by kworker
		mix 128 msr:1-16 by kworker
		reseed by kworker
		mix 128 msr:17-32 by commonhv
		reseed by commonhv
	END
}

vmctl set x-commonhv-rng counting
witness_start
ok load load
expect draft 3 "$(attr commonhv draft)"
expect max-leaf 0x4f000005 "$(attr commonhv max_leaf)"
expect features 'rng generation' "$(attr commonhv features)"
expect violations none "$(attr commonhv violations)"
expect source "$how" "$(attr generation source)"
expect first-is-no-fork 0 "$(attr generation changes)"
expect_said log 'CommonHV draft 3'
expect nobody-says-that-forks-go-unnoticed 0 "$(said | grep -c 'go unnoticed')"
sleep 1
expect no-change-is-no-fork 0 "$(attr generation changes)"
fork
forked timer 1
fork
forked timer-again 2
ok unload unload

# Without a timer: when somebody reads, and at resume.
ok load-without-timer load generation_ms=0
fork
sleep 1
expect no-timer 0 "$(attr generation changes)"
# 6.1 reads for the kernel RNG when the device is chosen.
echo commonhv >/sys/class/misc/hw_random/rng_current
hwrng_bytes >/dev/null
ok read-is-noticed wait_for 20 changes_are 1
ok read-has-its-late-phase wait_for 20 witness_has 'reseed by commonhv'
if [ -e /sys/power/pm_test ]; then
	fork
	echo 0 2>/dev/null >/sys/module/suspend/parameters/pm_test_delay
	echo freezer >/sys/power/pm_test
	ok sleeps sh -c 'echo freeze >/sys/power/state'
	echo none >/sys/power/pm_test
	ok resume-is-noticed wait_for 20 changes_are 2
else
	skip resume-is-noticed 'this kernel has no test of suspending (CONFIG_PM_DEBUG)'
fi
ok unload-without-timer unload

# Zero is no generation.
vmctl set x-commonhv-generation 0
ok load-zero load
expect zero-is-none none "$(attr generation source)"
ok unload-zero unload
witness_stop
