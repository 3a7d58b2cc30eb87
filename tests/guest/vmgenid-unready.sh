#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A fork before the kernel RNG is ready: the ID is mixed, nothing can be reseeded,
# and the fork counts without a complaint.

. /lib/guest.sh
. /lib/vmgenid.sh
. /lib/witness.sh

witness_start
load_vmgenid || exit 1
expect_witness load-mixes-the-id <<-END
	mix 16 * by insmod
END
witness_clear
cat "$FORK" >/dev/null
ok noticed wait_for 20 vmgenid_is generation 1
if dmesg | grep -q 'crng init done'; then
	skip before-the-rng-is-ready 'it was ready by then'
else
	pass before-the-rng-is-ready
	# The in-tree driver comes next, and cannot reseed either.
	# "vmfork" where the kernel has the function for it, and no driver that calls it.
	expect_witness unready-fork-mixes-and-publishes kworker <<-END
		[mv]* 16 * by kworker
		publish 1 by kworker
		? vmfork 16 * by kworker
	END
fi
expect no-complaint '0 ' "$(vmgenid reseed_failures) $(dmesg | grep -i 'could not be reseeded')"
# Now it is.
head -c 16 /dev/random >/dev/null
witness_clear
cat "$FORK" >/dev/null
ok noticed-when-ready wait_for 20 witness_has 'publish 2 by kworker'
expect_match ready-fork-reseeds-and-publishes \
	'[mv]* 16 *;reseed by kworker;reseed by kworker;publish 2 by kworker;*' \
	"$(witness_list kworker | tr '\n' ';')"
ok unload rmmod vmgenid-ext
witness_stop
