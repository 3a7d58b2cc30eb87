#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# From the in-tree driver to virtio-rng-ext and back, below readers; and what
# happens when that does not work.
# Usage: virtio-rng-takeover.sh TIMES

. /lib/guest.sh
. /lib/virtio-rng.sh

takeover()
{
	sh /virtio-rng-takeover "$@"
}

# drivers: those of all devices; "nobody" where one has none.
drivers()
{
	for drivers in /sys/bus/virtio/devices/*; do
		basename "$(readlink "$drivers/driver" || echo nobody)"
	done | sort -u
}

to_and_fro()
{
	i=0
	while [ $i -lt "$1" ]; do
		takeover && is_current || return
		takeover --release || return
		i=$((i + 1))
	done
}

# The one that is handed over first.
first_device()
{
	for device in /sys/bus/virtio/devices/*; do
		basename "$device"
		return
	done
}

# As make modules_install and depmod do.
install_module()
{
	mkdir -p "/lib/modules/$(uname -r)"
	cp /modules/virtio-rng-ext.ko "/lib/modules/$(uname -r)"
	echo virtio-rng-ext.ko: >"/lib/modules/$(uname -r)/modules.dep"
}

CONF=/etc/modprobe.d/virtio-rng-ext.conf
load_bus
load_module virtio-rng
expect in-tree-first virtio_rng "$(drivers)"
refused status-says-no takeover --status

refused no-such-module takeover --module /modules/nothing.ko
refused no-module takeover --module /virtio-rng-takeover
expect_match no-module-says-why '*is it built for*' "$ok_text"
expect in-tree-still virtio_rng "$(drivers)"

readers 2
ok takes takeover --module /modules/virtio-rng-ext.ko
expect has-all virtio_rng_ext "$(drivers)"
ok is-current is_current
ok status-says-yes takeover --status
ok takes-nothing-twice takeover
ok releases takeover --release
expect in-tree-again virtio_rng "$(drivers)"
expect in-tree-reads 64 "$(take 64)"
ok to-and-fro to_and_fro "$1"
stop_readers

# The driver does not take the device: it goes back to where it was.
echo >/tmp/bind
mount --bind /tmp/bind $DRIVER/bind
refused bind-fails takeover
expect rolled-back virtio_rng "$(drivers)"
why="virtio_rng_ext does not take $(first_device), which is back with virtio_rng; see dmesg"
expect bind-fails-says-why "virtio-rng-takeover: $why" "$(takeover 2>&1)"
expect rolled-back-reads 64 "$(take 64)"
umount $DRIVER/bind
ok takes-at-last takeover
expect reads-at-last 65536 "$(take 65536)"
ok releases-at-last takeover --release

# For each boot, and at once. The source tree is where the script looks for it.
mkdir -p /etc/modprobe.d /virtio-rng-ext
echo 'blacklist virtio_rng' >/virtio-rng-ext/modprobe.conf
refused installs-no-missing-module takeover --install
expect installs-nothing-then "virtio_rng" "$(drivers)$(cat $CONF 2>/dev/null)"
install_module
ok installs takeover --install
expect takes-at-install virtio_rng_ext "$(drivers)"
ok writes-its-file cmp $CONF /virtio-rng-ext/modprobe.conf
refused two-actions takeover --install --release
ok uninstalls takeover --uninstall
refused removes-its-file test -e $CONF
expect keeps-devices virtio_rng_ext "$(drivers)"
ok unload unload
ok unload-in-tree rmmod virtio_rng
