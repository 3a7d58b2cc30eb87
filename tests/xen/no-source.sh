# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A processor without RDSEED and RDRAND: there is nothing to make random values of.

# shellcheck source=tests/xen/dom0.sh
. /xen/dom0.sh

ok loads load
shows 2 0x4f000003 none 1
no_rng
