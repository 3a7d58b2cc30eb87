# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# witness.sh - what reached the kernel's RNG, by whom and in which order: seen by
# kprobe events in a stock kernel, with no help of the modules.
#
# The list has a line for each event, and these are all that it can have:
#
#	mix LEN WORDS by TASK		add_device_randomness()
#	credit LEN BITS WORDS by TASK	add_hwgenerator_randomness()
#	vmfork LEN WORDS by TASK	add_vmfork_randomness(), which then reseeds
#	reseed by TASK			crng_reseed(), because somebody asked for it
#	drop by TASK			vrng_pool_drop() of virtio-rng-ext
#	publish GENERATION by TASK	vmgenid_sysgenid_publish() of vmgenid-ext
#	offer VALUE by TASK		commonhv_native_write_msr() of commonhv: WRMSR
#	others by TASK			wg_vm_notification() of WireGuard, for all that
#					are on the kernel's own notifier
#
# WORDS that the host has counted (x-commonhv-rng or x-misbehave set to counting)
# stand as msr:1-16 or virtio:1-8; of others the first two, and ".." for the rest.
# A kworker is "kworker", whatever its number. Left out is what the kernel does at
# any time: what is mixed when a task begins and ends, and reseeds by age.

TRACING=/sys/kernel/tracing
WITNESS=$TRACING/events/witness

# witness_event NAME DEFINITION [FILTER]: on its own, as not every kernel has all.
witness_event()
{
	echo "p:witness/$1 $2 comm=\$comm" 2>/dev/null >>$TRACING/kprobe_events ||
		return 0
	[ ! "${3-}" ] || echo "$3" >"$WITNESS/$1/filter"
	echo 1 >"$WITNESS/$1/enable"
}

# witness_start: the list is empty, and grows from now on. Functions of modules
# are watched as soon as these are loaded.
witness_start()
{
	mount -t tracefs tracefs $TRACING 2>/dev/null
	# One order for all processors.
	echo counter >$TRACING/trace_clock
	# Names of tasks by a hook in the scheduler: to patch that while another
	# processor runs it is more than the emulator can do.
	echo 0 >$TRACING/options/record-cmd
	# Not the ends of tasks, of which there are many.
	# shellcheck disable=SC2046
	set -- $(sed -n '/ release_task$/ { p; n; p; q; }' /proc/kallsyms)
	# $comm and $stack are the kernel's.
	# shellcheck disable=SC2016
	witness_event mix 'add_device_randomness len=%si:u64 words=+0(%di):x64[16] caller=+0($stack):symbol' \
		"len > 0 && (caller < 0x${1-0} || caller >= 0x${4-0})"
	witness_event credit 'add_hwgenerator_randomness len=%si:u64 bits=%dx:u64 words=+0(%di):x64[16]'
	witness_event vmfork 'add_vmfork_randomness len=%si:u64 words=+0(%di):x64[16]'
	# shellcheck disable=SC2016
	witness_event reseed 'crng_reseed caller=+0($stack):symbol'
	witness_event drop virtio_rng_ext:vrng_pool_drop
	witness_event publish 'vmgenid_ext:vmgenid_sysgenid_publish generation=%si:u32'
	witness_event offer 'commonhv:commonhv_native_write_msr value=%dx:u64'
	witness_event others wireguard:wg_vm_notification
}

# witness_clear: the list is empty again.
witness_clear()
{
	echo >$TRACING/trace
}

# witness_stop: watches nothing any more.
witness_stop()
{
	echo 0 >$WITNESS/enable
	echo >$TRACING/kprobe_events
	witness_clear
}

# witness_list [TASK]: the list, or what a task of that name (a pattern of awk's)
# has done.
witness_list()
{
	awk -v task="${1-.*}" '
	function number(hex, i, n)
	{
		for (i = 1; i <= length(hex); i++)
			n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
		return n
	}
	# "msr:1", "virtio:1", or the word as it is.
	function name(word)
	{
		if (length(word) == 18 && substr(word, 3, 6) == "4d5352")
			return "msr:" number(substr(word, 9))
		if (length(word) == 18 && substr(word, 3, 6) == "564952")
			return "virtio:" number(substr(word, 9))
		return word
	}
	# Counted words in a row as one; of a row of others no more than two.
	function words(text, len, word, nr, i, list, others, first, last, part)
	{
		nr = split(text, word, ",")
		if (len + 0 < nr * 8)
			nr = int(len / 8)
		for (i = 1; i <= nr; i++) {
			split(name(word[i]), part, ":")
			if (part[2] == "") {
				others++
				if (others <= 3)
					list = list " " (others < 3 ? part[1] : "..")
				continue
			}
			others = 0
			first = last = part[2]
			while (i < nr && name(word[i + 1]) == part[1] ":" last + 1) {
				last++
				i++
			}
			list = list " " part[1] ":" first (last == first ? "" : "-" last)
		}
		return list
	}
	# The value of KEY=VALUE.
	function field(key, text)
	{
		if (!match($0, " " key "=[^ ]*"))
			return ""
		text = substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 2)
		gsub(/[{}"]/, "", text)
		return text
	}
	!match($0, /: [a-z]+: \(/) { next }
	{
		kind = substr($0, RSTART + 2, RLENGTH - 5)
		by = field("comm")
		sub(/^kworker.*/, "kworker", by)
	}
	by !~ "^(" task ")$" { next }
	# A part of it.
	kind == "mix" && field("caller") ~ /^add_vmfork_/ { next }
	kind == "mix" || kind == "vmfork" {
		print kind, field("len") words(field("words"), field("len")), "by", by
	}
	kind == "credit" {
		print kind, field("len"), field("bits") words(field("words"), field("len")),
			"by", by
	}
	kind == "reseed" && field("caller") ~ /^(random_|add_vmfork_|_?credit_)/ {
		print kind, "by", by
	}
	kind == "drop" || kind == "others" { print kind, "by", by }
	kind == "publish" { print kind, field("generation"), "by", by }
	kind == "offer" { print kind, field("value"), "by", by }' $TRACING/trace
}

# witness_has PATTERN: for wait_for. A line of the list is like the pattern.
witness_has()
{
	witness_list | while IFS= read -r witness_one; do
		# shellcheck disable=SC2254
		case $witness_one in
		$1) exit 1 ;;
		esac
	done && return 1
	return 0
}

# witness_has_lines NUMBER: for wait_for. The list is at least as long.
witness_has_lines()
{
	[ "$(witness_list | wc -l)" -ge "$1" ]
}

# expect_witness NAME [TASK] <PATTERNS: the list (or what TASK has done) is this and
# nothing else; a shell pattern for each line. A pattern that begins with "? " is
# of a line that may be missing; those in a row that begin with "& " come in any
# order. Empty patterns are ignored.
expect_witness()
{
	cat >/tmp/witness.want
	witness_list ${2+"$2"} >/tmp/witness.got
	if witness_compare 3</tmp/witness.want 4</tmp/witness.got; then
		pass "$1"
	else
		fail "$1" "wanted [$(paste -sd ';' /tmp/witness.want)], got [$(paste -sd ';' /tmp/witness.got)]"
	fi
}

# Reads the next line of the list, "" at its end.
witness_next()
{
	IFS= read -r witness_line <&4 || witness_line=
}

witness_compare()
{
	witness_group=
	witness_next
	while IFS= read -r witness_pattern <&3; do
		case $witness_pattern in
		'') continue ;;
		'& '*)
			witness_group="$witness_group${witness_pattern#& }
"
			continue ;;
		esac
		witness_take_group || return 1
		# shellcheck disable=SC2254
		case $witness_line in
		${witness_pattern#\? }) witness_next ;;
		*) [ "$witness_pattern" != "${witness_pattern#\? }" ] || return 1 ;;
		esac
	done
	witness_take_group && [ ! "$witness_line" ]
}

# The next lines are those of the group, whichever comes first.
witness_take_group()
{
	while [ "$witness_group" ]; do
		witness_left=
		witness_found=
		while IFS= read -r witness_one; do
			# shellcheck disable=SC2254
			case $witness_found$witness_line in
			${witness_one:-*}) [ ! "$witness_one" ] || witness_found=/ ;;
			*) witness_left="$witness_left$witness_one
" ;;
			esac
		done <<-END
			$witness_group
		END
		[ "$witness_found" ] || return 1
		witness_group=$witness_left
		witness_next
	done
}
