#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# In an initramfs, before user space has mounted /dev (scripts/vm --early).

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

expect no-dev '' "$(ls /dev/random /dev/urandom /dev/hwrng 2>/dev/null)"
vmctl set x-commonhv-rng counting
witness_start
ok load load quality=1024
expect state ok "$(attr rng state)"
expect_match only-lines 'CommonHV draft 2*|forks of this VM go unnoticed*|' \
	"$(said | tr '\n' '|')"
expect_witness load-mixes-16-words-then-reseeds <<-END
	mix 128 msr:1-16 by commonhv
	reseed by commonhv
END
ok unload unload
witness_stop
