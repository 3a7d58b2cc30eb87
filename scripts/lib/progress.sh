# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# progress.sh - long commands, with signs of life.

# progress_tick TITLE START LOG: runs beside the command until it is killed or
# the script is gone. On a terminal one line is rewritten each second; elsewhere
# (a CI log) a line every 30 seconds shows that, and where, the work goes on.
progress_tick()
{
	while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
		elapsed=$(($(date +%s) - $2))
		if [ -t 2 ]; then
			printf '\r%s ... %d s' "$1" "$elapsed" >&2
		elif [ $((elapsed % 30)) -eq 0 ]; then
			printf '%s ... %d s: %s\n' "$1" "$elapsed" \
				"$(tail -n 1 "$3" | cut -c 1-80)" >&2
		fi
	done
}

# run_logged TITLE LOG CMD...: runs CMD, its output into LOG. Returns CMD's status;
# when that is a failure, shows the end of the log and says where it is.
run_logged()
(
	title=$1 log=$2 status=0
	shift 2
	mkdir -p "$(dirname "$log")"
	: >"$log"
	start=$(date +%s)
	[ -t 2 ] || say "$title ..."
	progress_tick "$title" "$start" "$log" &
	ticker=$!
	trap 'kill $ticker 2>/dev/null' EXIT
	# CMD stays in the foreground: an interrupt from the keyboard must reach it.
	"$@" >>"$log" 2>&1 </dev/null || status=$?
	kill "$ticker" 2>/dev/null || :
	wait "$ticker" 2>/dev/null || :
	trap - EXIT
	took=$(($(date +%s) - start))
	[ -t 2 ] && printf '\r' >&2
	if [ "$status" -eq 0 ]; then
		say "$title: done in $took s"
	else
		say "$title: failed after $took s (exit $status); the end of $log:"
		tail -n 25 "$log" | sed 's/^/    /' >&2
	fi
	exit "$status"
)
