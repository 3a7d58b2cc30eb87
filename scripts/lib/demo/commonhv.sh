# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The session that scripts/demo shows, in the guest.

show()
{
	printf '\n# %s\n' "$*"
	eval "$*"
}

echo
echo "=== In the guest: Linux $(uname -r), a stock Debian kernel ==="
cd /modules || exit
show insmod commonhv.ko
show "dmesg | grep 'commonhv: [^lm]'"
show lshv
# The hypervisor's own counters: the values came from its MSR, and no CPUID was
# spent on a scan.
echo
echo "--- What the hypervisor saw of this ---"
for leaf in 0 1 2 3; do
	echo "CPUIDs of leaf 4F00000${leaf}H: $(vmctl get x-commonhv-cpuid-$leaf)"
done
echo "reads of the RNG MSR:       $(vmctl get x-commonhv-rdmsr)"

show ls /sys/bus/commonhv/devices
show "grep . /sys/bus/commonhv/devices/interface0/*"
show "grep . /sys/bus/commonhv/devices/rng/[!u]*"
show cat /sys/class/misc/hw_random/rng_available
show "dd if=/dev/hwrng bs=16 count=1 2>/dev/null | hexdump -C"
rmmod commonhv
