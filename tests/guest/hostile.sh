#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A host that answers with structured nonsense, and changes its answers meanwhile: see
# "A hostile host" in Documentation/testing.rst.
# Usage: hostile.sh AREAS ACTIONS FIRST LAST MODULE...
#	AREAS	prefixes of the classes that have to be served, as "leaf list msr"

. /lib/guest.sh
. /lib/hostile.sh

areas=$1 actions=$2 first=$3 last=$4
shift 4

[ ! -e /modules/virtio_pci.order ] || load_module virtio_pci
before=$(kernel_memory)
echo "# cases $first to $last"
if /hostile "$first" "$last" "$actions" "$@" >/tmp/hostile 2>/tmp/hostile.said; then
	pass "cases-$first-to-$last"
else
	fail "cases-$first-to-$last" "$(tail -n 2 /tmp/hostile.said)"
fi
cat /tmp/hostile.said
sed 's/^/# /' /tmp/hostile
expect no-msr-that-is-taken 0 "$(value_of taken)"
# A few cases do not serve all.
if [ $((last - first)) -ge 99 ]; then
	for area in $areas; do
		expect "all-served-$area" '' "$(not_served "$area")"
		expect "all-seen-$area" '' "$(not_seen "$area")"
	done
fi
if [ $((last - first)) -ge 999 ]; then
	for area in $areas; do
		expect "rare-seen-$area" '' "$(not_seen "$area" "$(rare_states_of "$area")")"
	done
fi
honest_again "$@"
# The debug kernel keeps for a while what was freed, and knows better: no-leak.
if [ ! -e /sys/kernel/debug/kmemleak ]; then
	wait_for 20 leaks_no_more_than 2048
	expect_at_most leaked-kB 2048 $(($(kernel_memory) - before))
fi
