#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A Debian without a compiler gets commonhv-guest and the modules that were built elsewhere.

# shellcheck source=tests/debian/lib.sh
. /lib/debian.sh

compiler_leaves()
{
	dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 'linux-headers-*' 'gcc-[0-9]*' dkms gcc make |
		awk '/^ii/ && !/-base$/ { print $2 }' >/tmp/compiler
	# shellcheck disable=SC2046
	apt_get purge --autoremove $(cat /tmp/compiler) && ! command -v gcc
}

packages_come()
{
	boots_well 'before the modules'
	ok 'there is no compiler' compiler_leaves
	watch_rng
	ok 'the modules are installed' apt_get install /packages/*.deb
	watched_rng 'installing modules'
	next_stage cpu=max,commonhv=on
}

with_the_modules()
{
	boots_well 'modules'
	expect 'modules: all are loaded in the initramfs, in order' "$MODULES" "$(loaded_early)"
	expect 'modules: virtio-rng-ext has the device' virtio_rng_ext "$(driver)"
	expect 'modules: they are those of the package' "$MODULES" "$(for module in $MODULES; do
		case $(modinfo -n "$module") in /*/updates/commonhv/*) echo "$module" ;; esac
	done | xargs)"
	ok 'the modules are purged' apt_get purge 'commonhv-modules-*' commonhv-guest
	next_stage
}

without_them()
{
	boots_well 'after the modules'
	expect 'after the modules: no module' '' "$(loaded)"
	expect 'after the modules: the in-tree driver has the device' virtio_rng "$(driver)"
	last_stage
}

case $STAGE in
1) packages_come ;;
2) with_the_modules ;;
3) without_them ;;
*) fail "stage $STAGE" 'there is no such stage' ;;
esac
