#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# All that can happen to the modules, in random order, for long: loads and unloads below
# readers, readers that are killed, plugged devices, forks in chains and trees, processors
# that go and come, suspends, full memory. Nothing is lost, repeated or leaked.
# Usage: soak.sh mixed|parallel [SEED [ROUNDS]]
#	mixed, parallel	parallel leaves out suspends and processors that go: the emulator
#			fails at these now and then with a thread for each processor
#	SEED	a number (1); the same gives the same order
#	ROUNDS	loads of each module, plugs, and forks (16)

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/virtio-rng.sh
. /lib/soak.sh

# plan SEED ROUNDS WITH: all actions, shuffled, a line each with a random number. The generator
# is Lehmer's, exact in awk's arithmetic: no other would be the same everywhere.
plan()
{
	awk -v state=$(($1 + 1)) -v rounds="$2" -v with="$3" '
	function random(n)
	{
		state = state * 16807 % 2147483647
		return state % n
	}
	function add(action, nr, i)
	{
		for (i = 0; i < nr; i++)
			deck[size++] = action
	}
	BEGIN {
		# Seeds in a row begin with numbers in a row.
		for (i = 0; i < 10; i++)
			random(1)
		for (i = 0; i < 3; i++)
			add("load " i, rounds)
		add("unload", rounds)
		add("plug", rounds)
		add("unplug", rounds / 2)
		# A tree has eight forks.
		add("fork", rounds / 2)
		add("tree", rounds / 16)
		add("read", rounds * 2)
		add("kill", rounds)
		add("pressure", rounds / 10)
		if (with == "mixed") {
			add("cpu", rounds)
			add("suspend", rounds / 5)
		}
		for (i = size - 1; i > 0; i--) {
			other = random(i + 1)
			action = deck[i]
			deck[i] = deck[other]
			deck[other] = action
		}
		for (i = 0; i < size; i++)
			print deck[i] (deck[i] ~ / / ? "" : " " random(1000000))
	}'
}

# go_through FILE REPORT: its actions; REPORT is called after each tenth.
go_through()
{
	step=0
	steps=$(wc -l <"$1")
	while read -r action number <&3; do
		step=$((step + 1))
		"soak_$action" "$number"
		[ $((step * 10 / steps)) = $(((step - 1) * 10 / steps)) ] || "$2" $((step * 10 / steps))
	done 3<"$1"
}

counts()
{
	echo "loads $commonhv $vmgenid_ext $virtio_rng_ext, plugs $plugs, forks $forks," \
		"leaves of trees $leaves, blocks $blocks, readers $started, killed $killed," \
		"offline $offlines, suspends $suspends, memory full $pressures"
}

say_nothing()
{
	:
}

report()
{
	pass "$1 tenths of $steps steps: $(counts)"
}

# leaks FILE FILE LIMIT: what has grown by more objects, areas, or than a MiB.
leaks()
{
	awk -v limit="$3" '
	NR == FNR { before[$1] = $2; next }
	$2 - before[$1] > ($1 ~ /kB$/ ? 1024 : limit) { print $1, "from", before[$1], "to", $2 }' "$1" "$2"
}

with=$1 seed=${2-1} rounds=${3-16}
load_bus
echo "$with: seed $seed, $rounds rounds"
plan $((seed + 1000)) 4 "$with" >/tmp/warm-up
plan "$seed" "$rounds" "$with" >/tmp/plan
go_through /tmp/warm-up say_nothing
all_quiet
memory >/tmp/before
warm_up=$(counts)
go_through /tmp/plan report
action=end
all_quiet
# The kernel itself keeps some more, but no more the more loads there are.
limit=$((rounds / 2))
[ $limit -ge 32 ] || limit=32
# A device that has just gone may take a while to be freed, on a busy machine.
for _ in 1 2 3 4 5 6; do
	memory >/tmp/after
	leaked=$(leaks /tmp/before /tmp/after $limit)
	[ "$leaked" ] || break
	echo "more than before: $leaked"
done
paste -d ' ' /tmp/before /tmp/after
pass "in all: $(counts); of these to warm up: $warm_up"
if [ -e /sys/kernel/debug/kmemleak ]; then
	skip nothing-leaked 'this kernel keeps for a while what was freed; kmemleak knows better'
else
	expect nothing-leaked '' "$leaked"
fi
