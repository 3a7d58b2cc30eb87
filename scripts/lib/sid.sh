# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# sid.sh - the kernel of Debian's unstable, for scripts/kernel.
#
# Modules for it need unstable's compiler, which needs unstable's C library. So
# all that a build executes comes from unstable too, and is put in the place of
# /usr for the duration of the build, in a mount namespace of its own: the
# machine is left as it is, and neither root nor a container engine is needed.
#
# Sourced after base.sh, this replaces one of scripts/kernel's functions.

apt_release sid

# What a build executes, beside what unstable's kernel headers depend on.
SID_TOOLS='base-files coreutils dash diffutils findutils grep make mawk pahole sed'

# kernel_unpack DIR RELEASE: as in scripts/kernel.
kernel_unpack()
(
	dir=$1 release=$2
	unshare -r -m true 2>/dev/null ||
		die "unstable's kernel needs user namespaces, and this machine forbids them"
	tmp=$(mktemp -d "$KERNELS/.unpack.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir -p "$tmp/debs/partial" "$tmp/all" "$tmp/root/build"
	packages="linux-base-$release linux-binary-$release linux-modules-$release
		linux-headers-$release $SID_TOOLS"
	# As if nothing were installed: all that is needed, whatever the machine has.
	# shellcheck disable=SC2086
	run_logged "downloading unstable's kernel and compiler" "$CACHE/logs/sid.log" \
		apt_run apt-get -y --download-only -o Dir::State::status="$tmp/none" \
		-o Dir::Cache::archives="$tmp/debs" -o Debug::NoLocking=1 \
		-o APT::Install-Recommends=false install $packages ||
		die "could not download unstable's kernel and compiler"
	# base-files has the links that make /bin and the like lead to /usr/bin.
	for deb in "$tmp"/debs/base-files_*.deb "$tmp"/debs/*.deb; do
		dpkg-deb -x "$deb" "$tmp/all"
	done
	rm -rf "$tmp/all/usr/share"
	mv "$tmp/all/usr" "$tmp/root/"
	ln -s mawk "$tmp/root/usr/bin/awk"
	sid_entry "$tmp/root" "$dir" "$release"
	python3 "$TOP/scripts/lib/vmlinux.py" "$tmp/root/vmlinuz" "$tmp/root/vmlinux"
	chmod 755 "$tmp/root"
	mv "$tmp/root" "$dir"
)

# The directory's entry points, as scripts/kernel describes them.
sid_entry()
(
	root=$1 dir=$2 release=$3
	modules=usr/lib/modules/$release
	ln -s "$modules" "$root/modules"
	ln -s "$modules/vmlinuz" "$root/vmlinuz"
	ln -s "$modules/config" "$root/config"
	rm -f "$root/$modules/build" "$root/$modules/source"
	echo "$release" >"$root/release"
	# The compiler is not one of the machine's packages.
	: >"$root/build/.kernelvariables"
	cat >"$root/build/Makefile" <<-MAKEFILE
		modules modules_install clean: ; +@unshare -r -m sh -c ' \\
			mount --bind $dir/usr /usr && exec env PATH=/usr/bin \\
			make -C /usr/src/linux-headers-$release \$@'
	MAKEFILE
)
