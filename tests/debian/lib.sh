# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# lib.sh - what the scripts of tests/debian share (/lib/debian.sh in the guest).
#
# A script runs again at each boot, and $STAGE says how often it has.

# shellcheck source=tests/guest/lib/guest.sh
. /lib/guest.sh

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
MODULES='commonhv vmgenid_ext virtio_rng_ext'
STATE=/var/lib/debian-test

mkdir -p $STATE
STAGE=$(($(cat $STATE/stage 2>/dev/null || echo 0) + 1))
echo $STAGE >$STATE/stage

# next_stage CHANGE...: boots again, and does not return.
next_stage()
{
	vmctl next "$@"
	systemctl reboot
	exec sleep infinity
}

# last_stage: the next script begins with its first.
last_stage()
{
	rm $STATE/stage
	sync
	exit
}

has_booted()
{
	case $(systemctl is-system-running) in
	running | degraded) ;;
	*) return 1 ;;
	esac
}

failed_units()
{
	systemctl --failed --plain --no-legend | awk '{ print $1 }' | xargs
}

# boots_well NAME [UNIT...]: no unit but these fails.
boots_well()
{
	ok "$1: boots" wait_for 300 has_booted
	boot_name=$1
	shift
	expect "$boot_name: units that failed" "$*" "$(failed_units)"
}

loaded()
{
	loaded_all=
	for loaded_each in $MODULES; do
		[ ! -d "/sys/module/$loaded_each" ] || loaded_all="$loaded_all $loaded_each"
	done
	echo "${loaded_all# }"
}

driver()
{
	for driver_device in /sys/bus/virtio/devices/*; do
		[ "$(cat "$driver_device/device")" != 0x0004 ] ||
			basename "$(readlink -f "$driver_device/driver")"
	done
}

# The initramfs has left a copy of /proc/modules, which has the newest module first.
loaded_early()
{
	tac /run/early-modules | awk '{ print $1 }' |
		grep -x -e commonhv -e vmgenid_ext -e virtio_rng_ext | xargs
}

# watch_rng, watched_rng: was there always a hardware RNG in between?
watch_rng()
{
	rm -f /run/without-rng
	while sleep 0.3; do
		read -r current </sys/class/misc/hw_random/rng_current
		[ "$current" != none ] || echo "none at $(date)" >>/run/without-rng
	done &
	watch=$!
}

watched_rng()
{
	kill "$watch"
	expect "$1: there was a hardware RNG all the time" '' "$(cat /run/without-rng 2>/dev/null)"
}

# There is no network: apt has what it needs, or fails.
apt_get()
{
	apt-get -q -y -o APT::Install-Recommends=false "$@"
}

# has_version VERSION: of both packages. Without them the rest says nothing.
has_version()
{
	[ "$(dpkg-query -W -f '${Version} ' commonhv-dkms commonhv-guest)" = "$1 $1 " ] || exit 1
}

# dkms_has VERSION RELEASE...: these modules, and no others.
dkms_has()
{
	dkms_version=$1
	shift
	for dkms_release; do
		echo "commonhv/$dkms_version, $dkms_release, x86_64: installed"
	done | sort >/tmp/dkms-wanted
	dkms status | sed 's/ (.*//' | sort | diff /tmp/dkms-wanted -
}

# All files but those that come and go by themselves.
list_files()
{
	find / -xdev \( -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /tmp \
		-o -path /var/tmp -o -path /var/lib/dpkg -o -path /var/lib/systemd -o -path /.vm \
		-o -path /packages -o -path "$STATE" \) -prune -o -print | sort
}
