#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# commonhv is loaded first, credits nothing, and is hw_random's first device. The kernel
# RNG is not ready. A virtio-rng that comes later must make it so, without a wait for the
# end of hw_random's sleep of 10 s.
# (-cpu max,-rdrand,-rdseed and random.trust_bootloader=off)
# Usage: commonhv-then-virtio.sh

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

ready()
{
	dmesg | grep -q 'random: crng init done'
}

# How often hw_random's thread, or a reader, has asked commonhv for bytes.
asked()
{
	awk '$1 == "asked" { print $2 }' $TRACING/kprobe_profile
}

asked_often()
{
	[ "$(asked)" -ge 30 ]
}

load_module virtio_pci
witness_start
echo 'p:asked/asked commonhv:commonhv_hwrng_read' >>$TRACING/kprobe_events
echo 1 >$TRACING/events/asked/asked/enable
ok loads load
expect is-current commonhv "$(cat /sys/class/misc/hw_random/rng_current)"
# With sleeps of 10 s this would take five minutes.
ok hw-random-looks-for-another-device-all-the-time wait_for 60 asked_often
# The timer that wakes the thread must not outlive the module.
ok unloads-meanwhile unload
ok loads-again load
if ready; then
	skip by-virtio-rng 'the kernel RNG has become ready by itself'
else
	ok virtio-rng-ext-loads insmod /modules/virtio-rng-ext.ko
	ok is-ready-then wait_for 60 ready
	expect_match credited-by-hw-random 'credit * by hwrng*' \
		"$(witness_list | grep '^credit' | tr '\n' ';')"
fi
ok unloads unload
ok virtio-rng-ext-unloads rmmod virtio_rng_ext
# The registration reads once, and the thread once; then it sleeps for its 10 s.
before=$(asked)
ok loads-when-ready load
sleep 2
expect_at_most is-left-alone-when-ready 3 $(($(asked) - before))
ok unloads-when-ready unload
echo 0 >$TRACING/events/asked/asked/enable
witness_stop
