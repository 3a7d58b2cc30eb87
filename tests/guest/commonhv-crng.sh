#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's RNG is not ready at load: credit, and nothing but credit, makes it
# so. One that sends nothing of worth must not, first.
# (-cpu max,-rdrand,-rdseed and random.trust_bootloader=off)

. /lib/guest.sh
. /lib/commonhv.sh

ready()
{
	dmesg | grep -q 'random: crng init done'
}

expect not-ready-at-first no "$(ready && echo yes || echo no)"

# worthless MODE QUALITY STATE
worthless()
{
	vmctl set x-commonhv-rng "$1"
	ok "$1-$2-loads" load "quality=$2"
	expect "$1-$2-state" "$3" "$(attr rng state)"
	expect "$1-$2-no-credit" "$2 0" "$(attr rng quality) $(attr rng bits_credited)"
	expect "$1-$2-mixed-all-the-same" "$(($(attr rng reads) * 8 - $(attr rng faults) * 8))" \
		"$(attr rng bytes_mixed)"
	expect "$1-$2-not-ready" no "$(ready && echo yes || echo no)"
	ok "$1-$2-unloads" unload
}

worthless zeros 1024 exhausted
worthless stuck 1024 unhealthy
worthless alternate 1024 unhealthy
worthless gp-read 1024 faulted
worthless ok 0 ok
# 16 words of 64 bits, of which one bit in 1024 counts: one bit.
ok little-loads load quality=1
expect little-credit 1 "$(attr rng bits_credited)"
expect little-is-not-enough no "$(ready && echo yes || echo no)"
ok little-unloads unload

ok full-loads load quality=1024
ok full-makes-ready wait_for 20 ready
expect full-credit 1024 "$(attr rng bits_credited)"
# On 6.1 the thread that made it ready sleeps for up to a minute, in the kernel.
before=$(cut -d. -f1 /proc/uptime)
ok full-unloads unload
expect_at_most unload-does-not-wait 10 $(($(cut -d. -f1 /proc/uptime) - before))
ok again-loads load quality=1024
expect ready-needs-no-credit 0 "$(attr rng bits_credited)"
ok again-unloads unload
