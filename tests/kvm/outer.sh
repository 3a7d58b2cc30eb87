#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What the outer guest of tests/kvm/run does.

. /lib/guest.sh

MSR=4f000000
COMMONHV='6d6d6f43 56486e6f 66746e49'
KVM='4b4d564b 564b4d56 0000004d'
HYPERV='7263694d 666f736f 76482074'

qemu()
{
	cpu=$1
	shift
	/qemu/qemu-system-x86_64 -nodefaults -display none -no-reboot -accel kvm \
		-cpu "host,commonhv=on$cpu" -device isa-debug-exit "$@"
}

# probe CPU COMMAND...: what the probe answers, a line a command.
probe()
{
	probe_cpu=$1
	shift
	{
		printf '%s\n' "$@" q
		# QEMU's end of input is no reason for it to stop.
	} | qemu "$probe_cpu" -m 16 -kernel /probe -serial stdio 2>&1 | grep -v '^ready'
}

line()
{
	printf '%s\n' "$2" | sed -n "$1p"
}

# refused_cpu NAME CPU WORDS: QEMU does not start, and says why.
refused_cpu()
{
	refused_text=$(probe "$2" 'c 0 0')
	expect_match "$1" "*$3*" "$refused_text"
}

ok kvm-there load_module kvm-amd
ok dev-kvm test -c /dev/kvm

answers=$(probe '' 'c 4f000000 0' 'c 4f000001 0' 'c 4f000001 1' 'c 4f000001 2' \
	'c 4f000002 0' 'c 4f000003 0' 'c 4f000004 0' 'c 40000000 0' \
	"r $MSR" "r $MSR" "r $MSR" "w $MSR 1234")
expect discovery "4f000003 $COMMONHV" "$(line 1 "$answers")"
expect list-of-kvm '00000001 00000000 00000000 00000000' "$(line 2 "$answers")"
expect kvm-listed "40000000 $KVM" "$(line 3 "$answers")"
expect list-ends '00000000 00000000 00000000 00000000' "$(line 4 "$answers")"
expect features '00000003 00000000 00000000 00000000' "$(line 5 "$answers")"
expect rng-leaf "$MSR 00000000 00000000 00000000" "$(line 6 "$answers")"
expect above-last-leaf '00000000 00000000 00000000 00000000' "$(line 7 "$answers")"
expect kvm-answers "40000001 $KVM" "$(line 8 "$answers")"
expect rng-fresh 3 "$(printf '%s\n' "$answers" | sed -n 9,11p | grep -E '^[0-9a-f]{16}$' |
	grep -v '^0*$' | sort -u | wc -l)"
expect rng-takes-input ok "$(line 12 "$answers")"

for hyperv in hv-relaxed,hv-vapic,hv-time,hv-vpindex hv-spinlocks=0x1fff; do
	answers=$(probe ",$hyperv" 'c 4f000001 0' 'c 4f000001 1' 'c 4f000001 2' \
		'c 40000000 0' 'c 40000100 0')
	expect "hyperv-number-$hyperv" '00000002 00000000 00000000 00000000' "$(line 1 "$answers")"
	expect "hyperv-kvm-first-$hyperv" "40000100 $KVM" "$(line 2 "$answers")"
	expect "hyperv-listed-$hyperv" "40000000 $HYPERV" "$(line 3 "$answers")"
	expect_match "hyperv-answers-$hyperv" "400000?? $HYPERV" "$(line 4 "$answers")"
	expect "hyperv-kvm-answers-$hyperv" "40000101 $KVM" "$(line 5 "$answers")"
done

answers=$(probe ,commonhv-rng-input=off 'c 4f000002 0' "w $MSR 1234" "r $MSR")
expect no-input-bit '00000001 00000000 00000000 00000000' "$(line 1 "$answers")"
expect refused-write '#GP' "$(line 2 "$answers")"
expect_match read-after-refusal '????????????????' "$(line 3 "$answers")"

answers=$(probe ,commonhv-draft=1,kvm=off 'c 4f000000 0' 'c 4f000001 0' 'c 4f000002 0')
expect draft1 "4f000002 $COMMONHV" "$(line 1 "$answers")"
expect draft1-empty '00000000 00000000 00000000 00000000' "$(line 2 "$answers")"
expect draft1-msr "$MSR 00000000 00000000 00000000" "$(line 3 "$answers")"

# Draft 3: by default, the generation is in the MSR alone.
GENERATION=4f000001
answers=$(probe ,commonhv-draft=3 'c 4f000000 0' 'c 4f000004 0' 'c 4f000005 0' \
	"r $GENERATION" "r $GENERATION" "w $GENERATION 1" "r $GENERATION" 'c 4f000002 0' "w $MSR 1")
expect draft3 "4f000005 $COMMONHV" "$(line 1 "$answers")"
expect draft3-version "00000003 00000002 $GENERATION 00000000" "$(line 2 "$answers")"
expect draft3-no-leaf '00000000 00000000 00000000 00000000' "$(line 3 "$answers")"
expect draft3-same-value "$(line 4 "$answers")" "$(line 5 "$answers")"
expect draft3-refused-write '#GP' "$(line 6 "$answers")"
expect draft3-written-is-not-read "$(line 4 "$answers")" "$(line 7 "$answers")"
expect draft3-no-input '00000001 00000000 00000000 00000000 #GP' \
	"$(line 8 "$answers") $(line 9 "$answers")"
again=$(probe ,commonhv-draft=3 "r $GENERATION")
expect draft3-new-at-start 2 "$(printf '%s\n' "$again" "$(line 4 "$answers")" |
	grep -E '^[0-9a-f]{16}$' | grep -v '^0*$' | sort -u | wc -l)"
for vendor in AuthenticAMD GenuineIntel; do
	answers=$(probe ",vendor=$vendor,commonhv-draft=3,commonhv-generation=on" \
		'c 4f000004 0' 'c 4f000005 0' 'c 4f000005 7' "r $GENERATION" 'c 4f000001 2')
	expect "draft3-on-$vendor" "00000003 00000003 $GENERATION 00000000" "$(line 1 "$answers")"
	value=$(line 4 "$answers")
	expect "draft3-leaf-is-msr-$vendor" "${value#????????} ${value%????????} 00000000 00000000" \
		"$(line 2 "$answers")"
	expect "draft3-no-subleaves-$vendor" "$(line 2 "$answers")" "$(line 3 "$answers")"
	expect "draft3-list-ends-$vendor" '00000000 00000000 00000000 00000000' \
		"$(line 5 "$answers")"
done

answers=$(probe ,-hypervisor 'c 4f000000 0' 'c 4f000001 1' "r $MSR")
expect hidden-bit "4f000003 $COMMONHV" "$(line 1 "$answers")"
expect hidden-bit-list "40000000 $KVM" "$(line 2 "$answers")"

own=$(i=0; while [ $i -lt 64 ]; do printf ':If%02d@%x' $i $((0x40010000 + i * 256)); i=$((i + 1)); done)
answers=$(probe ",commonhv-interfaces=${own#:}" 'c 4f000001 0' 'c 4f000001 40' 'c 40013f00 0')
expect many '00000040 00000000 00000000 00000000' "$(line 1 "$answers")"
expect many-last '40013f00 33366649 00000000 00000000' "$(line 2 "$answers")"
expect many-last-answers '40013f01 33366649 00000000 00000000' "$(line 3 "$answers")"

# For an Intel guest, KVM answers what is not in its table with the highest basic
# leaf: what has to read as zeros must be covered by a highest leaf.
answers=$(probe ',vendor=GenuineIntel,commonhv-interfaces=A@40010000' \
	'c 4f000000 0' 'c 4f000001 1' 'c 4f000001 2' 'c 4f000001 ffffffff' 'c 40010000 0' 'c 40010001 0')
expect intel-discovery "4f000003 $COMMONHV" "$(line 1 "$answers")"
expect intel-list '40010000 00000041 00000000 00000000' "$(line 2 "$answers")"
expect intel-list-ends '00000000 00000000 00000000 00000000' "$(line 3 "$answers")"
expect intel-far-subleaf '00000000 00000000 00000000 00000000' "$(line 4 "$answers")"
expect intel-interface '40010001 00000041 00000000 00000000' "$(line 5 "$answers")"
expect intel-no-features '00000000 00000000 00000000 00000000' "$(line 6 "$answers")"

answers=$(probe ,x-commonhv-rng=gp-read,x-commonhv-leaf=max-leaf-low 'c 4f000000 0' "r $MSR")
expect misbehaving-leaf "4effffff $COMMONHV" "$(line 1 "$answers")"
expect misbehaving-read '#GP' "$(line 2 "$answers")"

# The conformance guest, with two vCPUs: the requirements that it names in the end.
judge()
{
	qemu "$1" -m 32 -smp 2 -kernel /conformance -serial stdio </dev/null 2>&1 |
		tr -d '\r' | tee -a /tmp/conformance |
		sed -n 's/^# \(vCPUs: . ran\).*/\1/p; s/^# \(not kept: .*\)/\1/p; s/^# \(not followed: .*\)/\1/p'
}
# judge_as NAME CPU NOT-KEPT NOT-FOLLOWED
judge_as()
{
	expect "conformance-$1" "vCPUs: 2 ran
not kept: $3
not followed: $4" "$(judge "$2")"
}
judge_as default '' none none
judge_as hyperv ,hv-relaxed,hv-vapic,hv-time,hv-vpindex none none
# For hypervisor/conformance/results. Indented: these are no results of this test.
sed 's/^/    /' /tmp/conformance
judge_as draft1 ,commonhv-draft=1 none none
: >/tmp/conformance
judge_as draft3 ,commonhv-draft=3 none none
judge_as draft3-on ,commonhv-draft=3,commonhv-generation=on none none
sed 's/^/    /' /tmp/conformance
judge_as draft3-zero ,commonhv-draft=3,x-commonhv-generation-mode=zero CHV-9.1 none
judge_as draft3-differ \
	,commonhv-draft=3,commonhv-generation=on,x-commonhv-generation-mode=differ CHV-9.7 none
judge_as draft3-version-0 ,commonhv-draft=3,x-commonhv-version=0 none CHV-8.1
judge_as intel ",vendor=GenuineIntel,commonhv-interfaces=${own#:}" none none
judge_as no-input ,commonhv-rng-input=off none none
judge_as hidden-bit ,-hypervisor none CHV-1.4
judge_as reserved ,x-commonhv-leaf=reserved 'CHV-3.1 CHV-4.1' none
judge_as literal ,x-commonhv-list=literal CHV-2.1 none
judge_as stuck ,x-commonhv-rng=stuck 'CHV-5.4 CHV-5.5 CHV-5.6' CHV-5.3
judge_as gp-read ,x-commonhv-rng=gp-read CHV-5.1 none
expect conformance-absent 'not kept: CHV-1.1
not followed: none' "$(judge ,commonhv=off)"

for index in 35 808 1b 40000000 400001ff 4b564d00 ffffffff; do
	refused_cpu "refused-msr-$index" ",commonhv-rng-msr=0x$index" 'H is taken'
done
refused_cpu refused-overlap ,commonhv-interfaces=XenVMMXenVMM@40000000 'KVM itself answers'
refused_cpu refused-too-many \
	",commonhv-interfaces=$(printf '%s' "${own#:}$own$own$own" | tr ':' '\n' |
		awk -F@ '{ printf ":%s@%x", $1, 1073807360 + NR * 256 }' | cut -c 2-)" 'do not fit'

# While the guest runs, the RNG can change, and what KVM answers alone cannot.
mkfifo /tmp/serial.in /tmp/serial.out /tmp/monitor
qemu '' -m 16 -kernel /probe -serial pipe:/tmp/serial -monitor stdio \
	</tmp/monitor >/tmp/monitor.out 2>&1 &
exec 3>/tmp/monitor 4>/tmp/serial.in 5</tmp/serial.out
CPU0='/machine/unattached/device[0]'
ask()
{
	echo "$*" >&4
	read -r ask_answer <&5
	echo "$ask_answer"
}
reads_zero()
{
	[ "$(ask r $MSR)" = 0000000000000000 ]
}
monitor_says()
{
	grep -q "$1" /tmp/monitor.out
}
expect runs ready "$(read -r ask_answer <&5; echo "$ask_answer")"
refused fresh-at-first reads_zero
echo "qom-set $CPU0 x-commonhv-rng zeros" >&3
ok rng-changes wait_for 20 reads_zero
echo "qom-set $CPU0 x-commonhv-list huge" >&3
ok table-does-not wait_for 20 monitor_says 'cannot change'
echo "qom-set $CPU0 x-commonhv-rdmsr 0" >&3
echo "qom-set $CPU0 x-commonhv-wrmsr 0" >&3
echo "qom-get $CPU0 x-commonhv-rdmsr" >&3
ok counter-reset wait_for 20 monitor_says '^0'
{ ask r $MSR; ask r $MSR; ask w $MSR 5; } >/dev/null
echo "qom-get $CPU0 x-commonhv-rdmsr" >&3
echo "qom-get $CPU0 x-commonhv-wrmsr" >&3
echo quit >&3
wait
expect counters '0 2 1 ' "$(tr -d '\r' </tmp/monitor.out | grep '^[0-9]*$' | tr '\n' ' ')"

# Loads. Where CPUID has the generation, going back within the process is refused.
talk_to()
{
	: >/tmp/monitor.out
	told=0
	qemu "$@" -m 16 -kernel /probe -serial pipe:/tmp/serial -monitor stdio \
		</tmp/monitor >/tmp/monitor.out 2>&1 &
	exec 3>/tmp/monitor 4>/tmp/serial.in 5</tmp/serial.out
}
# tell COMMAND...: and waits until the monitor has executed them.
told_times()
{
	[ "$(grep -c 'kvm support: enabled' /tmp/monitor.out)" -eq $told ]
}
tell()
{
	told=$((told + 1))
	printf '%s\n' "$@" 'info kvm' >&3
	wait_for 30 told_times
}
# go_back NAME CPU: the generation before and after.
go_back()
{
	talk_to ",commonhv-draft=3,$2" -drive if=none,format=qcow2,file=/disk
	read -r ask_answer <&5
	before=$(ask r $GENERATION)
	ok "$1-tells" tell "savevm $1" "loadvm $1" cont
	after=$(ask r $GENERATION)
}
go_back back-msr commonhv-generation=msr
expect back-msr-changes changed "$([ "$before" = "$after" ] && echo same || echo changed)"
refused back-msr-not-refused monitor_says 'use commonhv-generation=msr'
echo quit >&3
wait
go_back back-on commonhv-generation=on
expect back-on-stays "$before" "$after"
ok back-on-refused monitor_says 'use commonhv-generation=msr'
is_saved()
{
	echo 'info migrate' >&3
	sleep 1
	monitor_says completed
}
tell stop 'migrate -d "exec:cat >/tmp/state"'
ok save-for-others wait_for 10 is_saved
tell cont
expect save-changes-nothing "$before" "$(ask r $GENERATION)"
echo quit >&3
wait
# loaded CPU: the generation that a copy finds: leaf and MSR. It was saved while it was
# stopped, and is asked when it has been loaded, which overwrites what the serial port has.
is_loaded()
{
	echo 'info status' >&3
	sleep 1
	monitor_says 'VM status: paused.\?$'
}
loaded()
{
	talk_to ",commonhv-draft=3$1" -incoming 'exec:cat /tmp/state' >/dev/null
	wait_for 10 is_loaded || return
	echo cont >&3
	echo "$(ask c 4f000005 0) $(ask r $GENERATION)"
	echo quit >&3
	wait
}
first=$(loaded ,commonhv-generation=on)
second=$(loaded ,commonhv-generation=on)
expect_match copy-has-a-generation '???????? ???????? 00000000 00000000 ????????????????' "$first"
expect copies-differ 3 "$(printf '%s\n' "$before" "$first" "$second" | sort -u | wc -l)"
word()
{
	echo "$2" | cut -d ' ' -f "$1"
}
expect copy-agrees "$(word 2 "$first")$(word 1 "$first")" "$(word 5 "$first")"
live=$(loaded ",commonhv-generation=on,commonhv-generation-value=0x$before")
expect live-keeps-it "${before#????????} ${before%????????} 00000000 00000000 $before" "$live"

# A stock kernel, with the module; it states what it saw on its console. One boot of some
# sixty stood still, with the outer kernel idle, before or after it loaded the module; the
# cause is not known. It gets a second try, and its console is in the log.
boot_linux()
{
	qemu ,hv-relaxed -m 128 -kernel /vmlinuz -initrd /initramfs -serial stdio \
		-append 'console=ttyS0 panic=-1 mitigations=off' >/tmp/inner 2>&1 &
	boot_left=120
	while kill -0 $! 2>/dev/null; do
		boot_left=$((boot_left - 1))
		if [ $boot_left -eq 0 ]; then
			echo "the inner guest stands still; the end of its console:"
			tail -n 40 /tmp/inner
			kill -9 $!
			wait $!
			return 1
		fi
		sleep 1
	done
}
boot_linux || boot_linux
grep '^inner: ' /tmp/inner
seen()
{
	grep "^inner: $1" /tmp/inner | tr -d '\r' | cut -d ' ' -f 3-
}
expect linux-loads 0 "$(seen insmod)"
expect linux-state ok "$(seen rng-state)"
expect linux-list 'KVMKVMKVM Microsoft Hv ' "$(seen signatures)"
expect linux-verified '1 1 ' "$(seen verified)"
expect linux-no-faults 0 "$(seen faults)"
expect linux-unloads 0 "$(seen rmmod)"
