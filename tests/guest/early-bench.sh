#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The guest's part of scripts/bench --early: once a boot, as /early does it.
# Usage: early-bench.sh SECONDS ask|- [FILE[:PARAMETERS]]...

. /lib/guest.sh
. /lib/virtio-rng.sh

load_bus
/early "$@"
