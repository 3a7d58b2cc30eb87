# SPDX-License-Identifier: GPL-2.0
"""Runs the parts of the project's tests: the work behind scripts/check, which documents it."""

import argparse
import os
import signal
import sys

from part import Part
from schedule import Schedule

TOP = os.environ["TOP"]
HERE = os.path.dirname(os.path.abspath(__file__))
KERNELS = ("6.1", "6.1-cloud", "6.12")
# Tests that run on this machine: tests/NAME.
TOOLS = ("lshv", "metrics", "paths", "fork-example", "never-twice", "load", "leaks", "udev-rules",
         "bench-picture", "bench-early", "pictures", "options", "one-object", "packages")
NAMES = ("modules", "sparse", "style", "tools", "kunit", "fuzz", "hypervisor", "kvm", "xen",
         "series", "static", "scenarios")
# Takes 40 minutes, and runs only if asked for.
SUITES = ("bookworm", "trixie")


def parse(argv):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog="scripts/check",
                                     usage="see scripts/check --help")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--debug", action="store_true")
    parser.add_argument("--packages", action="store_true")
    parser.add_argument("--kernel", action="append", default=[])
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args(argv)
    for name in options.parts:
        if name not in (*NAMES, "packages"):
            parser.error(f"no part '{name}'; there are {', '.join(NAMES)} and packages")
    return options


def script(path, *args):
    return [os.path.join(TOP, path), *args]


def helper(name, *args):
    return [os.path.join(HERE, name), *args]


def parts_for(kernels, wanted):
    """All parts, in the order in which they should start."""
    parts = [Part("qemu", script("hypervisor/build"), wanted=False),
             Part("guest programs", script("tests/guest/build"), wanted=False)]
    for kernel in kernels:
        parts.append(Part(f"modules {kernel}", script("scripts/build", kernel),
                          wanted="modules" in wanted))
    parts += [
        Part("kvm", script("tests/kvm/run"), after=["qemu", "modules 6.1"],
             wanted="kvm" in wanted),
        Part("xen", script("tests/xen/run"), after=["qemu", "modules 6.1"],
             wanted="xen" in wanted),
        Part("series", script("tests/qemu-series"), wanted="series" in wanted),
        Part("static", helper("static"), wanted="static" in wanted),
        Part("style", helper("style"), wanted="style" in wanted),
        Part("fuzz", script("scripts/fuzz", "--replay"), wanted="fuzz" in wanted),
    ]
    parts += [Part(f"tools {name}", script(f"tests/{name}"), wanted="tools" in wanted)
              for name in TOOLS]
    for kernel in kernels:
        # The debug kernel itself takes minutes to build: one part waits for it, not two.
        after = ["qemu", "modules debug"] if kernel == "debug" else ["qemu"]
        parts.append(Part(f"kunit {kernel}", script("scripts/kunit", "--kernel", kernel),
                          after=after, wanted="kunit" in wanted))
    for kernel in kernels:
        if not kernel.endswith("-cloud") and kernel != "debug":
            parts.append(Part(f"sparse {kernel}", helper("sparse", kernel),
                              after=[f"modules {kernel}"], wanted="sparse" in wanted))
    parts += [Part("hypervisor", script("hypervisor/test"), after=["qemu"],
                   wanted="hypervisor" in wanted),
              Part("hypervisor conformance", script("tests/conformance"), after=["qemu"],
                   wanted="hypervisor" in wanted),
              Part("hypervisor xen", script("hypervisor/xen/test"),
                   wanted="hypervisor" in wanted)]
    parts += packages_parts("packages" in wanted)
    on = [word for kernel in kernels for word in ("--kernel", kernel)]
    parts.append(Part("scenarios", script("tests/run", "--no-build", *on), exclusive=True,
                      after=["qemu", "guest programs",
                             *(f"modules {kernel}" for kernel in kernels)],
                      wanted="scenarios" in wanted))
    return parts


def packages_parts(wanted):
    """The packages in guests; the longest first."""
    parts = [Part(f"debian {suite}", script("tests/debian/run", suite),
                  after=["qemu", "guest programs"], wanted=wanted) for suite in SUITES]
    parts += [Part(name, script(f"tests/{name}"), after=["qemu", "guest programs"], wanted=wanted)
              for name in ("initramfs", "secure-boot", "packages-modules")]
    parts.append(Part("rpm", script("tests/rpm"), wanted=wanted))
    return parts


def needed(parts):
    """The wanted parts, and what they need."""
    by_name = {part.name: part for part in parts}
    chosen = set()

    def choose(name):
        if name in by_name and name not in chosen:
            chosen.add(name)
            for other in by_name[name].after:
                choose(other)

    for part in parts:
        if part.wanted:
            choose(part.name)
    return [part for part in parts if part.name in chosen]


def choose(options):
    """The kernels to run on, and the names of the wanted parts."""
    kernels = options.kernel or (["6.1"] if options.quick else list(KERNELS))
    if options.debug:
        kernels = [*kernels, "debug"]
    wanted = set(options.parts or NAMES)
    if options.packages:
        wanted.add("packages")
    nested = {"kvm", "xen"}
    if nested & set(options.parts) and "6.1" not in kernels:
        print("check: kvm and xen run on 6.1, which --kernel leaves out", file=sys.stderr)
        sys.exit(2)
    if not options.parts and (options.quick or "6.1" not in kernels):
        wanted -= nested
    if not options.parts and not options.debug:
        wanted -= {"xen", "series", "static"}
    return kernels, wanted


def main():
    options = parse(sys.argv[1:])
    kernels, wanted = choose(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    schedule = Schedule(needed(parts_for(kernels, wanted)),
                        os.path.join(TOP, "build/logs/check"), os.cpu_count())
    try:
        return schedule.run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
