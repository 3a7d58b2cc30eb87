# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Our Xen without its options: as Debian's.

# shellcheck source=tests/xen/dom0.sh
. /xen/dom0.sh

ok loads load
expect draft none "$(attr commonhv draft)"
expect interfaces 'XenVMMXenVMM scan' "$(interfaces signature) $(interfaces source)"
no_rng
