#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Parameters out of range fail the load, with a line that says what is allowed.

. /lib/guest.sh
. /lib/commonhv.sh

for bad in draft=4 draft=4294967295 quality=1025 quality=4294967295 interval_s=86401 \
	generation_ms=3600001; do
	refused "$bad" load "$bad"
	expect "$bad-one-line" 1 "$(said | wc -l)"
	expect_said "$bad-says-why" "parameter $bad is out of range, 0 to * are allowed"
done
for bad in draft=two quality=-1 interval_s= offer_entropy=maybe; do
	refused "$bad" load "$bad"
	expect_match "$bad-says-why" "*invalid for parameter*" "$(log_since)"
done
expect nothing-left '' "$(ls -d /sys/module/commonhv /sys/bus/commonhv 2>/dev/null)"

for good in draft=0 draft=1 draft=2 draft=3 quality=1024 interval_s=1 \
	interval_s=86400 generation_ms=0 generation_ms=3600000 offer_entropy=1; do
	ok "$good" load "$good"
	expect "$good-value" "${good#*=}" "$(sed 's/Y/1/' "/sys/module/commonhv/parameters/${good%=*}")"
	unload
done

# None but what is set.
ok no-quality load
expect no-quality-value 0 "$(cat /sys/module/commonhv/parameters/quality)"
unload
