#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The emulator itself: one processor patches the kernel's code while the other one runs it:
# see hypervisor/qemu/translation-race.patch. Without that, the kernel dies within seconds.
# Usage: code-patching.sh COUNT

. /lib/guest.sh

key=/proc/sys/kernel/sched_schedstats

for process in 1 2; do
	while :; do cat "/proc/$process/stat" >/dev/null; done &
done
i=0
while [ $i -lt "$1" ]; do
	i=$((i + 1))
	echo $((i % 2)) >$key
done
kill %1 %2
expect patched "$(($1 % 2))" "$(cat $key)"
