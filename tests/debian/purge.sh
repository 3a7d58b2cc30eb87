#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The packages leave a Debian, which reboots, and is as it was before.

# shellcheck source=tests/debian/lib.sh
. /lib/debian.sh

# What neither was there before nor belongs to a package, whose lists may have /lib for
# /usr/lib. DKMS keeps the key that it has made, kernels what is made at their installation.
left()
{
	list_files | comm -13 $STATE/files - >/tmp/new
	sed -e 's|^/lib/|/usr&|' /var/lib/dpkg/info/*.list | sort -u | comm -23 /tmp/new - |
		grep -v -e '^/var/lib/dkms\(/mok\..*\)\?$' -e '^/boot/[[:alpha:].]*-[67]' -e '^/lib/modules/[^/]*/modules\.' \
			-e '^/usr/lib/modules/[^/]*/modules\.' -e '^/\(vmlinuz\|initrd.img\)\(.old\)\?$' \
			-e '^/var/lib/initramfs-tools/' -e '^/etc/systemd/system/multi-user.target.wants/first.service$' \
			-e '^/var/lib/prometheus'
}

packages_leave()
{
	boots_well 'before the purge'
	systemctl -q enable vmfork-machine-id.service
	expect_match 'before the purge: modules are loaded' '*vmgenid_ext*' "$(loaded)"
	watch_rng
	ok 'the packages are purged' apt_get purge commonhv-dkms commonhv-guest
	watched_rng 'purging'
	ok 'dkms has nothing' dkms_has none
	expect 'nothing is left' '' "$(left | head -n 20)"
	expect 'no link leads nowhere' '' "$(find /etc/systemd /usr/lib/systemd -xtype l ! -lname /dev/null)"
	systemctl -q disable first.service
	next_stage cpu=max,commonhv=on
}

as_before()
{
	boots_well 'after the purge'
	expect 'after the purge: no module' '' "$(loaded)"
	expect 'after the purge: the in-tree driver has the device' virtio_rng "$(driver)"
	last_stage
}

case $STAGE in
1) packages_leave ;;
2) as_before ;;
*) fail "stage $STAGE" 'there is no such stage' ;;
esac
