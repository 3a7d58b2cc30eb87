# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The source is RDRAND, and options are misspelt, so the defaults hold: draft 2, a pool. It
# is used up before the kernel RNG is ready: zeros are mixed, and not credited.

# shellcheck source=tests/xen/dom0.sh
. /xen/dom0.sh

msr_driver
expect pool 64 "$(values 64 | new_values)"
ready=$(dmesg | grep 'random: crng init done') || :
witness_start
ok loads load quality=1024
shows 2 0x4f000003 rng 1
expect exhausted 'exhausted 16 16 0' "$(rng_counts)"
expect no-credit '1024 0' "$(attr rng quality) $(attr rng bits_credited)"
expect_witness mixes-and-does-not-credit commonhv <<-END
	mix 128 0x0 0x0 .. by commonhv
	? reseed by commonhv
END
if [ "$ready" ]; then
	skip not-ready 'the kernel RNG was ready before'
else
	# The kernel's own way may make it ready right now, and then says so later.
	refused not-ready witness_has 'credit *'
fi
expect_said says-so 'RNG MSR is exhausted'
