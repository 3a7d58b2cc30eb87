# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# lshv-metrics.sh - the files of all three modules in sysfs as metrics, in Prometheus'
# text format, for lshv --prometheus.
#
#	metrics			prints them
#	metrics_write FILE	puts them in FILE, whole or not at all
#
# The names follow Prometheus' rules: counters end in _total, and units are in the name.
# A metric without a sample is left out: its module is not loaded, or its device has gone.

metrics_sysfs=${SYSFS:-/sys}
metrics_commonhv=$metrics_sysfs/bus/commonhv/devices
metrics_vmgenid=$metrics_sysfs/bus/platform/devices/vmgenid-ext
metrics_vrng=$metrics_sysfs/bus/virtio/drivers/virtio_rng_ext

# metrics_read FILE: sets value, which is one line. Fails if the file has gone. It runs each
# minute, and there are many files: one process for each would cost an emulated guest seconds.
metrics_read()
{
	{ IFS= read -r value <"$1"; } 2>/dev/null
}

# metrics_begin NAME HELP: what follows are its samples.
metrics_begin()
{
	metric=$1 metric_help=$2
}

# metrics_sample VALUE [LABEL TEXT]...
metrics_sample()
{
	if [ "$metric_help" ]; then
		case $metric in
		*_total) metric_type=counter ;;
		*) metric_type=gauge ;;
		esac
		printf '# HELP %s %s\n# TYPE %s %s\n' "$metric" "$metric_help" \
			"$metric" "$metric_type"
		metric_help=
	fi
	sample_value=$1 sample_labels=
	shift
	while [ $# -gt 0 ]; do
		sample_text=$2
		case $2 in
		*[\"\\]*) sample_text=$(printf '%s\n' "$2" | sed 's/[\\"]/\\&/g') ;;
		esac
		sample_labels=$sample_labels${sample_labels:+,}$1=\"$sample_text\"
		shift 2
	done
	printf '%s%s %s\n' "$metric" "${sample_labels:+{$sample_labels\}}" "$sample_value"
}

# metrics_table PREFIX LABEL DIR...: one metric for each line of the input, which has the
# file, what follows PREFIX in the metric's name, and the help. With a LABEL, that names
# the directory.
metrics_table()
{
	table_prefix=$1 table_label=$2
	shift 2
	while read -r table_file table_name table_help; do
		metrics_begin "$table_prefix$table_name" "$table_help"
		for table_dir; do
			metrics_read "$table_dir/$table_file" || continue
			metrics_sample "$value" ${table_label:+"$table_label" "${table_dir##*/}"}
		done
	done
}

# metrics_module MODULE NAME-IN-SYSFS
metrics_module()
{
	if [ -d "$metrics_sysfs/module/$2" ]; then
		metrics_sample 1 module "$1"
	else
		metrics_sample 0 module "$1"
	fi
}

metrics_modules()
{
	metrics_begin commonhv_module_loaded 'Whether the kernel module is loaded.'
	metrics_module commonhv commonhv
	metrics_module vmgenid-ext vmgenid_ext
	metrics_module virtio-rng-ext virtio_rng_ext
}

metrics_vmgenid()
{
	metrics_begin commonhv_vmgenid_info 'How the kernel RNG is reseeded at a VM fork.'
	if metrics_read "$metrics_vmgenid/reseed_method"; then
		metrics_sample 1 reseed_method "$value"
	fi
	metrics_table commonhv_vmgenid_ '' "$metrics_vmgenid" <<-END
		forks forks_total Forks of the VM that were noticed.
		generation generation The generation that began last. It wraps, and a restore may set it back.
		reseed_failures reseed_failures_total Generations that were published although the kernel RNG could not be reseeded.
	END
	metrics_table commonhv_vmgenid_ '' "$metrics_vmgenid" <<-END
		forks_without_entropy forks_without_entropy_total Generations that were published although no fresh entropy had come.
	END
	metrics_begin commonhv_vmgenid_source_reports_total \
		'Changes that a source of VM forks has shown. One fork may be shown by several.'
	for source in vmgenid vmclock subscribers; do
		if metrics_read "$metrics_vmgenid/${source}_reports"; then
			metrics_sample "$value" source "$source"
		fi
	done
	metrics_begin commonhv_vmgenid_last_fork_boottime_seconds \
		'CLOCK_BOOTTIME at the last VM fork; 0 if there was none.'
	if metrics_read "$metrics_vmgenid/last_fork_boottime_ns"; then
		metrics_sample "$(printf '%d.%09d' $((value / 1000000000)) $((value % 1000000000)))"
	fi
}

metrics_discovery()
{
	dir=$metrics_commonhv/commonhv
	metrics_begin commonhv_info 'The draft and the features of CommonHV that the hypervisor has.'
	if metrics_read "$dir/draft" && draft=$value && metrics_read "$dir/features"; then
		metrics_sample 1 draft "$draft" features "$value"
	fi
	metrics_begin commonhv_violation 'Ways in which the hypervisor breaks the specification.'
	metrics_read "$dir/violations" || value=none
	for violation in $value; do
		[ "$violation" = none ] || metrics_sample 1 violation "$violation"
	done
	metrics_begin commonhv_interface_info 'Interfaces of the hypervisor.'
	for dir in "$metrics_commonhv"/interface*; do
		if metrics_read "$dir/signature" && signature=$value &&
				metrics_read "$dir/location" && location=$value &&
				metrics_read "$dir/vendor" && vendor=$value &&
				metrics_read "$dir/verified"; then
			metrics_sample 1 interface "${dir##*/interface}" \
				location "$location" signature "$signature" \
				vendor "$vendor" verified "$value"
		fi
	done
}

# A later version of the module may have further states.
metrics_rng_state()
{
	metrics_read "$metrics_commonhv/rng/state" || return 0
	metrics_begin commonhv_rng_state 'The state of the RNG MSR: 1 for the current one.'
	for state in ok exhausted faulted unhealthy absent; do
		[ "$state" = "$value" ] || metrics_sample 0 state "$state"
	done
	metrics_sample 1 state "$value"
}

metrics_rng()
{
	metrics_rng_state
	metrics_table commonhv_rng_ '' "$metrics_commonhv/rng" <<-END
		reads reads_total Reads of the RNG MSR, faults included.
		zeros zeros_total Values of the RNG MSR that were zero.
		repeats repeats_total Values of the RNG MSR that were among the sixteen before them.
		faults faults_total Reads and writes of the RNG MSR that raised #GP.
		bytes_mixed mixed_bytes_total Bytes that were mixed into the kernel RNG.
	END
	metrics_begin commonhv_rng_credited_bytes_total \
		'Entropy that was credited to the kernel RNG, of bytes with 8 bits each.'
	if metrics_read "$metrics_commonhv/rng/bits_credited"; then
		metrics_sample "$(printf '%d.%03d' $((value / 8)) $((value % 8 * 125)))"
	fi
}

metrics_generation()
{
	metrics_begin commonhv_generation_info 'Where the generation of the hypervisor is read.'
	if metrics_read "$metrics_commonhv/generation/source"; then
		metrics_sample 1 source "$value"
	fi
	metrics_table commonhv_generation_ '' "$metrics_commonhv/generation" <<-END
		changes changes_total Other generations that were seen: forks of the VM.
	END
}

metrics_vrng()
{
	metrics_begin commonhv_virtio_rng_healthy \
		'Whether the device has passed all health tests since it was bound.'
	for dir in "$metrics_vrng"/virtio*; do
		if metrics_read "$dir/health"; then
			healthy=0
			[ "$value" != ok ] || healthy=1
			metrics_sample $healthy device "${dir##*/}"
		fi
	done
	metrics_table commonhv_virtio_rng_ device "$metrics_vrng"/virtio* <<-END
		read_bytes read_bytes_total Bytes handed out.
		read_waits read_waits_total Readers that found no byte and slept.
		requests requests_total Buffers that were posted to the device.
		zero_length zero_length_answers_total Answers without a byte.
		oversized oversized_answers_total Answers that claim more bytes than the buffer has room for.
		fork_dropped_bytes fork_dropped_bytes_total Bytes that were dropped at VM forks.
		buffered_bytes buffered_bytes Bytes that are buffered for the next readers.
		rate_bytes_per_s answer_rate_bytes_per_second Bytes per second that the device gave while it had a request.
	END
}

metrics()
{
	metrics_modules
	metrics_vmgenid
	metrics_discovery
	metrics_rng
	metrics_generation
	metrics_vrng
}

# node_exporter reads the files *.prom of a directory at any time: the new one has another
# name until it is whole. It is never written through a link that someone has put there,
# so its mode comes from the umask and not from a chmod.
metrics_write()
(
	new=$1.$$
	if [ -d "$1" ]; then
		echo "lshv: $1 is a directory" >&2
		exit 1
	fi
	text=$(metrics)
	trap 'rm -f "$new"' EXIT
	trap 'exit 1' HUP INT TERM
	rm -f "$new"
	umask 022
	set -C
	printf '%s\n' "$text" >"$new" && mv -f "$new" "$1" && exit 0
	echo "lshv: could not write $1" >&2
	exit 1
)
