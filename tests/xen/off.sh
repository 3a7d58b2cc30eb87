# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# No RNG, draft 3, and the hypervisor bit hidden from dom0.

# shellcheck source=tests/xen/dom0.sh
. /xen/dom0.sh

ok loads load
shows 3 0x4f000005 none 0
no_rng
toolstack
conformance off conformance.elf
