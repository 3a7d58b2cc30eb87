# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# commonhv.sh - commonhv.ko in a test guest: its sysfs files, and the hypervisor's
# counters and settings.

BUS=/sys/bus/commonhv/devices
COUNTERS='cpuid-0 cpuid-1 cpuid-2 cpuid-3 cpuid-4 cpuid-5 cpuid-other cpuid-scan rdmsr wrmsr'

# attr DEVICE FILE
attr()
{
	if IFS= read -r attr_value <"$BUS/$1/$2"; then
		printf '%s\n' "$attr_value"
	else
		echo "(no $1/$2)"
	fi 2>/dev/null
}

# attr_is DEVICE FILE VALUE: for wait_for.
attr_is()
{
	[ "$(attr "$1" "$2")" = "$3" ]
}

# interfaces FILE: that attribute of all interfaces, in order, in a line.
interfaces()
{
	attr_i=0
	attr_line=
	while [ -d "$BUS/interface$attr_i" ]; do
		IFS= read -r attr_value <"$BUS/interface$attr_i/$1"
		attr_line="$attr_line${attr_line:+ }$attr_value"
		attr_i=$((attr_i + 1))
	done
	echo "$attr_line"
}

nr_interfaces()
{
	set -- "$BUS"/interface*
	[ -e "$1" ] && echo $# || echo 0
}

# Is this module registered with hw_random? yes or no.
hwrng_names()
{
	case " $(cat /sys/class/misc/hw_random/rng_available) " in
	*" commonhv "*) echo yes ;;
	*) echo no ;;
	esac
}

counter()
{
	vmctl get "x-commonhv-$1"
}

reset_counters()
{
	# shellcheck disable=SC2046
	vmctl set $(for counter in $COUNTERS; do echo "x-commonhv-$counter" 0; done)
}

# CPUIDs of CommonHV leaves since the reset.
commonhv_cpuids()
{
	cpuids=$(vmctl get x-commonhv-cpuid-0 x-commonhv-cpuid-1 x-commonhv-cpuid-2 \
		x-commonhv-cpuid-3 x-commonhv-cpuid-4 x-commonhv-cpuid-5 \
		x-commonhv-cpuid-other)
	echo $(($(echo "$cpuids" | tr ' ' '+')))
}

# load [PARAMETER...]; the log since then is in log_since. There is no interval unless
# a PARAMETER asks for one: tests count.
load()
{
	log_mark
	insmod /modules/commonhv.ko interval_s=0 "$@"
}

unload()
{
	rmmod commonhv
}

# The module's own lines in the log since the load, without time stamps. A line
# counts once: busybox's insmod tries a second way when the first fails.
said()
{
	log_since | sed -n 's/^\[[^]]*\] commonhv: //p' | uniq |
		grep -v -e 'taints kernel' -e 'tainting kernel'
}

# expect_said NAME PATTERN: one of the module's lines is like the pattern.
expect_said()
{
	expect_match "$1" "*$2*" "$(said | tr '\n' '|')"
}

hwrng_bytes()
{
	dd if=/dev/hwrng bs=64 count=1 2>/dev/null | od -An -tx1 | tr -d ' \n'
}
