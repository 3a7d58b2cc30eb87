#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The guest's part of scripts/bench: prints "DRIVER METRIC [BLOCK] VALUE" lines.
# Usage: virtio-rng-bench.sh rounds ROUNDS MS | tune ROUNDS MS | crng DRIVER
#        | quality DRIVER PARTS

. /lib/guest.sh
. /lib/virtio-rng.sh

BLOCKS='64 256 1024 4096 16384 65536'
TRACING=/sys/kernel/tracing

insert()
{
	case $1 in
	in-tree) load_module virtio-rng ;;
	ext) insmod /modules/virtio-rng-ext.ko ;;
	null) insmod /modules/null-rng.ko ;;
	esac
}

module()
{
	case $1 in
	in-tree) echo /modules/virtio_rng.ko ;;
	ext) echo /modules/virtio-rng-ext.ko ;;
	esac
}

remove()
{
	case $1 in
	in-tree) rmmod virtio_rng ;;
	ext) rmmod virtio_rng_ext ;;
	null) rmmod null_rng ;;
	esac
}

interrupts()
{
	awk '/virtio[0-9]+-input/ { print $2 }' /proc/interrupts
}

# Pages of the allocators that drivers use, in KiB.
held()
{
	sleep 0.2
	awk '/^SUnreclaim/ { print $2 }' /proc/meminfo
}

# By the transport's notify function: it is called through a pointer, and so
# exists. Slows the machine down: not while speed is measured.
count_kicks()
{
	mount -t tracefs tracefs $TRACING 2>/dev/null
	for count_function in vp_notify vp_notify_with_data; do
		echo "p:$count_function $count_function" >>$TRACING/kprobe_events
	done 2>/dev/null
	echo 1 >$TRACING/events/kprobes/enable
}

kicks()
{
	awk '{ n += $2 } END { print n + 0 }' $TRACING/kprobe_profile
}

stop_counting_kicks()
{
	echo 0 >$TRACING/events/kprobes/enable
	echo >$TRACING/kprobe_events
}

# Four MiB, so that what was prefetched does not matter.
measure_events()
{
	[ "$1" != null ] || return 0
	count_kicks
	events_interrupts=$(interrupts)
	events_kicks=$(kicks)
	dd if=/dev/hwrng of=/dev/null bs=64k count=64 2>/dev/null
	echo "$1 interrupts $((($(interrupts) - events_interrupts) / 4))"
	echo "$1 kicks $((($(kicks) - events_kicks) / 4))"
	stop_counting_kicks
}

measure()
{
	for block in $BLOCKS; do
		# shellcheck disable=SC2046
		set -- "$1" "$2" $(/hwrng throughput "$block" "$2")
		echo "$1 throughput $block $3"
		echo "$1 cpu $block $4"
		set -- "$1" "$2"
	done
	# shellcheck disable=SC2046
	set -- "$1" $(/hwrng latency 20000)
	echo "$1 p50 $2"
	echo "$1 p99 $3"
	measure_events "$1"
}

bench_rounds()
{
	# What depends on neither driver is there before.
	insert in-tree && remove in-tree
	for _ in $(seq "$1"); do
		for _ in 1 2 3 4 5; do
			for driver in in-tree ext; do
				first=$(/hwrng first "$(module $driver)")
				echo "$driver first ${first% *}"
				remove $driver
			done
		done
		for driver in in-tree ext null; do
			before=$(held)
			insert $driver || exit
			echo "$driver held $(($(held) - before))"
			measure $driver "$2"
			remove $driver
		done
	done
}

# NUMBERxSIZE is the driver's name in what this prints.
bench_tune()
{
	for _ in $(seq "$1"); do
		for buffers in 1 2 4 8; do
			for size in 4096 8192 16384 32768 65536; do
				load buffers=$buffers buffer_size=$size || exit
				# shellcheck disable=SC2046
				set -- "$1" "$2" $(/hwrng throughput 65536 "$2")
				echo "${buffers}x$size throughput 65536 $3"
				set -- "$1" "$2"
				unload
			done
		done
	done
}

# Once a boot: when is the kernel's RNG ready?
bench_crng()
{
	ready=$(/hwrng first "$(module "$1")")
	echo "$1 crng ${ready#* }"
}

# Parts of 4 MiB, for the host to judge.
bench_quality()
{
	insert "$1" || exit
	for part in $(seq "$2"); do
		dd if=/dev/hwrng of=/tmp/part bs=64k count=64 iflag=fullblock 2>/dev/null
		vmctl put /tmp/part "$1.$part" || exit
		echo "$1 quality $part"
	done
}

load_bus
what=$1
shift
"bench_$what" "$@"
