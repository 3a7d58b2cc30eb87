# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# result.sh - states results, on this machine (tests/*) and in guests (/lib/guest.sh): lines
# of KTAP, as scripts/lib/ktap.py describes them.
#
#	ok NAME CMD...			passes when CMD succeeds; why not is what it prints
#	refused NAME CMD...		passes when CMD fails
#	expect NAME WANT GOT		passes when the two texts are the same
#	expect_match NAME PATTERN GOT	the same with a shell pattern
#	expect_at_most NAME LIMIT GOT	numbers
#	pass NAME, fail NAME WHY, skip NAME WHY
#	results_end			prints the summary, and exits; for tests on this machine
#
# A script that goes on after a failure says more than one that stops.

result_nr=0 result_failed=0 result_skipped=0

# result_print FORMAT ARGUMENT...: in one write. guest.sh has another.
result_print()
{
	# shellcheck disable=SC2059
	printf "$@"
}

pass()
{
	result_nr=$((result_nr + 1))
	result_print 'ok %d - %s\n' $result_nr "$1"
}

fail()
{
	result_nr=$((result_nr + 1)) result_failed=$((result_failed + 1))
	result_print '%s\nnot ok %d - %s\n' "$(printf '%s\n' "$2" | sed 's/^/# /')" $result_nr "$1"
}

skip()
{
	result_nr=$((result_nr + 1)) result_skipped=$((result_skipped + 1))
	result_print 'ok %d - %s # SKIP %s\n' $result_nr "$1" "$2"
}

results_end()
{
	result_passed=$((result_nr - result_failed - result_skipped))
	[ $result_skipped = 0 ] || result_more=", $result_skipped skipped"
	result_print '%d passed, %d failed%s\n' $result_passed $result_failed "${result_more-}"
	[ $result_failed = 0 ] && [ $result_passed != 0 ]
	exit
}

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

expect()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "wanted '$2', got '$3'"
	fi
}

expect_match()
{
	# shellcheck disable=SC2254
	case $3 in
	$2) pass "$1" ;;
	*) fail "$1" "wanted something like '$2', got '$3'" ;;
	esac
}

expect_at_most()
{
	if [ "$3" -le "$2" ]; then
		pass "$1"
	else
		fail "$1" "wanted at most $2, got $3"
	fi
}
