#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# virtio-rng-takeover in a kernel that loads only signed modules. virtio-rng-ext.ko is not
# signed: takeover says what to do, and the device stays with the in-tree driver, which is.

. /lib/guest.sh
. /lib/virtio-rng.sh

# refused_for_its_key NAME ARGUMENT...: and for no other reason.
refused_for_its_key()
{
	key_name=$1
	shift
	log_mark
	refused "$key_name" sh /virtio-rng-takeover "$@"
	key_text=$ok_text
	expect_match "$key_name-log" '*Loading of unsigned module is rejected*' "$(log_since)"
	expect_match "$key_name-error" '*Key was rejected by service*' "$key_text"
	expect_match "$key_name-says-what-to-do" '*sign the module, and enrol the key; *Secure Boot*' \
		"$(echo "$key_text" | tail -n 1)"
	expect "$key_name-blames-nothing-else" '' \
		"$(echo "$key_text" | grep -e 'built for' -e 'finds no')"
}

expect enforced Y "$(cat /sys/module/module/parameters/sig_enforce)"
load_bus
ok in-tree-is-signed load_module virtio-rng
refused_for_its_key file --module /modules/virtio-rng-ext.ko
# As make modules_install and depmod do.
mkdir -p "/lib/modules/$(uname -r)"
cp /modules/virtio-rng-ext.ko "/lib/modules/$(uname -r)"
echo virtio-rng-ext.ko: >"/lib/modules/$(uname -r)/modules.dep"
refused_for_its_key installed
expect in-tree-still virtio_rng "$(basename "$(readlink /sys/bus/virtio/devices/virtio0/driver)")"
expect in-tree-reads 64 "$(take 64)"
