# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# result.sh - for tests that run on this machine, without a guest.
#
#	result NAME CMD...	passes if CMD succeeds; what it prints is the reason
#				why not
#
# Such a test ends with: exit $failed

failed=0

result()
{
	name=$1
	shift
	if output=$("$@" 2>&1); then
		echo "ok $name"
	else
		echo "not ok $name"
		printf '%s\n' "$output" | sed 's/^/         /'
		# shellcheck disable=SC2034 # the test's exit status
		failed=1
	fi
}
