#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# commonhv takes part in the pipeline: at a fork the RNG MSR is read, whether
# commonhv was loaded after vmgenid-ext, before it, or alone (and then only if
# the kernel has a driver to notice).

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/commonhv.sh

# fork_reads NAME LEAST: forks, and counts reads of the MSR, seen from the host.
fork_reads()
{
	vmctl set x-commonhv-rdmsr 0
	cat "$FORK" >/dev/null
	sleep 1
	reads=$(counter rdmsr)
	[ "$reads" -ge "$2" ]
	expect "$1-reads-$2-at-least" 0 $?
}

ok load-vmgenid-ext load_vmgenid
ok load-commonhv load
fork_reads after 16
expect after-told 1 "$(vmgenid generation)"
refused stays-while-subscribed rmmod vmgenid-ext
ok unload-commonhv unload
ok unload-vmgenid-ext rmmod vmgenid-ext

if ls -d /sys/bus/*/drivers/vmgenid/*:* >/dev/null 2>&1; then
	ok load-commonhv-alone load
	fork_reads alone 16
	ok load-vmgenid-ext-after load_vmgenid
	fork_reads before 16
	expect before-told 1 "$(vmgenid generation)"
	ok unload-vmgenid-ext-first rmmod vmgenid-ext
	ok unload-commonhv-then unload
else
	vmctl skip alone 'nobody notices a fork then, on this kernel'
fi
