# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# hostile.sh - what hostile.c has printed, and what it should have.

value_of()
{
	sed -n "s/^$1 //p" /tmp/hostile
}

# Answers that break the queue are rare, each one in 117: a hundred cases need not have all.
RARELY_SERVED='^(used-twice|used-bad-id|used-free-id|used-index)$'

# not_served AREA: the classes of it that no case had.
not_served()
{
	sed -n "s/^served 0 \($1-.*\)/\1/p" /tmp/hostile |
		if [ "$(value_of cases)" -lt 1000 ]; then
			grep -vE "$RARELY_SERVED"
		else
			cat
		fi | tr '\n' ' '
}

# never_served: of $areas, those that no case had any class of.
never_served()
{
	for area in $areas; do
		grep -q "^served [1-9][0-9]* $area-" /tmp/hostile || echo "$area"
	done | tr '\n' ' '
}

# The states by which the modules say that the host is wrong in an area.
states_of()
{
	case $1 in
	leaf) echo draft=none draft=1 draft=2 draft=3 violations=none violations=max_leaf \
		violations=header_reserved violations=list_truncated violations=list_capped \
		violations=features_reserved \
		violations=rng_msr_architectural violations=rng_msr_synthetic \
		violations=version violations=generation_msr source=none source=cpuid source=msr source=scan source=commonhv ;;
	msr) echo state=ok state=absent state=unhealthy state=exhausted state=faulted ;;
	used) echo health=ok health=unhealthy ;;
	clock) echo vmclock_state=ok vmclock_state=torn vmclock_state=invalid \
		vmclock_state=no_counter ;;
	id | addr) echo sources=vmgenid ;;
	crs) echo sources=vmclock ;;
	esac
}

# Those that need two faults at once, or one of many values: a thousand cases have all. Not
# among them is draft_conflict, features of draft 2 with a list of draft 1: no case had it.
rare_states_of()
{
	case $1 in
	leaf) echo violations=rng_leaf_missing violations=generation_leaf_missing \
		violations=version_reserved violations=list_literal ;;
	esac
}

# missing STATE...: those that no file had.
missing()
{
	for state; do
		grep -q "^seen $state " /tmp/hostile || echo "$state"
	done | tr '\n' ' '
}

# shellcheck disable=SC2046
not_seen()
{
	missing $(states_of "$1")
}

# shellcheck disable=SC2046
not_rare()
{
	missing $(rare_states_of "$1")
}

# honest_again MODULE...: the host is honest, so all works. Modules that a failed case left
# loaded are unloaded first.
honest_again()
{
	for module; do
		left=$(echo "$module" | tr - _)
		[ ! -d "/sys/module/$left" ] || ok "$module-that-was-left-unloads" rmmod "$left"
	done
	for module; do
		ok "$module-loads" insmod "/modules/$module.ko"
	done
	if [ -d /sys/module/commonhv ]; then
		expect honest-commonhv 'none ok' "$(cd /sys/bus/commonhv/devices &&
			cat commonhv/violations rng/state | tr '\n' ' ' | sed 's/ $//')"
	fi
	if [ -d /sys/module/virtio_rng_ext ]; then
		expect honest-entropy 4096 "$(dd if=/dev/hwrng bs=64 count=64 iflag=fullblock \
			2>/dev/null | wc -c)"
	fi
	if [ -d /sys/module/vmgenid_ext ]; then
		expect honest-node /dev/sysgenid "$(ls /dev/sysgenid)"
	fi
	for module in commonhv virtio_rng_ext vmgenid_ext; do
		[ ! -d /sys/module/$module ] || ok "$module-unloads" rmmod $module
	done
}
