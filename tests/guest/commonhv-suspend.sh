#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Suspend to RAM and back: 16 words of the RNG MSR are mixed at resume, and the kernel
# reseeds. The health tests start over, as it may be another host's RNG.

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

vmctl set x-commonhv-rng counting
witness_start
ok load load
vmctl set x-commonhv-rng stuck
hwrng_bytes >/dev/null
vmctl set x-commonhv-rng counting
expect unhealthy unhealthy "$(attr rng state)"
for round in 1 2; do
	vmctl set x-commonhv-rng-counted 0
	witness_clear
	vmctl on SUSPEND '{"execute":"system_wakeup"}'
	ok "suspend-$round" sh -c 'echo mem >/sys/power/state'
	ok "resume-is-noticed-$round" wait_for 20 witness_has 'reseed by commonhv'
	expect_witness "resume-mixes-16-words-then-reseeds-$round" commonhv <<-END
		mix 128 msr:1-16 by commonhv
		reseed by commonhv
	END
done
expect state ok "$(attr rng state)"
ok unload unload
witness_stop
