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

# count_clones NAME NUMBER: how many clones had another NUMBER than 0. A rewind forgets
# all but what was collected: there, the block of all zeros stands for such a clone.
count_clones()
{
	count_block=$nr
	[ "$2" = 0 ] || count_block=0
	printf '%016d' "$count_block" >"/tmp/$1"
	count_answer=$(vmctl collect "/tmp/$1")
	echo "${count_answer#* }"
}

clones=$1
ok load-vmclock load_vmclock
ok load load_vmgenid
/never-twice /tmp/recipe &
/clones use /tmp/plain &
wait_for 60 [ -e /tmp/recipe.ready ] || exit 1
wait_for 60 [ -e /tmp/plain.ready ] || exit 1
nr=$(vmctl snapshot)
if [ "$nr" = 0 ]; then
	for name in recipe.clones plain.clones; do
		count_clones $name 1 >/dev/null
	done
	vmctl rewind vmgenid=auto
fi
wait
head -c 16384 /tmp/recipe.handed >/tmp/recipe.used
recipe=$(vmctl collect /tmp/recipe.used)
plain=$(vmctl collect /tmp/plain.used)
recipe_clones=$(count_clones recipe.clones "${recipe% *}")
plain_clones=$(count_clones plain.clones "${plain% *}")
echo "clone $nr: blocks that were handed out before: never-twice ${recipe% *}, getrandom() alone ${plain% *}"
expect "clone-$nr-hands-out-nothing-twice" 0 "${recipe% *}"
[ "$nr" -ge "$clones" ] || vmctl rewind vmgenid=auto

echo "of $clones clones, those that handed out a block of an earlier one: never-twice $recipe_clones (${recipe#* } blocks), getrandom() alone $plain_clones (${plain#* } blocks)"
# Without repetitions there, the programs did not run within the window.
if [ "$plain_clones" -gt 0 ]; then
	pass getrandom-alone-repeats
else
	skip getrandom-alone-repeats 'no clone was quicker than the news'
fi
ok unload rmmod vmgenid-ext
