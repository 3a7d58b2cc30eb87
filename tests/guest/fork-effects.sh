#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a VM fork does to the kernel RNG, in which order: with each order of loading
# vmgenid-ext, commonhv and virtio-rng-ext; without vmgenid-ext; with a hypervisor that
# answers too late; and with another fork in the midst of it.
# (-device vmgenid, fork.aml, and -device virtio-rng-pci,id=rng0)

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/commonhv.sh
. /lib/virtio-rng.sh
. /lib/witness.sh

# The in-tree driver, which reseeds and calls the kernel's own notifiers.
beside()
{
	ls -d /sys/bus/*/drivers/vmgenid/*:* >/dev/null 2>&1
}

insert()
{
	case $1 in
	commonhv) insmod /modules/commonhv.ko interval_s=0 ;;
	*) insmod "/modules/$1.ko" ;;
	esac
}

# remove MODULE...: vmgenid-ext last, which the others keep.
remove()
{
	for module; do
		[ "$module" = vmgenid-ext ] || ok "$name-unloads-$module" rmmod "$module"
	done
	case " $* " in
	*' vmgenid-ext '*) ok "$name-unloads-vmgenid-ext" rmmod vmgenid-ext ;;
	esac
}

virtio_counted()
{
	vmctl qmp '{"execute":"qom-get","arguments":{
		"path":"/machine/peripheral/rng0/virtio-backend","property":"x-counted"}}'
}

# All buffers are full, and the host has nothing to do.
is_idle()
{
	idle_before=$(virtio_counted)
	[ "$(cat /sys/bus/virtio/devices/virtio0/buffered_bytes)" -ge 98304 ] &&
		[ "$(virtio_counted)" = "$idle_before" ]
}

# begin MODULE...: loads them; the next words of the hosts are known.
begin()
{
	for module; do
		ok "$name-loads-$module" insert "$module"
	done
	[ ! -d /sys/module/virtio_rng_ext ] || ok "$name-fills-buffers" wait_for 60 is_idle
	forget
}

# forget: the next words of the hosts are known, and nothing has happened.
forget()
{
	vmctl set x-commonhv-rng-counted 0
	counted=$(virtio_counted)
	fresh="virtio:$((counted + 1))-$((counted + 8))"
	witness_clear
}

# is_in_time END: has virtio-rng answered by then? On a busy machine 50 ms may be too
# short.
is_in_time()
{
	case "$(witness_list kworker | tr '\n' ' ')" in
	*'mix 64 '*"$1"*) ;;
	*) return 1 ;;
	esac
}

# try_again: when the answer of a fork that came too late has been mixed.
try_again()
{
	wait_for 20 witness_has 'mix 64 *'
	wait_for 60 is_idle
	forget
	tries=$((tries + 1))
	cat "$FORK" >/dev/null
}

# What the in-tree driver does.
kernels_own()
{
	! beside || printf 'vmfork 16 %s by kworker\nreseed by kworker\n' "$id"
}

# WireGuard makes new keys: it is to find the kernel RNG reseeded by all that
# subscribe, though it was there before them.
others()
{
	! beside || echo 'others by kworker'
}

# The end of it, by the pipeline's thread; commonhv's own goes on for itself.
is_over()
{
	case "$(witness_list kworker | tr '\n' ' ')" in
	*publish*vmfork*reseed*others*) ;;
	*publish*) ! beside ;;
	*) return 1 ;;
	esac
}

# two_rounds: has the ID been mixed twice before it was published?
two_rounds()
{
	case "$(witness_list kworker | tr '\n' ' ')" in
	*'mix 16 '*'mix 16 '*publish*) ;;
	*) return 1 ;;
	esac
}

# with_pipeline MODULE...: loaded in this order.
with_pipeline()
{
	name=$(echo "$*" | tr ' ' ,)
	begin "$@"
	refused "$name-keeps-vmgenid-ext" rmmod vmgenid-ext
	tries=1
	cat "$FORK" >/dev/null
	while wait_for 20 is_over && ! is_in_time publish && [ $tries -lt 5 ]; do
		try_again
	done
	id=$(/clones id)
	ok "$name-fork-is-over" is_over
	expect_witness "$name-fork-mixes-id-reseeds-mixes-fresh-words-reseeds-publishes" kworker <<-END
		mix 16 $id by kworker
		reseed by kworker
		& drop by kworker
		& mix 64 $fresh by kworker
		& mix 128 msr:1-16 by kworker
		reseed by kworker
		publish $tries by kworker
		$(kernels_own)
		$(others)
	END
	remove "$@"
}

# Subscribers of the kernel's notifier, which it calls after its reseed.
without_pipeline()
{
	name=without-vmgenid-ext
	log_mark
	begin commonhv virtio-rng-ext
	tries=1
	cat "$FORK" >/dev/null
	if beside; then
		while wait_for 20 witness_has 'others *' && ! is_in_time others && [ $tries -lt 5 ]; do
			try_again
		done
		id=$(/clones id)
		ok $name-fork-is-over witness_has 'others *'
		expect_witness $name-fork-mixes-fresh-words-and-reseeds-again kworker <<-END
			$(kernels_own)
			mix 128 msr:1-16 by kworker
			reseed by kworker
			drop by kworker
			mix 64 $fresh by kworker
			reseed by kworker
			$(others)
		END
	else
		sleep 1
		expect_witness $name-nobody-notices-a-fork </dev/null
		expect $name-says-so 2 "$(log_since | grep -c 'forks of this VM go unnoticed')"
	fi
	remove commonhv virtio-rng-ext
}

# The host's answer comes when all is over: it is mixed, and the kernel reseeds.
late_answer()
{
	name=late-answer
	begin vmgenid-ext virtio-rng-ext
	misbehave silent
	cat "$FORK" >/dev/null
	id=$(/clones id)
	ok $name-fork-is-over wait_for 20 is_over
	expect_witness $name-is-not-waited-for kworker <<-END
		mix 16 $id by kworker
		reseed by kworker
		drop by kworker
		reseed by kworker
		publish 1 by kworker
		$(kernels_own)
		$(others)
	END
	witness_clear
	misbehave counting
	ok $name-comes wait_for 20 witness_has 'reseed by kworker'
	expect_witness $name-is-mixed-and-the-kernel-reseeds kworker <<-END
		mix 64 $fresh by kworker
		reseed by kworker
	END
	remove vmgenid-ext virtio-rng-ext
}

# The ID changes while a silent device is waited for: from the top, and once only is
# published. Where it changes before that, it is one fork: try again.
fork_in_fork()
{
	name=fork-in-fork
	begin vmgenid-ext virtio-rng-ext
	misbehave silent
	tries=0
	while [ $tries -lt 20 ] && ! two_rounds; do
		tries=$((tries + 1))
		witness_clear
		cat "$FORK" "$CHANGE_ID" >/dev/null
		# The in-tree driver's part too: it must not be in the next list.
		wait_for 20 is_over
	done
	id=$(/clones id)
	expect_witness $name-starts-from-the-top-and-publishes-once kworker <<-END
		mix 16 0x* by kworker
		reseed by kworker
		drop by kworker
		reseed by kworker
		mix 16 $id by kworker
		reseed by kworker
		drop by kworker
		reseed by kworker
		publish $tries by kworker
		? vmfork *
		? reseed by kworker
		? others by kworker
	END
	misbehave counting
	remove vmgenid-ext virtio-rng-ext
}

vmctl set x-commonhv-rng counting
misbehave counting
load_bus
ok load-wireguard load_module wireguard
witness_start
with_pipeline vmgenid-ext commonhv virtio-rng-ext
with_pipeline vmgenid-ext virtio-rng-ext commonhv
with_pipeline commonhv vmgenid-ext virtio-rng-ext
with_pipeline commonhv virtio-rng-ext vmgenid-ext
with_pipeline virtio-rng-ext vmgenid-ext commonhv
with_pipeline virtio-rng-ext commonhv vmgenid-ext
without_pipeline
late_answer
fork_in_fork
witness_stop
