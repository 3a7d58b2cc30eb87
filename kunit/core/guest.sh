#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Usage: guest.sh FILTER MODULE...
#
# In the guest: loads KUnit, where it is a module, and then the modules of
# suites, each of which runs them. Marks in the kernel log tell whose output it
# is. Nothing else is printed: a line from here could break one of the kernel's.

set -e
filter=$1
shift
if [ -e /modules/kunit.ko ]; then
	insmod /modules/kunit.ko ${filter:+"suites=$filter"}
fi
for module; do
	echo "kunit-run: $module" >/dev/kmsg
	insmod "/modules/$module.ko"
done
echo "kunit-run: end" >/dev/kmsg
