#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A host that answers with structured nonsense, and changes its answers meanwhile: see
# "A hostile host" in Documentation/testing.rst.
# Usage: hostile.sh AREAS ACTIONS FIRST LAST MODULE...
#	AREAS	prefixes of the classes that have to be served, as "leaf list msr"

. /lib/guest.sh
. /lib/hostile.sh
. /lib/memory.sh

areas=$1 actions=$2 first=$3 last=$4
shift 4

# all_of served|seen|rare...
all_of()
{
	for what; do
		for area in $areas; do
			expect "all-$what-$area" '' "$("not_$what" "$area")"
		done
	done
}

# was_done ACTION COUNT: where it is asked for, it came.
was_done()
{
	case $actions in *"$1"*) ok "$2" [ "$(value_of "$2")" -gt 0 ] ;; esac
}

[ ! -e /modules/virtio_pci.order ] || load_module virtio_pci
before=$(kernel_memory)
echo "# cases $first to $last"
: >/tmp/hostile.said
tail -f /tmp/hostile.said &
progress=$!
if /hostile "$first" "$last" "$actions" "$@" >/tmp/hostile 2>/tmp/hostile.said; then
	pass "cases-$first-to-$last"
	sed 's/^/# /' /tmp/hostile
	expect no-msr-that-is-taken 0 "$(value_of taken)"
	expect some-served '' "$(never_served)"
	# A few cases do not serve all.
	if [ "$(value_of cases)" -ge 100 ]; then
		all_of served seen
		was_done p plugs
		was_done s suspends
	fi
	[ "$(value_of cases)" -lt 1000 ] || all_of rare
else
	fail "cases-$first-to-$last" "$(tail -n 2 /tmp/hostile.said)"
fi
kill $progress
honest_again "$@"
# The debug kernel keeps for a while what was freed, and knows better: no-leak.
if [ ! -e /sys/kernel/debug/kmemleak ]; then
	wait_for 20 leaks_no_more_than 2048
	expect_at_most leaked-kB 2048 $(($(kernel_memory) - before))
fi
