#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The kernel RNG is not ready at load: credit, and nothing but credit, makes it ready.
# First, values that are worth nothing must not.
# (-cpu max,-rdrand,-rdseed and random.trust_bootloader=off)

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

ready()
{
	dmesg | grep -q 'random: crng init done'
}

# words KIND: those of all events of that kind, a line for each.
words()
{
	witness_list | sed -n "s/^$1 .* \(msr:.*\)/\1/p"
}

# Two or three bits a second the kernel gathers from interrupts, and 256 make it ready.
is_slow()
{
	[ "$(cut -d. -f1 /proc/uptime)" -ge 60 ]
}

# by_itself NAME: the kernel RNG is ready without us. On a slow machine it ends here, as there
# is nothing left to see.
by_itself()
{
	is_slow || { fail "$1" 'it is ready'; return; }
	skip "$1" 'the kernel RNG has become ready by itself'
	unload 2>/dev/null
	witness_stop
	exit
}

credited_bits()
{
	witness_list | awk '$1 == "credit" { bits += $3 } END { print bits + 0 }'
}

# not_ready NAME: to be asked after an effect and before it is judged.
not_ready()
{
	if ! ready; then
		pass "$1"
	elif [ "$(credited_bits)" -ge 256 ]; then
		fail "$1" "$(credited_bits) bits were credited"
	else
		by_itself "$1"
	fi
}

credits_twice()
{
	ready || [ "$(words credit | wc -l)" -ge 2 ]
}

witness_start
not_ready not-ready-at-first

# worthless MODE QUALITY STATE: values are mixed, and not credited.
worthless()
{
	vmctl set x-commonhv-rng "$1"
	witness_clear
	ok "$1-$2-loads" load "quality=$2" offer_entropy=1
	not_ready "$1-$2-not-ready"
	expect "$1-$2-state" "$3" "$(attr rng state)"
	expect "$1-$2-no-credit" "$2 0" "$(attr rng quality) $(attr rng bits_credited)"
	if [ "$1" = gp-read ]; then
		expect_witness "$1-$2-nothing-to-mix" </dev/null
	else
		expect_witness "$1-$2-mixes-and-neither-credits-nor-offers" <<-END
			mix 128 * by commonhv
		END
	fi
	expect "$1-$2-mixed-nevertheless" "$(($(attr rng reads) * 8 - $(attr rng faults) * 8))" \
		"$(attr rng bytes_mixed)"
	ok "$1-$2-unloads" unload
}

vmctl set x-commonhv-wrmsr 0
worthless zeros 1024 exhausted
worthless stuck 1024 unhealthy
worthless alternate 1024 unhealthy
worthless gp-read 1024 faulted
worthless ok 0 ok
expect unready-offers-nothing 0 "$(counter wrmsr)"

# Of 1024 bits 16 count: those of the first words, and one of each word that comes
# with a round.
vmctl set x-commonhv-rng counting x-commonhv-rng-counted 0
witness_clear
ok little-loads load quality=16 interval_s=1
bits=$(attr rng bits_credited)
ok little-credits-the-next-words-too wait_for 30 credits_twice
not_ready little-is-not-enough
expect_match little-credit '1[6-9] *' "$bits bits"
credited=$(words credit)
expect_match little-credits-16-bits-for-the-first-words \
	'*mix 128 msr:1-16 by commonhv;credit 128 16 msr:1-16 by commonhv;*' \
	";$(witness_list commonhv | tr '\n' ';')"
expect credits-each-batch-once "$credited" "$(words mix | head -n "$(echo "$credited" | wc -l)")"
ok little-unloads unload

vmctl set x-commonhv-rng-counted 0
witness_clear
not_ready not-ready-until-full
ok full-loads load quality=1024
ok full-makes-ready wait_for 20 ready
case $(witness_list | head -n 1) in
'reseed by '*) by_itself not-ready-before-full ;;
esac
expect full-credit 1024 "$(attr rng bits_credited)"
expect_witness full-mixes-then-credits-1024-bits-once commonhv <<-END
	mix 128 msr:1-16 by commonhv
	credit 128 1024 msr:1-16 by commonhv
	reseed by commonhv
END
# On 6.1 the thread that made it ready sleeps for up to a minute, in the kernel.
before=$(cut -d. -f1 /proc/uptime)
ok full-unloads unload
expect_at_most unload-does-not-wait 10 $(($(cut -d. -f1 /proc/uptime) - before))
vmctl set x-commonhv-rng-counted 0
witness_clear
ok again-loads load quality=1024
expect ready-needs-no-credit 0 "$(attr rng bits_credited)"
expect_witness ready-mixes-and-reseeds commonhv <<-END
	mix 128 msr:1-16 by commonhv
	reseed by commonhv
END
ok again-unloads unload
witness_stop
