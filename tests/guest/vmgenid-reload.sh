#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loaded and unloaded time and again amid notifications and forks; nothing leaks, and
# the in-tree driver keeps the device, where the kernel has it.
# Usage: vmgenid-reload.sh TIMES

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/memory.sh

# The storm ends with a file, not with a signal: a killed shell leaves its cat
# behind, whose fork would come after the next load.
storm()
{
	while [ ! -e /tmp/calm ]; do
		cat "$FORK" "$NOTIFY" "$NOTIFY" >/dev/null
	done
}

reload()
{
	for _ in $(seq "$1"); do
		load_vmgenid && rmmod vmgenid-ext || return
	done
}

# in_tree_keeps NAME: where there is an in-tree driver, it has the device.
in_tree_keeps()
{
	for in_tree in /sys/bus/*/drivers/vmgenid; do
		[ -e "$in_tree" ] || continue
		ok "in-tree-driver-keeps-the-device-$1" ls -d "$in_tree"/*:*
	done
}

in_tree_keeps at-first
ok first-loads reload 10
in_tree_keeps between
before=$(kernel_memory)
storm &
storm &
ok reload-in-a-storm reload "$1"
touch /tmp/calm
wait
ok load load_vmgenid
in_tree_keeps at-last
ok works-afterwards cat "$FORK"
ok noticed wait_for 20 vmgenid_is generation 1
ok unload rmmod vmgenid-ext
# The debug kernel keeps for a while what was freed, and knows better: no-leak.
if [ ! -e /sys/kernel/debug/kmemleak ]; then
	wait_for 20 leaks_no_more_than 1024
	expect_at_most leaked-kB 1024 $(($(kernel_memory) - before))
fi
