# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# virtio-rng.sh - virtio-rng-ext.ko in a test guest. The devices have the ids
# rng0, rng1, ... on the host's side.

HWRNG=/sys/class/misc/hw_random
DRIVER=/sys/bus/virtio/drivers/virtio_rng_ext

# What the virtio bus itself needs, where that is not built in.
load_bus()
{
	for load_bus in virtio_pci virtio_mmio; do
		[ ! -e "/modules/$load_bus.order" ] || load_module "$load_bus"
	done
}

# load [PARAMETER...]; the log since then is in log_since.
load()
{
	log_mark
	insmod /modules/virtio-rng-ext.ko "$@"
}

unload()
{
	rmmod virtio_rng_ext
}

# devices: the names, as virtio0, of those that the driver has.
devices()
{
	for devices in "$DRIVER"/virtio*; do
		[ ! -e "$devices" ] || echo "${devices##*/}"
	done
}

# attr FILE [DEVICE]: of the first device unless one is given.
attr()
{
	attr_device=${2-$(devices | head -n 1)}
	cat "/sys/bus/virtio/devices/$attr_device/$1" 2>/dev/null || echo "(no $1)"
}

is_at_least()
{
	[ "$(attr "$1")" -ge "$2" ]
}

is_current()
{
	case $(cat $HWRNG/rng_current) in
	virtio_rng_ext.*) ;;
	*) return 1 ;;
	esac
}

# random_bytes BYTES: reads them, 64 at a time as the core does.
random_bytes()
{
	dd if=/dev/hwrng bs=64 iflag=fullblock,count_bytes count="$1" 2>/dev/null
}

# take BYTES: the same; prints how many came.
take()
{
	random_bytes "$1" | wc -c
}

# repeated FILE: the blocks of 16 bytes that are there more than once.
repeated()
{
	od -An -v -tx8 "$1" | sort | uniq -d
}

# misbehave MODE [ID]: see hypervisor/qemu/virtio-rng.patch.
misbehave()
{
	vmctl qmp "{\"execute\":\"qom-set\",\"arguments\":{
		\"path\":\"/machine/peripheral/${2-rng0}/virtio-backend\",
		\"property\":\"x-misbehave\",\"value\":\"$1\"}}" >/dev/null
}

# What the driver has said since the load, without time stamps; but for what it says
# of a machine without a source of forks, as those of most rows are.
said()
{
	log_since | sed -n 's/^\[[^]]*\] virtio_rng_ext:* //p' |
		grep -v -e 'taints kernel' -e 'tainting kernel' -e 'forks of this VM go unnoticed'
}

# readers N: as many that read all the time, until stop_readers.
readers()
{
	rm -f /tmp/stop
	while [ ! -e /tmp/stop ]; do
		dd if=/dev/hwrng of=/dev/null bs=4096 count=16 2>/dev/null ||
			sleep 0.1
	done &
	[ "$1" -le 1 ] || readers $(($1 - 1))
}

stop_readers()
{
	touch /tmp/stop
	wait
}

# is_gone PID: a zombie that the shell has not waited for yet is.
is_gone()
{
	case $(cat "/proc/$1/stat" 2>/dev/null) in
	'' | *') Z '*) ;;
	*) return 1 ;;
	esac
}
