#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Usage: guest.sh MODULE:SUITES...
#
# In the guest: runs suites of several builds of the same modules, one after the
# other. Marks in the kernel log tell whose output it is, as in kunit/core/guest.sh.

set -e
if [ -e /modules/kunit.ko ]; then
	insmod /modules/kunit.ko
fi
for item; do
	module=${item%%:*}
	# No newline: it would be part of the name.
	printf %s "${item#*:}" >/sys/module/kunit/parameters/suites
	echo "kunit-run: $module" >/dev/kmsg
	insmod "/modules/$module.ko"
	# What a file of this name has in it is <part>_kunit.
	rmmod "${module#*_}"
done
echo "kunit-run: end" >/dev/kmsg
