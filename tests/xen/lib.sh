# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# lib.sh - boots Xen, with dom0 in it. Sourced after base.sh and result.sh.
#
#	xen_prepare			makes what all boots need, in $XEN_WORK
#	xen_boot NAME XEN CPU OPTIONS	boots once, and passes on the results of dom0
#	xen_output BOOT NAME		what the conformance guest of that name printed

XEN_PACKAGES="xen-hypervisor-4.17-amd64 xen-utils-4.17 libxenmisc4.17 libxencall1 libxenevtchn1
	libxenforeignmemory1 libxengnttab1 libxenstore4 libxentoollog1 libxentoolcore1
	libxendevicemodel1 libxenhypfs1 libyajl2 libuuid1 zlib1g liblzma5 libzstd1
	libgcc-s1 libc6"
XEN_PROGRAMS="xl xenstored xen-init-dom0 xenconsoled"
XEN_MODULES="xen-privcmd xen-evtchn xen-gntdev xenfs msr"
XEN_TIMEOUT=600	# seconds: the machine may be busy

# Quick under emulation; Xen and the kernel must not use what it does badly.
XEN_CPU=EPYC,xsave=off,avx=off,avx2=off,f16c=off,fma=off,smap=off,smep=off,monitor=off

XEN_WORK=$TOP/build/xen/test

# Programs and libraries of Debian 12's packages, and of no others: this machine need not be
# alike. Not again, if this file is the same.
xen_unpack()
(
	cmp -s "$TOP/tests/xen/lib.sh" "$XEN_WORK/unpacked-by" && exit
	rm -rf "$XEN_WORK"
	mkdir -p "$XEN_WORK/packages"
	apt_release bookworm
	# shellcheck disable=SC2086
	for deb in $(deb_fetch "$CACHE/deb" $XEN_PACKAGES); do
		dpkg-deb -x "$deb" "$XEN_WORK/packages"
	done
	gunzip -c "$XEN_WORK"/packages/boot/xen-4.17-amd64.gz >"$XEN_WORK/xen-stock"
	cp "$TOP/tests/xen/lib.sh" "$XEN_WORK/unpacked-by"
)

# xen_root DIR INIT MODULES FILE...: a root with busybox.
xen_root()
(
	dir=$1
	rm -rf "$dir"
	mkdir -p "$dir/bin" "$dir/lib" "$dir/lib64" "$dir/dev" "$dir/proc" "$dir/sys" \
		"$dir/tmp" "$dir/modules" "$dir/xen"
	cp "$("$TOP/scripts/lib/busybox")" "$dir/bin/"
	ln -s busybox "$dir/bin/sh"
	cp "$TOP/tests/xen/$2" "$dir/init"
	chmod 755 "$dir/init"
	cp "$TOP/tests/lib/result.sh" "$TOP"/tests/guest/lib/*.sh "$dir/lib/"
	cp "$TOP"/tests/xen/*.sh "$dir/xen/"
	for module in $3; do
		find "$kernel/lib/modules/" -name "$module.ko" -exec cp {} "$dir/modules/" \;
	done
	cp "$modules/commonhv/commonhv.ko" "$dir/modules/"
	shift 3
	[ $# = 0 ] || cp "$@" "$dir/"
)

xen_archive()
{
	(cd "$1" && find . | cpio -o -H newc --quiet) >"$2"
}

xen_dom0_root()
(
	root=$XEN_WORK/dom0
	xen_root "$root" dom0-init "$XEN_MODULES" "$XEN_WORK/domu" "$kernel/vmlinux" \
		"$TOP/build/conformance/conformance.elf" "$TOP/build/conformance/conformance-pvh.elf"
	bin=$XEN_WORK/packages/usr/lib/xen-4.17/bin
	for program in $XEN_PROGRAMS; do
		cp "$bin/$program" "$root/bin/"
	done
	# xl looks for this one at its own place.
	mkdir -p "$root/usr/lib/xen-4.17/bin"
	cp "$bin/libxl-save-helper" "$root/usr/lib/xen-4.17/bin/"
	find "$XEN_WORK/packages" -name 'lib*.so.*' -path '*/x86_64-linux-gnu/*' \
		-exec cp -L {} "$root/lib/" \;
	# /lib64 has a link, which leads to the one of this machine.
	cp "$XEN_WORK/packages/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$root/lib64/"
	cp "$TOP/scripts/lshv" "$root/bin/"
	gcc -static -O2 -Wall -o "$root/bin/set-param" "$TOP/tests/xen/set-param.c"
	cd "$root" || exit
	mkdir -p run/xen run/xenstored etc/xen var/log/xen/console var/lib/xen var/lib/xenstored
	ln -s ../run var/run
	: >etc/xen/xl.conf
)

xen_prepare()
{
	need_packages "to make initramfs archives and guests" cpio gcc libc6-dev make python3
	qemu=$("$TOP/hypervisor/build")
	kernel=$("$TOP/scripts/kernel" 6.1)
	modules=$("$TOP/scripts/build" 6.1)
	"$TOP/hypervisor/conformance/run" --images >/dev/null
	xen_unpack
	xen_root "$XEN_WORK/domu-root" domu-init msr
	xen_archive "$XEN_WORK/domu-root" "$XEN_WORK/domu"
	xen_dom0_root
	xen_archive "$XEN_WORK/dom0" "$XEN_WORK/initramfs"
}

# The kernel RNG of dom0 must not be ready before the tests begin.
xen_qemu()
{
	timeout "$XEN_TIMEOUT" nice "$qemu" -nodefaults -display none -no-reboot \
		-serial stdio -serial "file:$XEN_WORK/$1.results" \
		-accel tcg,tb-size=512 -cpu "$XEN_CPU$3" -smp 2 -m 1536 -kernel "$2" \
		-append "com1=115200,8n1 console=com1 guest_loglvl=all dom0_mem=768M noreboot $4" \
		-initrd "$kernel/vmlinux console=hvc0 panic=-1 mitigations=off random.trust_cpu=off random.trust_bootloader=off script=$1,$XEN_WORK/initramfs" \
		</dev/null >"$XEN_WORK/$1.log" 2>&1
}

# Lines of KTAP, as results of ours.
xen_results()
{
	reason=
	while IFS= read -r line; do
		case $line in
		'# '*) reason="$reason${reason:+; }${line#\# }" ;;
		'ok '*' # SKIP '*)
			line=${line#* - }
			skip "$1: ${line%% # SKIP *}" "${line##* # SKIP }" ;;
		'ok '*) pass "$1: ${line#* - }" ;;
		'not ok '*) fail "$1: ${line#* - }" "$reason"; reason= ;;
		esac
	done
}

# What neither Linux nor Xen may log; as scripts/vm looks for it.
xen_bad_lines()
{
	PYTHONPATH=$TOP/scripts/lib/vm python3 -c 'import console, sys
print("\n".join(console.bad_lines(sys.argv[1])))' "$1"
	grep -E '^\(XEN\).*(Xen BUG|Xen WARN|Assertion|faking|gives no random)' "$1" || :
}

xen_boot()
{
	ok "$1: Xen comes to an end" xen_qemu "$@"
	tr -d '\r' <"$XEN_WORK/$1.results" >"$XEN_WORK/$1.ktap"
	# Not in a pipe: it counts.
	xen_results "$1" <"$XEN_WORK/$1.ktap"
	expect "$1: dom0 comes to an end" end "$(tail -n 1 "$XEN_WORK/$1.ktap")"
	expect "$1: nothing wrong in the log" '' "$(xen_bad_lines "$XEN_WORK/$1.log")"
}

# Xen puts (dN) before each line.
xen_output()
{
	tr -d '\r' <"$XEN_WORK/$1.log" | sed -n "/^=== $2\$/,/^=== end/s/^(d[0-9]*) //p"
}
