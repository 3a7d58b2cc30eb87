# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# guest.sh - what the scripts in test guests share (/lib/guest.sh there), with the
# functions of result.sh, whose results go to the host.

# shellcheck source=tests/lib/result.sh
. /lib/result.sh

# Without a process, which an emulated processor takes its time to start.
result_print()
{
	# shellcheck disable=SC2059
	printf "$@" >/.vm/ctl
}

# results PROGRAM...: passes on the results that a program prints.
results()
{
	results_status=0
	"$@" >/tmp/results || results_status=$?
	grep -e '^# ' -e '^ok ' -e '^not ok ' /tmp/results >/.vm/ctl
	[ $results_status = 0 ] || grep -q '^not ok ' /tmp/results ||
		fail "$1-ends" "status $results_status"
}

# wait_for SECONDS CMD...: until CMD succeeds; fails when it does not in time.
# Under emulation, on a busy machine, seconds are long: be generous.
wait_for()
{
	wait_left=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		wait_left=$((wait_left - 1))
		[ $wait_left -gt 0 ] || return 1
		sleep 0.1
	done
}

# load_module NAME [PARAM...]: inserts one of the kernel's own modules that was
# carried (--module NAME), after what it depends on.
load_module()
{
	load_name=$1
	shift
	# shellcheck disable=SC2013
	for load_each in $(cat "/modules/$load_name.order"); do
		[ ! -d "/sys/module/$load_each" ] || continue
		if [ "$load_each" = "$load_name" ]; then
			insmod "/modules/$load_each.ko" "$@" || return
		else
			insmod "/modules/$load_each.ko" || return
		fi
	done
}

# log_mark; log_since: the kernel's messages after the mark. Kept in a file, as
# ok and refused run their commands in a subshell.
log_mark()
{
	dmesg | wc -l >/tmp/log-mark
}

log_since()
{
	dmesg | tail -n "+$(($(cat /tmp/log-mark) + 1))"
}

# suspend: to RAM, and back at once.
suspend()
{
	vmctl on SUSPEND '{"execute":"system_wakeup"}'
	echo mem >/sys/power/state
}

# hibernate: as far as devices are concerned, which are frozen and restored. The
# kernel's test of this spins for 5 s by its TSC's count, which can be a minute
# under emulation on a busy machine: scripts/vm has a patient watchdog.
hibernate()
{
	echo devices >/sys/power/pm_test
	hibernate_status=1
	! echo disk >/sys/power/state || hibernate_status=0
	echo none >/sys/power/pm_test
	return $hibernate_status
}
