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

# in_tree: the devices of the in-tree driver.
in_tree()
{
	ls -d /sys/bus/*/drivers/vmgenid/*:* 2>/dev/null
}

in_tree_before=$(in_tree)
ok first-loads reload 10
expect in-tree-driver-keeps-the-device "$in_tree_before" "$(in_tree)"
before=$(kernel_memory)
storm &
storm &
ok reload-in-a-storm reload "$1"
touch /tmp/calm
wait
ok load load_vmgenid
ok works-afterwards cat "$FORK"
ok noticed wait_for 20 vmgenid_is generation 1
ok unload rmmod vmgenid-ext
# The debug kernel keeps for a while what was freed, and knows better: no-leak.
if [ ! -e /sys/kernel/debug/kmemleak ]; then
	wait_for 20 leaks_no_more_than 1024
	expect_at_most leaked-kB 1024 $(($(kernel_memory) - before))
fi
