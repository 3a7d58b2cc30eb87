#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Usage: install.sh OLD NEW KERNEL
#
# A Debian gets the packages of version OLD, reboots, gets those of NEW and a newer kernel, KERNEL
# (a package's name, maybe with a suite), and reboots again.

# shellcheck source=tests/debian/lib.sh
. /lib/debian.sh

OLD=$1 NEW=$2 KERNEL=$3

# What other tools say of the hypervisor, for Documentation/packages.rst.
identify()
{
	echo "--- $1 ---"
	for tool in systemd-detect-virt virt-what 'lscpu' 'cpuid -1 -l 0x40000000' lshv; do
		echo "$ $tool"
		case $tool in
		lscpu) lscpu | grep -e '^Hypervisor' -e '^Virtualization type' || echo '(no line)' ;;
		cpuid*) cpuid -1 -l 0x40000000 | tail -n +2 ;;
		*) $tool 2>&1 ;;
		esac
	done
}

# What a service sees that opens the node first thing; and what the initramfs has loaded.
instrument()
{
	cat >/etc/systemd/system/first.service <<-'UNIT'
		[Unit]
		Description=A program that looks for /dev/sysgenid once, when it starts

		[Service]
		Type=oneshot
		ExecStart=/bin/sh -c 'test -c /dev/sysgenid && exec 3</dev/sysgenid && echo found >/run/first'

		[Install]
		WantedBy=multi-user.target
	UNIT
	script=/etc/initramfs-tools/scripts/init-bottom/modules
	cat >$script <<-'SCRIPT'
		#!/bin/sh
		[ "${1-}" = prereqs ] || cat /proc/modules >/run/early-modules
	SCRIPT
	chmod +x $script
}

# What lsinitramfs would say, of the one that the next boot has.
before_the_packages()
{
	boots_well 'before'
	expect 'before: the in-tree driver has the device' virtio_rng "$(driver)"
	instrument
	list_files >$STATE/files
	uname -r >$STATE/kernel
	cp "/boot/initrd.img-$(uname -r)" $STATE/initrd
	watch_rng
	ok 'the packages are installed' apt_get install "/packages/$OLD/"*.deb
	watched_rng 'installing'
	has_version "$OLD"
	ok 'dkms has built for this kernel' dkms_has "$OLD" "$(uname -r)"
	expect 'installing changes no driver' virtio_rng "$(driver)"
	systemctl -q enable first.service
	next_stage cpu=max,commonhv=on
}

expect_early()
{
	expect "$1: all modules are loaded in the initramfs, in order" "$MODULES" "$(loaded_early)"
	expect "$1: virtio-rng-ext has the device" virtio_rng_ext "$(driver)"
	expect "$1: the first service found /dev/sysgenid" found "$(cat /run/first)"
	expect "$1: the version of the modules" "$2 $2 $2" \
		"$(cd /sys/module && cat commonhv/version vmgenid_ext/version virtio_rng_ext/version | xargs)"
}

with_the_packages()
{
	boots_well 'installed'
	expect_early 'installed' "$OLD"
	expect_match 'installed: commonhv found CommonHV' '*CommonHV draft 2*' "$(dmesg | grep commonhv:)"
	expect 'installed: the alias of this processor' commonhv \
		"$(modprobe -R "$(cat /sys/devices/system/cpu/modalias)" | grep commonhv)"
	identify 'commonhv=on'

	mkdir -p /var/lib/prometheus/node-exporter
	ok 'metrics: the service succeeds' systemctl start commonhv-metrics.service
	expect_match 'metrics: the file is there' '*commonhv_module_loaded{module="vmgenid-ext"} 1*' \
		"$(cat /var/lib/prometheus/node-exporter/commonhv.prom)"

	watch_rng
	ok 'the packages are upgraded' apt_get install "/packages/$NEW/"*.deb
	watched_rng 'upgrading'
	has_version "$NEW"
	ok 'dkms has built the new version, and left the old' dkms_has "$NEW" "$(uname -r)"
	ok 'another kernel is installed' apt_get install "linux-image-$KERNEL" "linux-headers-$KERNEL"
	ok 'dkms has built for both' dkms_has "$NEW" "$(cat $STATE/kernel)" "$(newest_kernel)"
	# Where the hypervisor hides the bit, no alias matches.
	next_stage cpu=max,-hypervisor,commonhv=on
}

newest_kernel()
{
	readlink /vmlinuz | sed 's/.*vmlinuz-//'
}

with_another_kernel()
{
	boots_well 'another kernel'
	refused 'another kernel: it is another' [ "$(uname -r)" = "$(cat $STATE/kernel)" ]
	expect_early 'another kernel' "$NEW"
	expect_match 'another kernel: commonhv found CommonHV without the hypervisor bit' \
		'*CommonHV draft 2*' "$(dmesg | grep commonhv:)"
	identify 'commonhv=on,-hypervisor'

	# commonhv.service has to load the modules, late: services wait for it.
	mkdir -p /etc/systemd/system/commonhv.service.d
	printf '[Service]\nExecStartPre=/bin/sleep 10\n' >/etc/systemd/system/commonhv.service.d/slow.conf
	next_stage cpu=max,commonhv=off kernel="/boot/vmlinuz-$(cat $STATE/kernel)" initrd=$STATE/initrd
}

with_an_old_initramfs()
{
	boots_well 'an initramfs without the modules'
	refused 'an initramfs without the modules: is the old one' [ -e /run/early-modules ]
	expect 'commonhv.service loads all modules' "$MODULES" "$(loaded)"
	expect 'a service waits for that' found "$(cat /run/first)"
	expect_match 'a hypervisor without CommonHV is scanned' '*TCGTCGTCGTCG*' "$(lshv)"
	identify 'commonhv=off'
	rm -r /etc/systemd/system/commonhv.service.d
	last_stage
}

case $STAGE in
1) before_the_packages ;;
2) with_the_packages ;;
3) with_another_kernel ;;
4) with_an_old_initramfs ;;
*) fail "stage $STAGE" 'there is no such stage' ;;
esac
