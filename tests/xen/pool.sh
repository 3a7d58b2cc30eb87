# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A pool for each domain: 64 values, then zeros. In dom0, in PVH domains, and in Linux
# domains that are saved and restored.

# shellcheck source=tests/xen/dom0.sh
. /xen/dom0.sh

msr_driver
witness_start
ok loads load quality=1024
shows 2 0x4f000003 rng 1
expect msr 0x4f000000 "$(attr rng msr)"
expect state 'ok 16 0 0' "$(rng_counts)"
ok settles wait_for 20 witness_has 'reseed by commonhv'
# The kernel gathers entropy, too, and may have been ready.
expect_witness mixes-16-values-and-reseeds commonhv <<-END
	mix 128 0x??* 0x??* .. by commonhv
	? credit 128 1024 0x??* 0x??* .. by commonhv
	reseed by commonhv
END
mixed_values | head -n 16 >/tmp/mixed
table
witness_stop

# Both processors at once, until nothing is left.
values 64 1 >/tmp/second &
values 64 >/tmp/first
wait
expect pool-ends 80 "$(cat /tmp/first /tmp/second | grep -c '^0*$')"
expect each-value-once 64 "$(cat /tmp/mixed /tmp/first /tmp/second | new_values)"
refused write-is-refused offer
expect exhausted-for-good 0 "$(values 8 | new_values)"

# What a kernel that is loaded by kexec, say, finds.
ok unloads unload
witness_start
ok loads-again load quality=1024
expect exhausted 'exhausted 16 16 0' "$(rng_counts)"
expect no-credit '1024 0' "$(attr rng quality) $(attr rng bits_credited)"
expect_witness exhausted-mixes-and-does-not-credit commonhv <<-END
	mix 128 0x0 0x0 .. by commonhv
	reseed by commonhv
END
witness_stop
echo commonhv >/sys/class/misc/hw_random/rng_current
expect exhausted-hwrng-has-nothing '' "$(hwrng_bytes)"
expect_said says-so 'RNG MSR is exhausted'

toolstack
conformance pool-elf conformance.elf
conformance pool-pvh conformance-pvh.elf

# said_times NAME TIMES PATTERN: for wait_for; by that domain, on its console.
said_times()
{
	[ "$(grep -c "$3" "/var/log/xen/console/guest-$1.log")" -ge "$2" ]
}

linux_guest()
{
	config "$1" pv /vmlinux 1 'memory = 160' 'ramdisk = "/domu"' \
		'extra = "console=hvc0 mitigations=off"'
	ok "$1-is-created" xl create "/tmp/$1.cfg"
	ok "$1-is-ready" wait_for 120 said_times "$1" 1 'domu: ready 0'
	for line in 'draft 2 violations none' 'interfaces XenVMMXenVMM commonhv 1' 'rng ok 16 0'; do
		ok "$1-says-$line" said_times "$1" 1 "domu: $line"
	done
}

# Two domains at once, and then one of them twice, from one saved state.
linux_guest one
linux_guest two
ok saved xl save one /tmp/save
for restore in 1 2; do
	ok "restored-$restore" xl restore /tmp/save
	ok "goes-on-$restore" wait_for 60 said_times one $restore 'domu: ready 1'
	ok "ends-$restore" xl destroy one
done
cat /var/log/xen/console/guest-*.log | tr -d '\r' | sed -n 's/^domu: value //p' >/tmp/values
cat /tmp/mixed /tmp/first /tmp/second | grep -v '^0*$' >>/tmp/values
expect 'no value twice, in four domains and dom0' "$((24 + 24 + 32 + 32 + 64))" \
	"$(new_values </tmp/values)"
