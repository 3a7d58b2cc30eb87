#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The kernel RNG is not ready, and commonhv is loaded first and credits nothing. hw_random
# must take a virtio-rng that comes next, without a wait for the end of its sleep of 10 s.
# (-cpu max,-rdrand,-rdseed and random.trust_bootloader=off)
# Usage: commonhv-then-virtio.sh

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

ready()
{
	dmesg | grep -q 'random: crng init done'
}

is_registered()
{
	[ "$(hwrng_names)" = yes ]
}

load_module virtio_pci
witness_start
ok loads load
before=$(hwrng_names)
if ready; then
	skip makes-way 'the kernel RNG has become ready by itself'
else
	expect makes-way no "$before"
fi
# Nothing else comes.
ok registers-in-the-end wait_for 60 is_registered
ok unloads unload
ok loads-again load
if ready; then
	skip by-virtio-rng 'the kernel RNG has become ready by itself'
else
	ok virtio-rng-ext-loads insmod /modules/virtio-rng-ext.ko
	ok is-ready-then wait_for 60 ready
	expect_match credited-by-hw-random 'credit * by hwrng*' \
		"$(witness_list | grep '^credit' | tr '\n' ';')"
	expect_match is-second 'virtio*' "$(cat /sys/class/misc/hw_random/rng_current)"
	ok virtio-rng-ext-unloads rmmod virtio_rng_ext
fi
ok registers-when-it-is-ready wait_for 60 is_registered
ok unloads-meanwhile unload
ok loads-when-ready load
expect registers-at-once yes "$(hwrng_names)"
ok unloads-when-ready unload
witness_stop
