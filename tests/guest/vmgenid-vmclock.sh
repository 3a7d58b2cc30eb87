#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# VMClock, alone and beside other sources of forks: what the guest shows, forks of the
# running guest, restores, and hosts that break the rules.
# Usage: vmgenid-vmclock.sh alone|beside|silent|misbehaviour|ptp
#	alone	-device vmclock,id=vmclock0
#	beside	with a VM generation ID and CommonHV's generation as well
#	silent	without notifications, beside a VM generation ID
#	misbehaviour	beside a VM generation ID, which goes on
#	ptp	beside the kernel's own driver, and a VM generation ID

. /lib/guest.sh
. /lib/commonhv.sh
. /lib/vmgenid.sh

# vmclock PROPERTY VALUE, as JSON
vmclock()
{
	vmctl qmp "{\"execute\": \"qom-set\", \"arguments\": {\"path\":
		\"/machine/peripheral/vmclock0\", \"property\": \"$1\", \"value\": $2}}" |
		tr -d '\n' | grep -q '^{}$'
}

reports_are()
{
	[ "$(vmgenid vmgenid_reports) $(vmgenid vmclock_reports) $(vmgenid subscribers_reports)" = "$1" ]
}

# A kernel with a driver for VMClock has the node to itself.
has_node()
{
	[ -e /dev/vmclock0 ]
}

# forks_are NAME FORKS: that many, each published, and no more.
forks_are()
{
	ok "$1-is-published" wait_for 20 vmgenid_is generation "$2"
	expect "$1-is-one-fork" "$2 $2" "$(vmgenid generation) $(vmgenid forks)"
}

vmclock_alone()
{
	ok load load_vmgenid
	expect sources 'vmclock subscribers' "$(vmgenid sources)"
	expect state ok "$(vmgenid vmclock_state)"
	expect no-id-no-hash '(no id_hash)' "$(vmgenid id_hash)"
	expect first-is-no-fork '0 0' "$(vmgenid generation) $(vmgenid forks)"
	ok node-is-there has_node
	expect_match mode 'crw-------*' "$(ls -l /dev/vmclock0)"
	results /vmclock-node abi
	counter=$(/vmclock-node counter)
	/vmclock-node wait >/tmp/waiter &
	ok poll-waits wait_for 20 grep -q ready /tmp/waiter
	vmclock x-counter $((counter + 1))
	ok poll-is-woken wait_for 20 grep -q 0x1 /tmp/waiter
	forks_are notification 1
	expect page-has-it $((counter + 1)) "$(/vmclock-node counter)"
	ok notification-alone vmclock x-notify true
	sleep 1
	forks_are notification-without-a-change 1
	vmctl restore cpu=max,commonhv=off
	forks_are restore 2
	expect restore-counts-up $((counter + 2)) "$(/vmclock-node counter)"
	nr=$(vmctl savevm)
	if [ "$nr" = 0 ]; then
		vmctl loadvm
	else
		forks_are loadvm 3
		expect loadvm-counts-up $((counter + 3)) "$(/vmclock-node counter)"
		ok unload rmmod vmgenid-ext
		expect node-is-gone no "$(has_node && echo yes || echo no)"
		# Nobody is called any more.
		ok notification-after-unload vmclock x-notify true
		sleep 1
		ok load-again load_vmgenid
		ok unload-again rmmod vmgenid-ext
	fi
}

# It is looked at when the ID notifies. Who polls would wait for ever.
vmclock_silent()
{
	ok load load_vmgenid
	expect sources 'vmgenid vmclock subscribers' "$(vmgenid sources)"
	expect poll-hangs-up 0x10 "$(/vmclock-node poll)"
	vmctl restore cpu=max,commonhv=off vmgenid=auto
	forks_are restore 1
	ok both-have-reported reports_are '1 1 0'
	ok unload rmmod vmgenid-ext
}

# All three change at a restore with another ID: one fork, and each has reported it.
vmclock_beside()
{
	ok load load_vmgenid
	ok load-commonhv load
	expect sources 'vmgenid vmclock subscribers' "$(vmgenid sources)"
	vmctl restore cpu=max,commonhv=on,commonhv-draft=3 vmgenid=auto
	forks_are restore 1
	ok all-have-reported wait_for 20 reports_are '1 1 1'
	sleep 1
	forks_are nothing-follows 1
	vmctl restore cpu=max,commonhv=on,commonhv-draft=3
	forks_are restore-with-the-same-id 2
	ok two-have-reported wait_for 20 reports_are '1 2 2'
	# The ID is late: the others show each fork, and have shown this one.
	vmctl restore cpu=max,commonhv=on,commonhv-draft=3
	forks_are another 3
	expect entropy-came 0 "$(vmgenid forks_without_entropy)"
	ok unload-commonhv unload
	ok unload rmmod vmgenid-ext
}

# broken MODE STATE: a page that is wrong shows no fork, and is not believed.
broken()
{
	forks=$(vmgenid forks)
	ok "$1-is-set" vmclock x-misbehave "\"$1\""
	vmclock x-counter $(($(/vmclock-node counter) + 1))
	ok "$1-is-seen" wait_for 20 vmgenid_is vmclock_state "$2"
	# The other source goes on.
	vmctl restore cpu=max,commonhv=off vmgenid=auto
	forks_are "$1-other-source" $((forks + 1))
	ok "$1-is-over" vmclock x-misbehave '"ok"'
	vmclock x-notify true
	ok "$1-is-believed-again" wait_for 20 vmgenid_is vmclock_state ok
}

vmclock_misbehaviour()
{
	ok load load_vmgenid
	broken odd torn
	broken short no_counter
	broken no-counter no_counter
	broken huge invalid
	broken bad-magic invalid
	broken bad-version invalid
	ok unload rmmod vmgenid-ext
	# At the load, a page that is wrong is no source.
	for mode in bad-magic bad-version huge; do
		vmclock x-misbehave "\"$mode\""
		ok "$mode-loads" load_vmgenid
		expect "$mode-is-no-source" 'vmgenid subscribers' "$(vmgenid sources)"
		ok "$mode-unloads" rmmod vmgenid-ext
	done
	vmclock x-misbehave '"odd"'
	ok odd-loads load_vmgenid
	expect odd-read 'Connection timed out' "$(/vmclock-node read)"
	ok odd-is-over vmclock x-misbehave '"ok"'
	ok odd-notifies vmclock x-notify true
	# What happened before nobody knows.
	forks_are odd-becomes-a-source 1
	expect odd-is-believed ok "$(vmgenid vmclock_state)"
	vmclock x-counter $(($(/vmclock-node counter) + 1))
	forks_are odd-shows-forks 2
	ok odd-unloads rmmod vmgenid-ext
}

# node_owner: the module that an open file of the node keeps.
node_owner()
(
	exec 7</dev/vmclock0
	for module in ptp_vmclock vmgenid_ext; do
		[ "$(cat /sys/module/$module/refcnt 2>/dev/null || echo 0)" = 0 ] || echo $module
	done
)

# poll_is_woken NAME: by a notification, through the node.
poll_is_woken()
{
	/vmclock-node wait >/tmp/waiter &
	ok "$1-poll-waits" wait_for 20 grep -q ready /tmp/waiter
	vmclock x-counter $(($(/vmclock-node counter) + 1))
	ok "$1-poll-is-woken" wait_for 20 grep -q 0x1 /tmp/waiter
}

# Both are told of each notification, and neither takes the other's place.
vmclock_ptp()
{
	ok load-kernels-driver load_vmclock
	ok node-is-there wait_for 20 has_node
	expect node-is-the-kernels ptp_vmclock "$(node_owner)"
	results /vmclock-node abi
	ok load load_vmgenid
	expect sources 'vmgenid vmclock subscribers' "$(vmgenid sources)"
	expect state ok "$(vmgenid vmclock_state)"
	expect node-stays-the-kernels ptp_vmclock "$(node_owner)"
	poll_is_woken beside
	forks_are notification 1
	vmctl restore cpu=max,commonhv=off vmgenid=auto
	forks_are restore 2
	ok both-have-reported reports_are '1 2 0'
	ok unload-kernels-driver rmmod ptp_vmclock
	expect node-went-with-it no "$(has_node && echo yes || echo no)"
	vmctl restore cpu=max,commonhv=off
	forks_are restore-without-it 3
	ok load-kernels-driver-second load_vmclock
	expect node-is-the-kernels-again ptp_vmclock "$(node_owner)"
	poll_is_woken loaded-first
	forks_are notification-to-both 4
	ok unload rmmod vmgenid-ext
	expect node-is-left-alone ptp_vmclock "$(node_owner)"
	poll_is_woken alone
}

"vmclock_$1"
