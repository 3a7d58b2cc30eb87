# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# debug.sh - the kernels that look for bugs, for scripts/kernel: debug, kcsan and gcov.
#
# Debian has none with KASAN, lockdep and kmemleak. So one is built, of its
# linux-source package and debug.config, once for each version of these two and
# of the compiler. KCSAN excludes KASAN, and a count of the lines that ran does without
# both: they have kernels of their own, with kcsan.config and gcov.config, whose lines
# take the place of those of debug.config.
#
# Sourced after base.sh and with $debug_name set, this replaces functions of
# scripts/kernel's.

DEBUG_SERIES=6.12
DEBUG_CONFIG=$TOP/scripts/lib/debug.config

# The options of the kernel that is asked for.
debug_config()
{
	# shellcheck disable=SC2154 # scripts/kernel sets it
	if [ "$debug_name" = debug ]; then
		cat "$DEBUG_CONFIG"
	else
		sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=.*/^\1=/p' "$TOP/scripts/lib/$debug_name.config" |
			grep -v -f - "$DEBUG_CONFIG"
		cat "$TOP/scripts/lib/$debug_name.config"
	fi
}

# What the kernel is made of, apart from the source.
debug_key()
{
	{ debug_config; gcc --version; } | sha256sum | cut -c 1-12
}

# kernel_is_fresh LINK: as in scripts/kernel, unless the options were changed.
kernel_is_fresh()
{
	[ "$(find "$1" -mmin "-$APT_MAX_AGE" 2>/dev/null)" ] &&
		case $(readlink -f "$1") in *."$(debug_key)") ;; *) false ;; esac
}

# kernel_resolve NAME: as in scripts/kernel.
kernel_resolve()
(
	need_packages "builds a kernel" gcc
	version=$(deb_version "linux-source-$DEBUG_SERIES") || exit 1
	suffix=$(debug_config | sed -n 's/^CONFIG_LOCALVERSION="\(.*\)"/\1/p')
	echo "${version%%-*}$suffix $version.$(debug_key)"
)

# debug_configure TREE: an option whose dependencies are not met is dropped
# without a word, which would make the kernel look for less than it should.
debug_configure()
(
	cd "$1" && debug_config >.config.wanted &&
		make -s KCONFIG_ALLCONFIG=.config.wanted allnoconfig || exit 1
	grep '^CONFIG_.*=[^n]' .config.wanted | grep -vxF -f .config >.config.lost || return 0
	echo "scripts/lib/$debug_name.config asks for what this source does not offer:"
	cat .config.lost
	exit 1
)

debug_make()
(
	tree=$1 root=$2
	debug_configure "$tree" && cd "$tree" &&
		make -j"$(nproc)" bzImage modules &&
		make INSTALL_MOD_PATH="$root" DEPMOD=true modules_install &&
		make run-command \
			KBUILD_RUN_COMMAND="sh scripts/package/install-extmod-build $root/build"
)

# kernel_unpack DIR RELEASE VERSION: as in scripts/kernel; with the source, which is there anyway.
kernel_unpack()
(
	dir=$1 release=$2 version=${3%.*}
	need_packages "builds a kernel" bc bison flex libelf-dev make
	tmp=$(mktemp -d "$KERNELS/.unpack.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir "$tmp/tree" "$tmp/root" "$tmp/root/source"
	deb=$(deb_fetch "$tmp" "linux-source-$DEBUG_SERIES=$version") || exit 1
	kernel_untar_source "$deb" "$tmp/tree"
	run_logged "building the kernel $debug_name, for many minutes but once" "$CACHE/logs/$debug_name.log" \
		debug_make "$tmp/tree" "$tmp/root" || die "could not build the kernel $debug_name"
	cd "$tmp/tree" || exit 1
	cp .config "$tmp/root/config"
	cp arch/x86/boot/bzImage "$tmp/root/vmlinuz"
	cp vmlinux "$tmp/root/vmlinux"
	# shellcheck disable=SC2086
	cp -r --parents $SOURCE_PARTS "$tmp/root/source"
	echo "$release" >"$tmp/root/release"
	ln -s "lib/modules/$release" "$tmp/root/modules"
	rm -f "$tmp/root/modules/build"
	# The compiler is not one of the machine's packages with a version in its name.
	: >"$tmp/root/build/.kernelvariables"
	chmod 755 "$tmp/root"
	mv "$tmp/root" "$dir"
)
