# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154 # variables are those of the script, or of eval
#
# soak.sh - the actions of tests/guest/soak.sh. Each takes a random number, which decides
# what the action leaves open. What fails ends the run (broken).

MODULES='commonhv vmgenid-ext virtio-rng-ext'
READERS=4	# at most, at a time
LEAVES=4	# of a tree, each with a child
LEAF_BLOCKS=1024	# random numbers after a fork, of 16 bytes
# What is counted.
commonhv=0 vmgenid_ext=0 virtio_rng_ext=0
plugs=0 forks=0 leaves=0 blocks=0 offlines=0 suspends=0 pressures=0 started=0 killed=0
pids=

# count NAME [N]
count()
{
	eval "$1=\$(($1 + ${2-1}))"
}

# broken WHY: nothing after that would prove anything.
broken()
{
	fail "step-$step-$action" "$*"
	exit 1
}

module_name()
{
	echo "$1" | tr - _
}

is_loaded()
{
	[ -d "/sys/module/$(module_name "$1")" ]
}

# vmgenid-ext stays as long as the others have joined it, or a reader has its node open.
unload_module()
{
	is_loaded "$1" || return 0
	if [ "$1" = vmgenid-ext ]; then
		unload_module commonhv
		unload_module virtio-rng-ext
		kill_readers_of /dev/sysgenid
	fi
	wait_for 60 rmmod "$(module_name "$1")" || broken "cannot unload $1: $(rmmod "$(module_name "$1")" 2>&1)"
}

soak_load()
{
	# shellcheck disable=SC2086
	soak_load_nth $(($1 % 3)) $MODULES
}

soak_load_nth()
{
	shift $(($1 + 1))
	reload "$1"
}

# reload MODULE: readers go on.
reload()
{
	unload_module "$1"
	reload_why=$(insmod "/modules/$1.ko" 2>&1) || broken "cannot load $1: $reload_why"
	count "$(module_name "$1")"
}

soak_unload()
{
	# shellcheck disable=SC2086
	set -- $(($1 % 3)) $MODULES
	shift $(($1 + 1))
	unload_module "$1"
}

has_device()
{
	[ "$(ls /sys/bus/virtio/devices)" ]
}

has_none()
{
	! has_device
}

# QEMU has let go of the old one only when the guest has ejected the slot.
add_device()
{
	vmctl qmp '{"execute":"device_add","arguments":{
		"driver":"virtio-rng-pci","id":"rng0","bus":"pci.0"}}'
}

soak_unplug()
{
	has_device || return 0
	vmctl qmp '{"execute":"device_del","arguments":{"id":"rng0"}}' >/dev/null || broken unplug
	wait_for 60 has_none || broken 'the device does not go'
}

plugged()
{
	! has_device || return 0
	wait_for 60 add_device || broken "plug: $(add_device 2>&1)"
	wait_for 60 has_device || broken 'the device does not come'
	count plugs
}

soak_plug()
{
	soak_unplug "$1"
	plugged
}

# One process each, so that a signal ends it amid a read; but of small files a shell, which
# reads them without another process.
soak_read()
{
	# shellcheck disable=SC2086
	set -- "$1" $pids
	[ $# -le $READERS ] || soak_kill "$1"
	case $(($1 % 3)) in
	0) soak_reader dd if=/dev/hwrng of=/dev/null bs=4096 ;;
	1) soak_reader dd if=/dev/sysgenid of=/dev/null bs=4 ;;
	2) soak_reader read_sysfs all ;;
	esac
	count started
}

soak_reader()
{
	"$@" >/dev/null 2>&1 3<&- &
	pids="$pids $!"
	eval "reads_$!=\$2"
}

read_sysfs()
{
	while :; do
		for read_each in /sys/bus/commonhv/devices/*/* /sys/bus/platform/devices/vmgenid-ext/* \
			/sys/bus/virtio/devices/*/* /sys/class/misc/hw_random/*; do
			[ ! -f "$read_each" ] || read -r read_line <"$read_each"
		done
		sleep 0.1
	done
}

# kill_reader PID: some have come to an end, as their device has gone.
kill_reader()
{
	case $(cat "/proc/$1/stat" 2>/dev/null) in
	'' | *') Z '*) ;;
	*) kill -9 "$1" && count killed ;;
	esac
	wait "$1"
	kill_left=
	for kill_each in $pids; do
		[ "$kill_each" = "$1" ] || kill_left="$kill_left $kill_each"
	done
	pids=$kill_left
}

soak_kill()
{
	# shellcheck disable=SC2086
	set -- "$1" $pids
	[ $# -gt 1 ] || return 0
	shift $(($1 % ($# - 1) + 1))
	kill_reader "$1"
}

# kill_readers_of FILE
kill_readers_of()
{
	for kill_pid in $pids; do
		eval "kill_reads=\$reads_$kill_pid"
		[ "$kill_reads" != "if=$1" ] || kill_reader "$kill_pid"
	done
}

# The second processor goes, or comes back.
soak_cpu()
{
	soak_cpu=/sys/devices/system/cpu/cpu1/online
	if [ "$(cat $soak_cpu)" = 1 ]; then
		echo 0 >$soak_cpu || broken 'cannot take the processor offline'
		count offlines
	else
		echo 1 >$soak_cpu || broken 'cannot take the processor online'
	fi
}

soak_suspend()
{
	# shellcheck disable=SC3044 # that of guest.sh
	suspend || broken 'cannot suspend'
	count suspends
}

# All memory that is to be had, but for what keeps the kernel from killing; then caches go.
soak_pressure()
{
	mkdir -p /tmp/full
	mount -t tmpfs -o size=100% full /tmp/full || broken 'no tmpfs'
	pressure_mib=$(awk '/^MemAvailable:/ { print int($2 / 1024) - 48 }' /proc/meminfo)
	dd if=/dev/zero of=/tmp/full/all bs=1M count="$pressure_mib" 2>/dev/null || broken 'cannot fill memory'
	umount /tmp/full
	echo 3 >/proc/sys/vm/drop_caches
	count pressures
}

has_grown()
{
	[ "$(vmgenid generation)" -gt "$generation" ]
}

# A program that takes random numbers as soon as it sees a new generation: one at once, one
# of a thread that read(2) of /dev/sysgenid woke up.
before_fork()
{
	plugged
	is_loaded vmgenid-ext || reload vmgenid-ext
	generation=$(vmgenid generation)
	rm -f /tmp/race.*
	/clones race /tmp/race >/tmp/race.says 2>&1 3<&- &
	racer=$!
	wait_for 60 [ -e /tmp/race.ready ] || broken "the program is not ready: $(cat /tmp/race.says)"
}

# No number is one that any other of the machine's forks has taken after the news.
after_fork()
{
	wait_for 60 has_grown || broken "generation $(vmgenid generation) after $generation: a fork is lost"
	wait "$racer" || broken "the program failed: $(cat /tmp/race.says)"
	# So many that another leaf which goes on with the same state takes some of them, though
	# it took more or less before.
	/clones draw /tmp/race || broken draw
	head -c $(((LEAF_BLOCKS - 2) * 16)) /tmp/race.drawn | cat /tmp/race.after - >/tmp/leaf
	after_size=$(wc -c </tmp/leaf)
	[ "$after_size" = $((LEAF_BLOCKS * 16)) ] || broken "$after_size bytes of random numbers"
	after_answer=$(vmctl collect /tmp/leaf) || broken collect
	[ "$after_answer" = '0 0 0' ] || broken "random numbers of another fork: $after_answer"
	count blocks $LEAF_BLOCKS
	count forks
}

# A chain: the clone is what goes on.
soak_fork()
{
	before_fork
	vmctl restore vmgenid=auto || broken restore
	after_fork
}

# Several clones of one snapshot, one after the other, each of which is cloned itself. What
# one counts is gone with it; the last one goes on.
soak_tree()
{
	before_fork
	tree_leaf=$(vmctl snapshot) || broken snapshot
	# A rewind that works does not return.
	[ "$tree_leaf" != 0 ] || { vmctl rewind vmgenid=auto; broken rewind; }
	after_fork
	soak_fork "$1"
	[ "$tree_leaf" -ge $LEAVES ] || { vmctl rewind vmgenid=auto; broken rewind; }
	count leaves $LEAVES
	count forks $((2 * LEAVES - 2))
	count blocks $((LEAF_BLOCKS * (2 * LEAVES - 2)))
}

# As at the start: no module, no reader, all processors, the device there.
all_quiet()
{
	for quiet_pid in $pids; do
		kill_reader "$quiet_pid"
	done
	for quiet_module in vmgenid-ext commonhv virtio-rng-ext; do
		unload_module $quiet_module
	done
	plugged
	[ "$(cat /sys/devices/system/cpu/cpu1/online)" = 1 ] || soak_cpu
}

# least_objects CACHE: of several looks. What processors keep counts as used: it is given back
# before, but somebody may take a new slab meanwhile, which counts as full.
least_objects()
{
	least=
	for least_look in 1 2 3; do
		echo 1 >"$1/shrink"
		read -r least_now _ <"$1/objects"
		[ "${least:-$least_now}" -lt "$least_now" ] || least=$least_now
	done
	echo "$least"
}

# "NAME NUMBER" of each cache of small objects, and of kernel memory otherwise, in use.
memory()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	# What RCU has yet to free; and areas that are unmapped later.
	sleep 5
	for memory_cache in /sys/kernel/slab/kmalloc-* /sys/kernel/slab/kernfs_node_cache; do
		echo "${memory_cache##*/} $(least_objects "$memory_cache")"
	done
	echo "vmalloc-areas $(grep -vc unpurged /proc/vmallocinfo)"
	awk '/^(KernelStack|Percpu|VmallocUsed|SUnreclaim):/ { print $1 "kB", $2 }' /proc/meminfo
}
