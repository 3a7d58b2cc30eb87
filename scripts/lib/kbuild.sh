# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# kbuild.sh - builds modules against a kernel of scripts/kernel's.

# kbuild_packages KERNEL: what that takes, with the compiler that built the kernel. objtool needs
# libelf, whose package is not named alike in all releases; that for development is.
kbuild_packages()
{
	kbuild_packages_for "$1/build"
}

# kbuild_packages_for KDIR: the same, for a directory to build modules with.
kbuild_packages_for()
{
	kbuild_compiler=$(sed -n 's/^CC = .*\(gcc-[0-9]*\)$/\1/p' "$1/.kernelvariables" 2>/dev/null) || :
	need_packages "builds kernel modules" make binutils libelf-dev "${kbuild_compiler:-gcc}"
}

# kbuild_directory DIR KERNEL: DIR has no objects of another kernel. Locked on 8.
kbuild_directory()
{
	mkdir -p "$1" "$TOP/build/logs"
	exec 8>"${1%/*}/.lock-${1##*/}"
	flock 8
	[ "$(cat "$1/.kernel" 2>/dev/null)" != "$2" ] || return 0
	rm -rf "$1"
	mkdir -p "$1"
	echo "$2" >"$1/.kernel"
}

# kbuild_make WHAT DIR KERNEL LOG [MAKE-ARGUMENT...]: warnings are errors. BTF in the
# modules would need pahole, and serves no test.
kbuild_make()
(
	what=$1 dir=$2 kernel=$3 log=$4
	shift 4
	# For tests/faults and scripts/coverage.
	! grep -qsx CONFIG_FAIL_FUNCTION=y "$kernel/config" || set -- CONFIG_COMMONHV_FAULTS=m "$@"
	! grep -qsx CONFIG_GCOV_KERNEL=y "$kernel/config" || set -- GCOV_PROFILE=y "$@"
	run_logged "building $what" "$log" \
		make -C "$kernel/build" M="$dir" W=1 KCFLAGS=-Werror -j"$(nproc)" \
		CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules 8>&- || exit 1
	# What a kernel's own headers make sparse say is not ours to change.
	if grep -e 'WARNING: modpost' -e "^$dir/.*\(warning\|error\):" -e '^[^/]*: warning:' \
		-e 'warning: objtool' "$log" >&2; then
		# make would say this only once: have it look again.
		rm -f "$dir/Module.symvers"
		die "warnings; all of it in $log"
	fi
)
