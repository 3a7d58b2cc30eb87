#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The machine is restored: with the VM generation ID that it had, and with another one.
# Either is one fork, which vmgenid-ext publishes.
# Usage: vmgenid-generation.sh on|off|comes|kernel
#	on	CommonHV has a generation, and commonhv looks at it
#	off	it has none: the fork with the same ID goes unnoticed
#	comes	it has none at first, and then one, and then none again, with the same ID
#	kernel	on, without vmgenid-ext: the in-tree driver's notifier and the generation
#		tell of the same fork (--module vmgenid)

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/vmgenid.sh
. /lib/witness.sh

# restored OPTION...: by a host that counts from 1, and the list is empty.
restored()
{
	witness_clear
	vmctl restore "cpu=max,$cpu,x-commonhv-rng=counting" "$@"
}

published()
{
	ok "$1-is-published" wait_for 20 vmgenid_is generation "$2"
	ok "$1-has-its-late-phase" wait_for 20 witness_has 'reseed by commonhv'
	expect "$1-is-one-fork" "$2 $2" "$(vmgenid generation) $(vmgenid forks)"
	expect_witness "$1-mixes-words-of-the-host-between-reseeds" kworker <<-END
		mix 8 * by kworker
		[mv]* 16 * by kworker
		reseed by kworker
		mix 128 msr:1-16 by kworker
		reseed by kworker
		publish $2 by kworker
		? vmfork 16 * by kworker
		? reseed by kworker
	END
}

generation_on()
{
	cpu=commonhv=on,commonhv-draft=3
	ok load-vmgenid-ext load_vmgenid
	ok load load
	restored
	published same-id 1
	restored vmgenid=auto
	published other-id 2
	expect changes 2 "$(attr generation changes)"
}

generation_off()
{
	cpu=commonhv=on,commonhv-draft=3,commonhv-generation=off
	ok load-vmgenid-ext load_vmgenid
	ok load load
	expect source none "$(attr generation source)"
	restored
	sleep 2
	expect same-id-goes-unnoticed '0 0' "$(vmgenid generation) $(vmgenid forks)"
	restored vmgenid=auto
	ok other-id-is-published wait_for 20 vmgenid_is generation 1
}

# No event tells of it, so a round has to find it.
generation_comes()
{
	cpu=commonhv=on,commonhv-draft=3,commonhv-generation=off
	ok load-vmgenid-ext load_vmgenid
	ok load load interval_s=1
	expect source none "$(attr generation source)"
	# A subscriber that is no source has no say.
	# What it needs is built in on Debian's kernels.
	load_module virtio_pci
	ok load-virtio-rng-ext insmod /modules/virtio-rng-ext.ko
	cpu=commonhv=on,commonhv-draft=3
	restored
	ok comes-is-published wait_for 20 vmgenid_is generation 1
	expect comes "cpuid 1" "$(attr generation source) $(attr generation changes)"
	cpu=commonhv=on,commonhv-draft=3,commonhv-generation=off
	restored
	ok goes-is-published wait_for 20 vmgenid_is generation 2
	expect goes "none 2" "$(attr generation source) $(attr generation changes)"
	expect forks 2 "$(vmgenid forks)"
	ok unload-virtio-rng-ext rmmod virtio-rng-ext
}

# Without a timer, as it is not certain which of the two comes first.
generation_kernel()
{
	cpu=commonhv=on,commonhv-draft=3
	load_module vmgenid
	ok load load generation_ms=0
	echo commonhv >/sys/class/misc/hw_random/rng_current
	restored vmgenid=auto
	ok notifier-is-noticed wait_for 20 witness_has 'reseed by commonhv'
	hwrng_bytes >/dev/null
	sleep 1
	expect changes 1 "$(attr generation changes)"
	expect_witness both-are-one-fork kworker <<-END
		vmfork 16 * by kworker
		reseed by kworker
		mix 8 * by kworker
		mix 128 msr:1-16 by kworker
		reseed by kworker
	END
}

witness_start
"generation_$1"
ok unload unload
[ "$1" = kernel ] || ok unload-vmgenid-ext rmmod vmgenid-ext
witness_stop
