#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# All files that the modules make are documented, and all documented files are there:
# those in sysfs and in /dev, with all three modules and all their devices. lshv makes
# metrics of them: tests/metrics, which knows made-up files only, would not see a new name.
# (-device vmgenid and virtio-rng-pci, --file Documentation/ABI/testing:abi, lshv)

. /lib/guest.sh
. /lib/virtio-rng.sh

# A device with a number stands for all of its kind.
kinds()
{
	sed 's,//*,/,g; s,/interface[0-9][0-9]*/,/interfaceN/,; s,/virtio[0-9][0-9]*/,/virtioN/,' |
		sort -u
}

made()
{
	for dir in /sys/bus/commonhv/devices/* /sys/bus/platform/devices/vmgenid-ext \
		/sys/module/commonhv/parameters /sys/module/vmgenid_ext/parameters \
		/sys/module/virtio_rng_ext/parameters; do
		[ ! -d "$dir" ] || find "$dir/" ! -type d
	done
	for dir in $(devices); do
		find "/sys/bus/virtio/devices/$dir/" ! -type d
	done
	find /dev | grep -vxF -f /tmp/dev.before
}

# What others make there: the driver core for each device and each misc device, the
# platform bus and the virtio bus for each device on them.
of_others()
{
	grep -e '/uevent$' -e '/subsystem$' -e '/driver$' -e '/power/' \
		-e '/misc/[a-z0-9]*/dev$' -e '/misc/[a-z0-9]*/device$' \
		-e '^/sys/bus/platform/devices/vmgenid-ext/\(driver_override\|modalias\)$' \
		-e '^/sys/bus/virtio/devices/virtioN/\(device\|features\|modalias\|status\|vendor\)$'
}

has_device()
{
	[ "$(devices)" ]
}

load_bus
find /dev >/tmp/dev.before
for module in commonhv vmgenid-ext virtio-rng-ext; do
	ok "load-$module" insmod "/modules/$module.ko"
done
ok device-is-bound wait_for 20 has_device
made | kinds >/tmp/all
of_others </tmp/all >/tmp/of-others
grep -vxF -f /tmp/of-others /tmp/all >/tmp/made
sed -n 's/^What:[[:space:]]*//p' /abi/* | kinds >/tmp/documented
expect documented-files-are-there '' "$(grep -vxF -f /tmp/made /tmp/documented)"
expect files-are-documented '' "$(grep -vxF -f /tmp/documented /tmp/made)"
# Or nothing was compared.
expect_at_most found-them "$(wc -l </tmp/made)" 40
# All but commonhv_violation, of which there is none here.
/lshv --prometheus >/tmp/metrics
expect metrics 28 "$(grep -c '^# TYPE' /tmp/metrics)"
cat /tmp/metrics
for module in virtio-rng-ext commonhv vmgenid-ext; do
	ok "unload-$module" rmmod "$module"
done
