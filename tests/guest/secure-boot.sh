#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The modules in a guest with Secure Boot. tests/secure-boot has the firmware and the keys:
# /modules/*.ko are signed with one that the firmware knows, /mine.ko is not, and
# /unsigned.ko not at all.

. /lib/guest.sh
. /lib/virtio-rng.sh

# refuses NAME FILE WHY: as the kernel's log has it.
refuses()
{
	log_mark
	refused "$1" insmod "$2"
	expect_match "$1-error" '*Key was rejected by service*' "$ok_text"
	expect_match "$1-log" "*$3*" "$(log_since)"
}

expect_match locked-down '*locked down from EFI Secure Boot*' "$(dmesg)"
refuses unsigned /unsigned.ko 'Loading of unsigned module is rejected'
refuses unknown-key /mine.ko 'Loading of module with unavailable key is rejected'

# Modules that are signed with a key of the firmware's load, and work in a locked-down kernel.
load_bus
for module in commonhv vmgenid-ext virtio-rng-ext; do
	ok "loads-$module" insmod "/modules/$module.ko"
done
expect bytes-mixed 128 "$(cat /sys/bus/commonhv/devices/rng/bytes_mixed)"
expect node 444 "$(stat -c %a /dev/sysgenid)"
ok hwrng wait_for 20 is_current

# The way to the firmware's list, as far as it goes without the boot loader's MokManager.
ok efivarfs load_module efivarfs
ok mount mount -t efivarfs efivarfs /sys/firmware/efi/efivars
expect sb-state 'SecureBoot enabled' "$(mokutil --sb-state)"
expect_match not-enrolled '*is not enrolled*' "$(mokutil --test-key /mine.der)"
mokutil --generate-hash=once >/tmp/hash
ok import mokutil --import /mine.der --hash-file /tmp/hash
expect_match waits-for-the-boot-loader '*CN=my modules*' "$(mokutil --list-new)"
