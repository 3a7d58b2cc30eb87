# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# guest.sh - what the scripts in test guests share (/lib/guest.sh there).
#
# Results have names, and are stated one by one (pass, fail, skip); a script that goes on after a failure tells more than one that stops.

# pass NAME; fail NAME WHY; skip NAME WHY: as vmctl does, but without a process,
# which an emulated processor takes its time to start.
pass()
{
	echo "0 pass $1" >/.vm/ctl
}

fail()
{
	printf '0 fail %s %s\n' "$1" "$(echo "$2" | tr '\n' ' ')" >/.vm/ctl
}

skip()
{
	echo "0 skip $1 $2" >/.vm/ctl
}

# ok NAME CMD...: passes when CMD succeeds; its output is the reason otherwise.
ok()
{
	ok_name=$1
	shift
	if ok_text=$("$@" 2>&1); then
		pass "$ok_name"
	else
		fail "$ok_name" "$* failed: $ok_text"
	fi
}

# refused NAME CMD...: passes when CMD fails.
refused()
{
	ok_name=$1
	shift
	if ok_text=$("$@" 2>&1); then
		fail "$ok_name" "$* succeeded: $ok_text"
	else
		pass "$ok_name"
	fi
}

# expect NAME WANT GOT: passes when the two texts are the same.
expect()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "wanted '$2', got '$3'"
	fi
}

# expect_match NAME PATTERN GOT: the same with a shell pattern.
expect_match()
{
	# shellcheck disable=SC2254
	case $3 in
	$2) pass "$1" ;;
	*) fail "$1" "wanted something like '$2', got '$3'" ;;
	esac
}

# expect_at_most NAME LIMIT GOT: numbers.
expect_at_most()
{
	if [ "$3" -le "$2" ]; then
		pass "$1"
	else
		fail "$1" "wanted at most $2, got $3"
	fi
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
