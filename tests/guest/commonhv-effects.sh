#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The module's purpose: the host's words are mixed into the kernel RNG, it reseeds, and
# entropy is offered after that. See lib/witness.sh.

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/witness.sh

# begin: the host counts from 1, and the list is empty.
begin()
{
	vmctl set x-commonhv-rng counting x-commonhv-rng-counted 0 \
		x-commonhv-rdmsr 0 x-commonhv-wrmsr 0 x-commonhv-wrmsr-value 0
	witness_clear
}

# host_words FIRST LAST: as od shows them.
host_words()
{
	for word in $(seq "$1" "$2"); do
		printf ' 4d535200%08x' "$word"
	done
}

witness_start

begin
ok load load
expect_witness load-mixes-16-words-of-the-host-then-reseeds <<-END
	mix 128 msr:1-16 by commonhv
	reseed by commonhv
END
expect load-reads-no-more-than-it-mixes '16 16' "$(counter rdmsr) $(counter rng-counted)"
expect load-offers-nothing 0 "$(counter wrmsr)"

# Chosen: 6.1 reads a buffer then, and mixes it.
echo commonhv >/sys/class/misc/hw_random/rng_current
first=$(($(counter rng-counted) + 1))
witness_clear
drawn=$(dd if=/dev/hwrng bs=64 count=1 2>/dev/null | od -An -v -tx8 | tr -d '\n')
expect draw-gives-the-next-words-of-the-host "$(host_words "$first" $((first + 7)))" "$drawn"
expect_witness draw-mixes-and-credits-nothing </dev/null
ok unload unload

begin
ok load-offering load offer_entropy=1
value=$(counter wrmsr-value)
expect_witness offer-comes-after-the-reseed <<-END
	mix 128 msr:1-16 by commonhv
	reseed by commonhv
	offer $value by commonhv
END
expect offer-is-one-write 1 "$(counter wrmsr)"
ok unload-offering unload
begin
ok load-offering-again load offer_entropy=1
expect_match offer-is-not-zero '[1-9]*' "$value"
refused offer-is-another-each-time [ "$value" = "$(counter wrmsr-value)" ]
ok unload-offering-again unload

# Rounds 1, 2, 4, 8, ... after the last event read a word, and need no reseed.
reset_counters
begin
ok load-with-interval load interval_s=1
ok rounds-read-words wait_for 20 witness_has_lines 5
expect_witness round-mixes-a-word-and-leaves-the-reseed-to-the-kernel <<-END
	mix 128 msr:1-16 by commonhv
	reseed by commonhv
	mix 8 msr:17 by commonhv
	mix 8 msr:18 by commonhv
	mix 8 msr:19 by commonhv
	? mix 8 msr:20 by commonhv
END
# At least as many as there must have been: the load looks once, and so do four rounds.
expect_at_most rounds-read-ever-less-often "$(counter cpuid-0)" 5
ok unload-with-interval unload
witness_stop
