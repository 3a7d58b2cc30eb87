# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A generator for each domain: no end. And domains that see something else: Viridian, no
# hypervisor bit.

# shellcheck source=tests/xen/dom0.sh
. /xen/dom0.sh

msr_driver
ok loads load quality=1024
shows 2 0x4f000003 rng 1
expect state 'ok 16 0 0' "$(rng_counts)"
values 3000 1 >/tmp/second &
values 3000 >/tmp/first
wait
expect no-end 6000 "$(cat /tmp/first /tmp/second | new_values)"
echo commonhv >/sys/class/misc/hw_random/rng_current
expect hwrng-gives-bytes 128 "$(hwrng_bytes | wc -c)"
expect still-ok ok "$(attr rng state)"

viridian()
{
	ok viridian-is-set /bin/set-param "$1" 9 1
}

toolstack
conformance generator-elf conformance.elf
conformance generator-pvh conformance-pvh.elf
conformance viridian conformance.elf viridian
conformance hidden-bit conformance.elf : 'cpuid = "host,hypervisor=0"'
