#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# One snapshot, two clones: is a random number the same in both?
# Usage: vmgenid-clones.sh plain|fork|keep-plain|keep|same|generation|keep-generation|recipe
#	plain	without our modules: for how long, until the kernel's own reseed
#	fork	with vmgenid-ext: until it publishes, and never after
#	keep-plain, keep	the same two, for a program with a generator of its own
#	generation	the same as fork, where only CommonHV's generation tells the fork
#	keep-generation	a program that asks CPUID for that, with no module at all
#	recipe	examples/fork/never-twice, with VMClock
#	same	a hypervisor that gives both the same ID, and has CommonHV's RNG MSR

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/witness.sh

# clone_while PROGRAM...: it says itself when it is ready.
clone_while()
{
	rm -f /tmp/clone.ready
	"$@" /tmp/clone &
	ok ready wait_for 60 [ -e /tmp/clone.ready ]
	# shellcheck disable=SC2086
	vmctl clone $ids >/dev/null
	wait
}

# common FILE: 16-byte blocks that both clones have.
common()
{
	common_answer=$(vmctl common "$1")
	echo "${common_answer% *}"
}

# Each draws as fast as it can; the blocks that both have are what a fork costs.
clones_plain()
{
	load_module vmgenid
	clone_while /clones watch
	echo "without vmgenid-ext: $(common /tmp/clone.before) blocks of 16 bytes the same after the resume"
	expect differ-in-the-end 0 "$(common /tmp/clone.after)"
}

clones_fork()
{
	ok load load_vmgenid
	clone_while /clones watch
	expect forks 1 "$(vmgenid forks)"
	expect generation 1 "$(vmgenid generation)"
	echo "with vmgenid-ext: $(common /tmp/clone.before) blocks of 16 bytes the same before the news"
	expect no-block-the-same-after-the-news 0 "$(common /tmp/clone.after)"
}

# The ID stays the same. The program asks CPUID whether it is a clone, as any program may.
clones_generation()
{
	ids=
	ok load load_vmgenid
	ok load-commonhv insmod /modules/commonhv.ko
	clone_while /clones generation
	expect forks 1 "$(vmgenid forks)"
	expect generation 1 "$(vmgenid generation)"
	echo "with the generation: $(common /tmp/clone.before) blocks of 16 bytes the same before the news"
	expect no-block-the-same-after-the-news 0 "$(common /tmp/clone.after)"
}

# No window at all: each use follows a look.
clones_keep_generation()
{
	ids=
	clone_while /clones keep-generation
	same=$(common /tmp/clone.kernel)
	echo "kernel RNG, which nothing reseeds: $same blocks of 16 bytes the same"
	ok kernel-rng-repeats [ "$same" -gt 0 ]
	expect own-generator-repeats-nothing 0 "$(common /tmp/clone.own)"
}

# What was handed out before the snapshot is the past of both.
clones_recipe()
{
	ok load load_vmgenid
	# ACPI's handlers run on the first processor: draw beside them, not before or after.
	clone_while taskset 2 /never-twice
	expect hands-out-nothing-twice 0 "$(common /tmp/clone.handed)"
	expect forks 1 "$(vmgenid forks)"
}

# A program that keeps random state goes on with what both have, for as long as it lives.
clones_keep_plain()
{
	load_module vmgenid
	clone_while /clones keep
	echo "kernel RNG: $(common /tmp/clone.kernel) blocks of 16 bytes the same after the resume"
	expect own-generator-repeats-all 65535 "$(common /tmp/clone.own)"
}

# With /dev/sysgenid it can know.
clones_keep()
{
	ok load load_vmgenid
	clone_while /clones keep
	echo "kernel RNG: $(common /tmp/clone.kernel) blocks of 16 bytes the same after the resume"
	echo "own generator: $(common /tmp/clone.own) blocks the same before the news"
	expect own-generator-repeats-nothing-after-the-news 0 "$(common /tmp/clone.renewed)"
}

# mixed_words FILE: those of the last 128 bytes that were mixed, each as 16 digits.
mixed_words()
{
	: >"$1"
	for word in $(sed -n 's/.* mix: .* len=128 words={\([^}]*\)}.*/\1/p' \
		$TRACING/trace | tail -n 1 | tr , ' '); do
		printf '%16s' "${word#0x}" >>"$1"
	done
	wc -c <"$1"
}

# The kernel reseeds by age: by a timer, or (6.1) when somebody draws.
reseeded()
{
	head -c 16 /dev/urandom >/dev/null
	grep -q ' reseed: ' $TRACING/trace
}

# No notification comes, so the guest cannot notice the fork; but a trigger brings fresh
# entropy in: other words of the hypervisor in each clone. (That the clones draw
# different numbers proves little: their clocks differ.)
clones_same()
{
	witness_start
	ok load-vmgenid-ext load_vmgenid
	ok load-commonhv insmod /modules/commonhv.ko interval_s=0
	# The kernel RNG is seeded now, and not about to be reseeded by age, which would be
	# with another time in each clone: it has just been.
	witness_clear
	ok reseeds-by-age wait_for 120 reseeded
	/clones draw /tmp/clone
	vmctl clone >/dev/null
	/clones draw /tmp/clone
	same=$(common /tmp/clone.drawn)
	ok same-id-same-numbers [ "$same" -gt 0 ]
	expect same-id-is-no-fork 0 "$(vmgenid forks)"
	witness_clear
	/clones trigger /tmp/clone
	expect_witness trigger-mixes-words-of-the-host-between-reseeds clones <<-END
		[mv]* 16 * by clones
		reseed by clones
		mix 128 * by clones
		reseed by clones
		publish 1 by clones
	END
	expect trigger-mixes-16-words 256 "$(mixed_words /tmp/clone.words)"
	expect trigger-mixes-other-words-in-each-clone 0 "$(common /tmp/clone.words)"
	expect trigger-brings-entropy 0 "$(common /tmp/clone.drawn)"
	expect trigger-publishes 1 "$(vmgenid generation)"
}

ids='vmgenid=auto'
"clones_$(echo "$1" | tr - _)"
