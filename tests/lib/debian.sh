# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# debian.sh - a Debian 12 in a directory, to install packages in, without root's rights on the
# machine. Sourced after base.sh; $tmp is the test's own directory. Needs user namespaces.
#
#	debian_unpack NAME PACKAGE,...	one with these packages, in $tmp/NAME; mmdebstrap makes
#					it once, and it is kept in the cache
#	in_root NAME CMD...		runs a command in it

debian_unpack()
(
	need_packages "makes a Debian to test in" mmdebstrap
	tar=$CACHE/roots/$1-$2.tar
	if [ ! -e "$tar" ]; then
		mkdir -p "$CACHE/roots"
		apt_release bookworm
		apt_update
		# Of these sources, no source packages.
		mkdir -p "${tmp:?}/sources"
		cp "$APT_DIR"/sources/* "$tmp/sources/"
		sed -i -e 's/ deb-src$//' -e '/^deb-src/d' "$tmp"/sources/*
		run_logged "making a Debian with $1" "$CACHE/logs/root-$1.log" mmdebstrap \
			--variant=apt --include="$2,kmod,udev,zstd" bookworm "$tar.new.tar" \
			"$tmp"/sources/*
		mv "$tar.new.tar" "$tar"
	fi
	mkdir "$tmp/$1"
	tar -C "$tmp/$1" -x --no-same-owner --exclude='./dev/*' -f "$tar"
)

in_root()
{
	in=$tmp/$1
	shift
	# shellcheck disable=SC2016
	unshare -r -m sh -c 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" &&
		exec chroot "$0" "$@"' "$in" "$@"
}
