#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two programs side by side in each of many clones of one snapshot: examples/fork/never-twice,
# which looks at VMClock's counter and waits for /dev/sysgenid, and one that only calls
# getrandom(). Which blocks do they hand out after the resume that another clone did, too?
# Of each program the first 1,024 blocks count, and each clone is compared with all before it.
# Usage: vmgenid-recipe.sh CLONES

. /lib/guest.sh
. /lib/vmgenid.sh

# counts KNOWN ALL FILES: of one program, as vmctl collect prints them.
counts()
{
	echo "$3 ($2 of $((1024 * clones)) blocks)"
}

clones=$1
ok load load_vmgenid
# ACPI's handlers run on the first processor: draw beside them, not before or after.
taskset 2 /never-twice /tmp/recipe &
/clones use /tmp/plain &
wait_for 60 [ -e /tmp/recipe.ready ] || exit 1
wait_for 60 [ -e /tmp/plain.ready ] || exit 1
nr=$(vmctl snapshot)
[ "$nr" != 0 ] || vmctl rewind vmgenid=auto
wait
head -c 16384 /tmp/recipe.handed >/tmp/recipe.used
plain=$(vmctl collect /tmp/plain.used)
recipe=$(vmctl collect /tmp/recipe.used)
expect "clone-$nr-hands-out-nothing-twice" 0 "${recipe%% *}"
[ "$nr" -ge "$clones" ] || vmctl rewind vmgenid=auto

echo "of $clones clones, those that handed out a block that an earlier one had handed out:"
# shellcheck disable=SC2086
echo "never-twice $(counts $recipe), getrandom() alone $(counts $plain)"
# Without repetitions there, the programs did not run within the window.
if [ "${plain##* }" -gt 0 ]; then
	pass getrandom-alone-repeats
else
	skip getrandom-alone-repeats 'no clone was quicker than the news'
fi
ok unload rmmod vmgenid-ext
