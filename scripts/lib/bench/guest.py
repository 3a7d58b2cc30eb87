# SPDX-License-Identifier: GPL-2.0
"""guest.py - what all benchmarks share: builds, and guests that print what they measured."""

import os
import subprocess
import sys

TOP = os.environ["TOP"]
OUT = os.path.join(TOP, "build/bench")
# Without RDRAND the kernel waits for entropy, as it does where that is not trusted.
NO_ENTROPY_CPU = "max,-rdrand,-rdseed"
# Quiet, as the kernel's messages about out-of-tree modules take a serial console longer
# than the load takes.
NO_ENTROPY = ("--append", "random.trust_cpu=off random.trust_bootloader=off quiet")


def run(*command, **more):
    return subprocess.run([str(word) for word in command], check=True, **more)


def need_packages(why, *packages):
    run("sh", "-c", '. "$TOP/scripts/lib/base.sh"; need_packages "$@"', "bench", why, *packages,
        env={**os.environ, "TOP": TOP}, stdout=sys.stderr)


def prepare(kernel, modules, programs, log):
    """Builds what a guest needs; returns the arguments for scripts/vm."""
    os.makedirs(os.path.join(OUT, kernel), exist_ok=True)
    need_packages("draws the picture", "gnuplot-nox")
    need_packages("strips modules", "binutils")
    run(os.path.join(TOP, "tests/guest/build"), stdout=sys.stderr)
    if "QEMU" not in os.environ:
        run(os.path.join(TOP, "hypervisor/build"), stdout=subprocess.DEVNULL)
    run(os.path.join(TOP, "scripts/build"), kernel, "CONFIG_COMMONHV_BENCH=m",
        stdout=subprocess.DEVNULL)
    arguments = ["--kernel", kernel, "--timeout", "3600",
                 "--log", os.path.join(TOP, "build/logs", kernel, log),
                 "--module", "virtio_pci", "--module", "virtio-rng"]
    # As packages do: debug information is 20 times the code, and takes its time.
    for module in modules:
        stripped = os.path.join(OUT, kernel, os.path.basename(module))
        run("strip", "--strip-debug", "-o", stripped, os.path.join(TOP, "build", kernel, module))
        arguments += ["--module", stripped]
    for program in programs:
        arguments += ["--file", os.path.join(TOP, "build/guest", program)]
    return arguments


def guest(arguments, script, *words):
    """Runs the guest's part; yields its lines, split, and shows that it goes on."""
    path = os.path.join(TOP, "tests/guest", script)
    with subprocess.Popen([os.path.join(TOP, "scripts/vm"), *arguments, "--", path,
                           *map(str, words)], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(f"\r\033[K{line.rstrip()}" if sys.stderr.isatty() else f"  {line.rstrip()}",
                  end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
            yield line.split()
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    if process.returncode:
        sys.exit("scripts/bench: the guest failed, see above")


def print_targets(rows):
    """Of (text, measured, met); True if all are met."""
    for text, measured, met in rows:
        print(f"{'met   ' if met else 'MISSED'}  {text}: {measured}")
    return all(met for _, _, met in rows)
