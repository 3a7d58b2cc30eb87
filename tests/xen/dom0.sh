# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# dom0.sh - what the first domain does, whatever the test.

# shellcheck source=tests/guest/lib/guest.sh
. /lib/guest.sh
# shellcheck source=tests/guest/lib/commonhv.sh
. /lib/commonhv.sh
# shellcheck source=tests/guest/lib/witness.sh
. /lib/witness.sh
# shellcheck source=tests/xen/msr.sh
. /xen/msr.sh

# As much of the toolstack as it takes to create guests.
toolstack()
{
	for module in xen-privcmd xen-evtchn xen-gntdev xenfs; do
		insmod "/modules/$module.ko"
	done
	mount -t xenfs none /proc/xen
	xenstored --pid-file /run/xenstored.pid
	ok xenstored wait_for 60 test -S /run/xenstored/socket
	xen-init-dom0
	xenconsoled --log=guest --log-dir=/var/log/xen/console
}

# config NAME TYPE KERNEL VCPUS LINE...: of a guest, into /tmp/NAME.cfg.
config()
{
	config_name=$1
	cat >"/tmp/$1.cfg" <<-END
		name = "$1"
		type = "$2"
		kernel = "$3"
		vcpus = $4
		on_poweroff = "destroy"
		on_reboot = "destroy"
		on_crash = "destroy"
	END
	shift 4
	printf '%s\n' "$@" >>"/tmp/$config_name.cfg"
}

gone()
{
	! xl list "$1"
}

# conformance NAME IMAGE [BEFORE [LINE...]]: what the guest writes to port E9H, Xen itself
# prints, between two lines of ours. The function BEFORE runs when the guest has been made.
conformance()
{
	conformance_name=$1 conformance_image=$2 conformance_before=${3-:}
	shift 2
	[ $# = 0 ] || shift
	config guest pvh "/$conformance_image" 2 'memory = 32' "$@"
	echo "=== $conformance_name"
	ok "$conformance_name-is-created" xl create -p /tmp/guest.cfg
	"$conformance_before" "$(xl domid guest)"
	xl unpause guest
	ok "$conformance_name-ends" wait_for 200 gone guest
	echo "=== end"
}

# shows DRAFT LEAF FEATURES BIT: what commonhv.ko does, whatever the RNG.
shows()
{
	expect draft "$1 $2" "$(attr commonhv draft) $(attr commonhv max_leaf)"
	expect features "$3" "$(attr commonhv features)"
	expect hypervisor-bit "$4" "$(attr commonhv hypervisor_bit)"
	expect violations none "$(attr commonhv violations)"
	expect interfaces 'XenVMMXenVMM 0x40000000' "$(interfaces signature) $(interfaces location)"
	expect listed-and-not-scanned commonhv "$(interfaces source)"
	expect verified 1 "$(interfaces verified)"
}

# table: what lshv prints, which the host keeps.
table()
{
	echo "=== lshv"
	lshv
	echo "=== end"
}

no_rng()
{
	expect no-msr 'none absent 0' "$(attr rng msr) $(attr rng state) $(attr rng reads)"
	expect no-hwrng no "$(hwrng_names)"
}

rng_counts()
{
	echo "$(attr rng state) $(attr rng reads) $(attr rng zeros) $(attr rng faults)"
}
