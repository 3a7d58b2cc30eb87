#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# How long after the firmware's notification the kernel RNG is reseeded, and
# the fork published: by the in-tree driver alone, and with vmgenid-ext
# beside it. In turns, so that both meet the same load; in us of the guest, from
# kprobe events. With "silent", virtio-rng-ext has a device that answers nothing; with
# "commonhv", commonhv is loaded, which may have a source of forks.
# Usage: vmgenid-latency.sh FORKS [silent|commonhv]

. /lib/guest.sh
. /lib/vmgenid.sh

ROUNDS=5
TRACE=/sys/kernel/tracing

mount -t tracefs tracefs $TRACE 2>/dev/null
echo mono >$TRACE/trace_clock
# Names of tasks would take a hook in the scheduler: patching that while it runs
# on another processor is more than the emulator can do.
echo 0 >$TRACE/options/record-cmd
echo 'p:lat/notify acpi_ev_notify_dispatch' >>$TRACE/kprobe_events
echo 'p:lat/reseed crng_reseed' >>$TRACE/kprobe_events

# forks NUMBER FILE: makes as many, and adds a line for each: us from its
# notification to the first reseed and to the publication, and from the last look
# at the ID to the publication ("-" without).
forks()
{
	echo >$TRACE/trace
	echo 1 >$TRACE/events/lat/enable
	for _ in $(seq "$1"); do
		cat "$FORK" >/dev/null
		# Until all is over; a silent device is waited for.
		usleep 120000
	done
	echo 0 >$TRACE/events/lat/enable
	awk '
	function out() { if (start) print reseed, publish, window }
	!match($0, / [0-9]+\.[0-9]+: [a-z]+:/) { next }
	{
		split(substr($0, RSTART + 1, RLENGTH - 1), part, ": *")
		us = part[1] * 1e6
		event = part[2]
	}
	event == "notify" { out(); start = us; reseed = publish = window = "-" }
	event == "reseed" && reseed == "-" { reseed = int(us - start) }
	event == "look" { look = us }
	event == "publish" && publish == "-" {
		publish = int(us - start)
		window = int(us - look)
	}
	END { out() }' $TRACE/trace >>"$2"
}

# percentile FILE COLUMN PERCENT
percentile()
{
	awk -v column="$2" '$column != "-" { print $column }' "$1" | sort -n |
		awk -v percent="$3" '{ us[NR] = $1 }
			END { print NR ? us[int((NR * percent + 99) / 100)] : "none" }'
}

# report NAME FILE COLUMN
report()
{
	echo "$1: median $(percentile "$2" "$3" 50) us, p99 $(percentile "$2" "$3" 99) us"
}

if [ "$2" = silent ]; then
	. /lib/virtio-rng.sh
	load_bus
	ok load-virtio-rng-ext insmod /modules/virtio-rng-ext.ko
	misbehave silent
fi
[ "$2" != commonhv ] || ok load-commonhv insmod /modules/commonhv.ko interval_s=0
for _ in $(seq $ROUNDS); do
	forks $(($1 / ROUNDS)) /tmp/alone
	load_vmgenid || exit 1
	echo 'p:lat/publish vmgenid_ext:vmgenid_sysgenid_publish' >>$TRACE/kprobe_events
	echo 'p:lat/look vmgenid_ext:vmgenid_id_read' >>$TRACE/kprobe_events
	forks $(($1 / ROUNDS)) /tmp/beside
	echo '-:lat/publish' >>$TRACE/kprobe_events
	echo '-:lat/look' >>$TRACE/kprobe_events
	# A subscriber keeps it loaded.
	case $2 in
	silent)
		rmmod virtio-rng-ext && rmmod vmgenid-ext && insmod /modules/virtio-rng-ext.ko ;;
	commonhv)
		echo "sources: $(vmgenid sources), reports: $(vmgenid vmgenid_reports) $(vmgenid vmclock_reports) $(vmgenid subscribers_reports)"
		rmmod commonhv && rmmod vmgenid-ext && insmod /modules/commonhv.ko interval_s=0 ;;
	*)
		rmmod vmgenid-ext ;;
	esac
done
report 'in-tree driver alone, to the reseed' /tmp/alone 1
report 'vmgenid-ext beside it, to the first reseed' /tmp/beside 1
report 'vmgenid-ext beside it, to the publication' /tmp/beside 2
report 'from the last look at the ID to the publication' /tmp/beside 3
expect measured "$1 $1" "$(grep -c '^[0-9]' /tmp/alone) $(grep -c ' [0-9]' /tmp/beside)"
