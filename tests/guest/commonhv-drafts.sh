#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Guests of each draft on a host of one: the module is told which draft it knows.
# Usage: commonhv-drafts.sh DRAFT-OF-THE-HOST
#
# A guest of draft 2 works on a host of draft 3, and the reverse. Draft 1 has no
# version, and its guests take the features of later drafts for the index of an MSR.

. /lib/guest.sh
. /lib/commonhv.sh

host=$1

# Draft, RNG, generation and violations that a guest of that draft sees.
wanted()
{
	case $1-$host in
	0-*) wanted "$host" ;;
	1-1) echo '1 ok none none' ;;
	1-*) echo '1 absent none rng_msr_architectural' ;;
	*-1) echo "$1 absent none header_reserved*" ;;
	3-3) echo '3 ok cpuid none' ;;
	*) echo "$1 ok none none" ;;
	esac
}

for draft in 1 2 3 0; do
	name=guest-$draft-host-$host
	vmctl set x-commonhv-rdmsr 0
	ok "$name-load" load draft="$draft"
	expect_match "$name" "$(wanted "$draft")" "$(attr commonhv draft) $(attr rng state) \
$(attr generation source) $(attr commonhv violations)"
	# No other MSR was read than the one that the host counts.
	expect "$name-rdmsr" "$(attr rng reads)" "$(counter rdmsr)"
	ok "$name-unload" unload
done
