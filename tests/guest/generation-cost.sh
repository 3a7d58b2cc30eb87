#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The cost of looks at the generation in an idle guest: Documentation/commonhv.rst, "Cost".
# Usage: generation-cost.sh GENERATION-MS

. /lib/guest.sh
. /lib/commonhv.sh

ok load load generation_ms="$1"
expect source cpuid "$(attr generation source)"
vmctl set x-commonhv-cpuid-5 0
sleep 20
echo "looks in 20 s: $(counter cpuid-5)"
