# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# suite.sh - packages of another Debian than this machine's: $SUITE, a suite's name.
#
# Sourced after base.sh, this replaces apt.sh's package lists and where they are from. The
# packages are for fetching only.

# shellcheck disable=SC2034
APT_DIR=$CACHE/apt-${SUITE?}

# The machine's own archive, with that suite.
apt_debian_sources()
(
	archive=$(apt_archive Debian)
	[ "$archive" ] || die "this machine's apt sources have no Debian archive that answers"
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	mkdir -p "$APT_DIR/sources"
	{
		echo "Types: deb"
		echo "URIs: $archive"
		echo "Suites: $SUITE"
		echo "Components: main"
		[ ! -e "$keyring" ] || echo "Signed-By: $keyring"
	} >"$APT_DIR/sources/$SUITE.sources"
)
