#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copies the modules, if this kernel has them, the buses of virtio devices, what loads the
# modules before udev, and what keeps the in-tree driver from the devices.

check() {
	require_binaries modprobe
}

installkernel() {
	hostonly='' instmods commonhv vmgenid-ext virtio-rng-ext virtio_pci virtio_mmio
}

install() {
	inst_multiple mkdir cat /usr/lib/modprobe.d/virtio-rng-ext.conf
	# Of hooks, dracut runs what ends in .sh.
	inst_simple /usr/lib/commonhv-guest/commonhv-load /lib/dracut/hooks/pre-udev/00-commonhv.sh
}
