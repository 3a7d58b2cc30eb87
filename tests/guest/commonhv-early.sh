#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# In an initramfs, before user space has mounted /dev (scripts/vm --early).

. /lib/guest.sh
. /lib/commonhv.sh

expect no-dev '' "$(ls /dev/random /dev/urandom /dev/hwrng 2>/dev/null)"
ok load load quality=1024
expect state ok "$(attr rng state)"
expect only-line 1 "$(said | wc -l)"
expect_said reseed-works 'CommonHV draft 2'
ok unload unload
