# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Debian's Xen, which has no CommonHV.

# shellcheck source=tests/xen/dom0.sh
. /xen/dom0.sh

toolstack
conformance stock-elf conformance.elf
conformance stock-pvh conformance-pvh.elf
