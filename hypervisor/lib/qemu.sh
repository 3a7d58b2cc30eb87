# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2034 # not all callers use all of it
#
# qemu.sh - QEMU's sources and how they are configured, for hypervisor/build and
# tests/qemu-series. The caller has read scripts/lib/base.sh.

OURS=$TOP/hypervisor/qemu
SERIES=$OURS/series
QEMU_CACHE=$CACHE/qemu

# Paths are made up: the emulator looks for share/ beside itself.
CONFIGURE="--prefix=/qemu --bindir=/qemu --datadir=/qemu --with-suffix=share
	--firmwarepath=/qemu/share --target-list=x86_64-softmmu
	--without-default-features --enable-tcg --enable-kvm --enable-fdt=system
	--without-default-devices --with-devices-x86_64=commonhv
	--disable-docs --disable-tools --disable-guest-agent
	--disable-install-blobs --python=/usr/bin/python3"

# Those that a built QEMU needs as well.
QEMU_LIBRARIES='libglib2.0-dev zlib1g-dev libfdt-dev'

need_qemu_packages()
{
	# shellcheck disable=SC2086
	need_packages "to build QEMU" gcc libc6-dev make ninja-build pkg-config python3-venv \
		$QEMU_LIBRARIES patch cpio
	apt_release trixie
}

# Prints the directory of the unpatched sources.
pristine_source()
(
	if [ "${QEMU_SRC-}" ]; then
		[ -e "$QEMU_SRC/target/i386/cpu.c" ] || die "QEMU_SRC=$QEMU_SRC is not a QEMU source tree"
		cd "$QEMU_SRC" && pwd
		exit
	fi
	apt_update
	version=$(apt_run apt-cache showsrc --only-source qemu 2>/dev/null |
		sed -n 's/^Version: \(1:10\.0\..*\)/\1/p' | sort -V | tail -n 1)
	[ "$version" ] ||
		die "this machine's Debian archive has no source package of QEMU 10.0 (Debian 13 has); set QEMU_SRC to a source tree"
	deb_source "$CACHE/src" "qemu=$version"
)

# copy_changed FROM TO: keeps the time stamp of what does not change, for ninja.
copy_changed()
{
	cmp -s "$1" "$2" || cp --remove-destination "$1" "$2"
}

# QEMU 10.0 needs a newer meson than Debian 12 has: that of Debian 13, which is
# Python alone. It is not installed, and so does not take the place of another.
unpack_meson()
(
	deb=$(deb_fetch "$CACHE/deb" meson) || exit 1
	dir=$QEMU_CACHE/$(basename "$deb" .deb)
	[ -d "$dir" ] || dpkg-deb -x "$deb" "$dir"
	echo "$dir/usr/lib/python3/dist-packages"
)

# configure_qemu MESON [OPTION]...: in the working directory, which is beside tree/.
configure_qemu()
{
	configured="$1 $CONFIGURE${2:+ $2}"
	export PYTHONPATH="$1"
	[ "$(cat configured 2>/dev/null)" != "$configured" ] || return 0
	# shellcheck disable=SC2086
	../tree/configure $CONFIGURE ${2:+"$2"}
	echo "$configured" >configured
}
