#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# examples/fork, as far as a guest without systemd goes: a fork's uevent, as udev
# would match it, replaces the identity of the machine.

. /lib/guest.sh
. /lib/vmgenid.sh

# As the rule does; busybox runs it for each uevent, with its variables.
cat >/tmp/rule <<'RULE'
#!/bin/sh
[ "$ACTION $SUBSYSTEM $GENERATION" = "change platform 1" ] || exit 0
case $DEVPATH in
*/vmgenid-ext) /vmgenid-fork --root /tmp/root machine-id dhcp-leases ssh-host-keys && echo done >/tmp/done ;;
esac
RULE
# In the place of OpenSSH's: the same arguments, and random keys.
cat >/bin/ssh-keygen <<'KEYGEN'
#!/bin/sh
[ "$1 $2" = '-A -f' ] || exit 1
head -c 32 /dev/urandom | base64 >"$3/etc/ssh/ssh_host_ed25519_key"
KEYGEN
chmod +x /tmp/rule /bin/ssh-keygen
mkdir -p /tmp/root/etc/ssh /tmp/root/var/lib/dhcp /tmp/root/var/lib/dbus
echo old >/tmp/root/etc/machine-id
echo old >/tmp/root/var/lib/dbus/machine-id
echo old >/tmp/root/etc/ssh/ssh_host_ed25519_key
echo old >/tmp/root/etc/ssh/ssh_host_rsa_key
echo old >/tmp/root/var/lib/dhcp/dhclient.leases

# listens PID: has it a socket for uevents (NETLINK_KOBJECT_UEVENT)?
listens()
{
	awk -v pid="$1" '$2 == 15 && $3 == pid { found = 1 } END { exit !found }' /proc/net/netlink
}

ok load load_vmgenid
uevent /tmp/rule >/tmp/uevent.log 2>&1 &
uevent=$!
ok listens wait_for 20 listens $uevent
ok restore vmctl restore vmgenid=auto
ok rule-ran wait_for 20 [ -e /tmp/done ]
kill $uevent
expect_match new-machine-id '????????????????????????????????' "$(cat /tmp/root/etc/machine-id)"
expect dbus-has-the-same "$(cat /tmp/root/etc/machine-id)" "$(cat /tmp/root/var/lib/dbus/machine-id)"
expect_match new-host-key '????????????????????*' "$(cat /tmp/root/etc/ssh/ssh_host_ed25519_key)"
expect no-other-host-key ssh_host_ed25519_key "$(ls /tmp/root/etc/ssh)"
expect no-lease '' "$(ls /tmp/root/var/lib/dhcp)"
refused unknown-word /vmgenid-fork --root /tmp/root everything
