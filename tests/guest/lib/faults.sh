# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034
#
# faults.sh - allocations that fail, one at a time and in turn, for the faults rows.
# Needs the debug kernel, and the boot parameter slab_nomerge: the caches of what looks for
# bugs must not fail, and have to be caches of their own for that.

FAULT=/sys/kernel/debug
FAULT_TRACING=/sys/kernel/tracing
# Where modules are, and nothing else: only what they ask for fails.
FAULT_START=0xffffffffa0000000
FAULT_END=0xffffffffff000000
FAULT_BAD='WARNING:|BUG|KASAN|UBSAN|ODEBUG|possible |suspicious |INFO: task|corruption|duplicate filename|refcount_t|Oops|fault,'

# fault_caches PATTERN: only objects of these slab caches fail.
fault_caches()
{
	for fault_cache in /sys/kernel/slab/*; do
		fault_on=0
		# shellcheck disable=SC2254
		case ${fault_cache##*/} in
		kmemleak_* | debug_objects_cache) ;;
		$1) fault_on=1 ;;
		esac
		echo $fault_on >"$fault_cache/failslab" 2>/dev/null
	done
}

# faults_setup PATTERN: of the series, only those of that name run.
faults_setup()
{
	fault_only=$1 fault_ran=0
	fault_caches '*'
	echo Y >$FAULT/failslab/cache-filter
	echo 0 >$FAULT/fail_page_alloc/min-order
	echo N >$FAULT/fail_page_alloc/ignore-gfp-highmem
	for fault_attr in failslab fail_page_alloc; do
		echo N >$FAULT/$fault_attr/ignore-gfp-wait
		echo $FAULT_START >$FAULT/$fault_attr/require-start
		echo $FAULT_END >$FAULT/$fault_attr/require-end
		echo 32 >$FAULT/$fault_attr/stacktrace-depth
		echo 2 >$FAULT/$fault_attr/verbose
	done
	mount -t tracefs tracefs $FAULT_TRACING 2>/dev/null
	# The name and the reference count of struct device's kobject, which is its first member.
	echo 'p:faults/hold get_device name=+0(+0(%di)):string count=+56(%di):u32' \
		>>$FAULT_TRACING/kprobe_events
	# Stacks of faults are no reason to fail: they stay in the ring buffer.
	dmesg -n 4
	dmesg -c >/dev/null
	[ "$(fault_references)" ] || fail references "the kprobe saw no ACPI device"
}

# fault_reject PATTERN: nothing fails below these functions of the kernel, which have to stand
# side by side in it. For what does not survive it itself: the filter takes one range.
fault_reject()
{
	fault_range=$(sort /proc/kallsyms | awk -v pattern="^$1" '
		NF == 3 && $3 ~ pattern { if (!start) start = $1; inside = 1; next }
		inside { end = $1; inside = 0 }
		END { print start, end }')
	for fault_attr in failslab fail_page_alloc; do
		echo "0x${fault_range% *}" >$FAULT/$fault_attr/reject-start
		echo "0x${fault_range#* }" >$FAULT/$fault_attr/reject-end
	done
}

# Takes the messages since the last call to /tmp/fault-said, and prints what failed: the call
# of the module ($FAULT_MODULE) that is the innermost on the stack, or the last one that
# fail-call let fail. tests/faults reads that.
fault_log()
{
	dmesg -c >/tmp/fault-said
	fault_where=$(sed -n 's/.*\] *fail_call: [^ ]* from \([^ ]* \[.*\]\).*/\1/p' \
		/tmp/fault-said | grep -F "[$FAULT_MODULE]" | tail -n 1)
	[ "$fault_where" ] ||
		fault_where=$(sed -n 's/.*\] *\([^ ?]*+0x[^ ]* \[.*\]\).*/\1/p' /tmp/fault-said |
			grep -F "[$FAULT_MODULE]" | head -n 1)
	echo "fault $fault_series $fault_nth: $fault_answer: ${fault_where:-elsewhere}"
}

# What a fault may not cause; its own report has none of that.
fault_complaints()
{
	grep -E "$FAULT_BAD" /tmp/fault-said
}

faults_end()
{
	[ "$fault_ran" != 0 ] || fail "$fault_only" "there is no series of that name"
	dmesg -c >/tmp/fault-said
	! fault_why=$(fault_complaints) || fail end-of-the-log "$fault_why"
	dmesg -n 7
}

# fault_references: prints the reference counts of the ACPI devices that vmgenid-ext holds while it is
# loaded. A name that is written to drivers_probe makes the bus look the device up with get_device(),
# where the kprobe sees its count. The guest has no other driver that would take these devices.
fault_references()
{
	echo >$FAULT_TRACING/trace
	echo 1 >$FAULT_TRACING/events/faults/hold/enable
	for fault_device in /sys/bus/acpi/devices/AMZNC10C:* /sys/bus/acpi/devices/QEMUVGID:*; do
		[ ! -e "$fault_device" ] || echo "${fault_device##*/}" >/sys/bus/acpi/drivers_probe
	done
	echo 0 >$FAULT_TRACING/events/faults/hold/enable
	sed -n 's/.* name="\(AMZNC10C\|QEMUVGID\)\(:.*\)" count=/\1\2 /p' $FAULT_TRACING/trace
}

# fault_left: prints the number of mappings, the device number of a new mount, and the references to
# ACPI devices. Mappings, mounts and ACPI devices are in lists of the kernel's, so kmemleak reports
# neither one that is left nor a reference to one. A new mount gets the lowest number that is free,
# which is a higher one if a mount is left.
fault_left()
{
	mkdir -p /tmp/mount
	mount -t ramfs fault /tmp/mount
	echo "mappings $(grep -c memremap /proc/vmallocinfo)" "mount $(stat -c %d /tmp/mount)" \
		"$(fault_references | tr '\n' ' ')"
	umount /tmp/mount
}

# fault_said PATTERN: was that said during the last call?
fault_said()
{
	grep -q -e "$1" /tmp/fault-said
}

# Those of work items count, too; each of them by itself.
fault_arm_workers()
{
	fault_armed=
	for fault_task in /proc/[0-9]*; do
		read -r fault_comm 2>/dev/null <"$fault_task/comm" || continue
		case $fault_comm in
		kworker/* | commonhv)
		! echo "$1" 2>/dev/null >"$fault_task/fail-nth" ||
			fault_armed="$fault_armed $fault_task" ;;
		esac
	done
}

# Did one of them fail?
fault_workers_hit()
{
	fault_hit=no
	for fault_task in $fault_armed; do
		read -r fault_left 2>/dev/null <"$fault_task/fail-nth" || continue
		[ "$fault_left" != 0 ] || fault_hit=yes
		echo 0 >"$fault_task/fail-nth" 2>/dev/null
	done
}

# fault_series NAME ACTION CHECK: calls "ACTION NTH", which sets fault_answer to what
# /faults prints, for NTH = 1, 2, ... until no fault comes any more, and "CHECK RESULT" after each.
fault_series()
{
	fault_series=$1 fault_nth=1 fault_nr=0 fault_absorbed=0 fault_failures=0
	# shellcheck disable=SC2254
	case $1 in
	$fault_only) ;;
	*) return ;;
	esac
	fault_ran=$((fault_ran + 1)) fault_before=$(fault_left)
	while :; do
		fault_answer=
		$2 $fault_nth
		fault_log
		fault_why=$(fault_complaints) && fault_fails "$fault_why"
		fault_why=$($3 "${fault_answer#* }" 2>&1) || fault_fails "$fault_why"
		fault_now=$(fault_left)
		[ "$fault_now" = "$fault_before" ] ||
			fault_fails "left is '$fault_now', not '$fault_before'"
		case $fault_answer in
		yes\ 0) fault_absorbed=$((fault_absorbed + 1)) ;;
		yes\ *) ;;
		no\ 0) break ;;
		*)
			fault_fails "without a fault: '$fault_answer'"
			break ;;
		esac
		[ $fault_failures -lt 10 ] || break
		[ $fault_nth -lt 600 ] || { fault_fails "there is no end to it"; break; }
		fault_nth=$((fault_nth + 1))
	done
	fault_nr=$((fault_nth - 1))
	if [ $fault_nr = 0 ] && [ $fault_failures = 0 ]; then
		# The action need not make that call.
		[ "${fault_quiet-}" ] || fault_fails "no fault came: the filter or the kernel is wrong"
		return
	fi
	[ $fault_failures != 0 ] || pass "$1: $fault_nr faults, $fault_absorbed absorbed"
}

fault_fails()
{
	fault_failures=$((fault_failures + 1))
	fail "$fault_series-$fault_nth" "$fault_answer: $1"
}

# fault_cache_series CACHE NAME ACTION CHECK: a series of that cache's objects alone. How many
# allocations a load makes varies a little, so that a series of all may pass over one of them.
fault_cache_series()
{
	fault_caches "$1"
	shift
	echo 100 >$FAULT/fail_page_alloc/min-order
	fault_series "$@"
	echo 0 >$FAULT/fail_page_alloc/min-order
	fault_caches '*'
}

# fault_loads FILE: all that can fail while the module is loaded, with do_load and check_load.
fault_loads()
{
	fault_calls load-calls "$FAULT_MODULE" "$1" do_load check_load
	fault_series load do_load check_load
	# The one allocation within d_obtain_alias(), which cannot be made to fail itself.
	fault_cache_series dentry load-dentries do_load check_load
}

# fault_calls NAME MODULE FILE ACTION CHECK [FUNCTION]: a series for each function of
# fault-points that the module in FILE calls, or for FUNCTION alone, which has to be called then.
# With fault_later=yes, all calls after the one that fails do so as well.
fault_calls()
{
	fault_sum=0
	while read -r fault_symbol fault_value _ <&3; do
		case $fault_symbol in '#'* | '') continue ;; esac
		[ "$fault_value" != - ] || continue
		grep -q "$fault_symbol" "$3" || continue
		[ "${6-$fault_symbol}" = "$fault_symbol" ] || continue
		fault_call_module=$2 fault_call_action=$4
		[ "${6-}" ] || fault_quiet=yes
		fault_series "$1-$fault_symbol" fault_call_act "$5"
		fault_sum=$((fault_sum + fault_nr))
	done 3</lib/fault-points
	fault_quiet=
	echo "$1: $fault_sum calls"
}

fault_call_act()
{
	if ! insmod /modules/fail-call.ko "symbol=$fault_symbol" "value=$fault_value" \
		"module=$fault_call_module" "nth=$1" "later=${fault_later:-no}"; then
		fault_answer="no -1"
		return
	fi
	$fault_call_action 0
	if [ "$(cat /sys/module/fail_call/parameters/seen)" -ge "$1" ]; then
		fault_answer="yes ${fault_answer#* }"
	fi
	rmmod fail-call
}
