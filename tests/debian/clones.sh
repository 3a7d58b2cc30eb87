#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A Debian with the packages, with all handlers of forks enabled, is saved and goes on twice.

# shellcheck source=tests/debian/lib.sh
. /lib/debian.sh

HANDLERS='hwrng machine-id ssh-host-keys dhcp-leases services'
VMGENID=/sys/bus/platform/devices/vmgenid-ext
LEASE=/run/systemd/netif/leases/99

# One that fails, one that takes its time, and a service to be restarted: gone at the next boot.
add_units()
{
	mkdir -p /run/systemd/system
	cat >/run/systemd/system/vmfork-fails.service <<-'UNIT'
		[Unit]
		PartOf=vmfork.target

		[Service]
		Type=oneshot
		ExecStart=/bin/false

		[Install]
		WantedBy=vmfork.target
	UNIT
	sed -e 's|^ExecStart=.*|ExecStart=/bin/sh -c "echo begins >>/run/slow; sleep 20; echo ends >>/run/slow"|' \
		/run/systemd/system/vmfork-fails.service >/run/systemd/system/vmfork-slow.service
	cat >/run/systemd/system/listed.service <<-'UNIT'
		[Service]
		ExecStart=/bin/sleep infinity
	UNIT
	echo RESTART=listed.service >>/etc/default/vmgenid-fork
	systemctl daemon-reload
	systemctl start listed.service
	systemctl -q enable --runtime vmfork-fails.service vmfork-slow.service || return 1
	for handler in $HANDLERS; do
		systemctl -q enable "vmfork-$handler.service" || return 1
	done
}

# What no two machines should share, in blocks of 16 bytes.
identities()
{
	tr -d '\n' </etc/machine-id
	cat /etc/ssh/ssh_host_*_key | sha256sum | cut -c 1-64 | tr -d '\n'
}

main_pid()
{
	systemctl show -p MainPID --value "$1.service"
}

# -m: each machine-id has a journal of its own.
forks_in_journal()
{
	journalctl --no-pager -m -o cat -t vmfork
}

is_at_rest()
{
	[ "$(cat $VMGENID/generation)" -ge "$1" ] &&
		forks_in_journal | grep -q "generation $1$" &&
		! systemctl list-jobs --no-legend | grep -q vmfork && grep -q ends /run/slow
}

# Each look takes seconds under emulation.
comes_to_rest()
{
	for _ in $(seq 30); do
		! is_at_rest 2 || return 0
		sleep 3
	done
	cat $VMGENID/generation /run/slow
	forks_in_journal
	systemctl list-jobs --no-legend
	return 1
}

slow_begins()
{
	[ "$(grep -c begins /run/slow)" -ge "$1" ]
}

boots_well 'before the clones'
ok 'handlers are enabled' add_units
mkdir -p ${LEASE%/*}
echo ADDRESS=192.0.2.1 >$LEASE
identities >/run/identities
for unit in ssh systemd-networkd listed; do
	main_pid $unit >/run/pid-$unit
done
expect 'no fork yet' 0 "$(cat $VMGENID/generation)"
# What the clones write is lost: the next script begins with its first stage.
rm "$STATE/stage"
sync

vmctl clone vmgenid=auto >/run/clone
# While the slow handler of the first fork runs, there is a second.
ok 'the fork starts the handlers' wait_for 120 slow_begins 1
/clones trigger /run/drawn
ok 'a fork in their midst begins them again' wait_for 120 slow_begins 2
ok 'all handlers come to an end' comes_to_rest
expect 'of the slow handler, one run was ended and the other not' 'begins begins ends' "$(xargs </run/slow)"
for handler in $HANDLERS; do
	expect "vmfork-$handler.service" 'success 0' \
		"$(systemctl show -p Result -p ExecMainStatus --value "vmfork-$handler.service" | xargs)"
done
expect 'a handler that fails is listed' vmfork-fails.service "$(failed_units)"
expect 'the journal has a line for each fork' \
	'the machine was forked: generation 1 the machine was forked: generation 2' \
	"$(forks_in_journal | xargs)"
logger -t test 'after the forks'
expect 'journalctl finds what is written now' 'after the forks' "$(journalctl --no-pager -o cat -t test)"
for unit in ssh systemd-networkd listed; do
	refused "$unit.service has been restarted" [ "$(main_pid $unit)" = "$(cat /run/pid-$unit)" ]
	expect "$unit.service runs" active "$(systemctl is-active $unit.service)"
done
refused 'the lease is gone' [ -e $LEASE ]
refused 'identities are others' [ "$(identities)" = "$(cat /run/identities)" ]

head -c 1024 /dev/urandom >/run/random
identities | cat - /run/random >/run/unique
expect 'the clones have nothing in common' '0 0' "$(vmctl common /run/unique)"
