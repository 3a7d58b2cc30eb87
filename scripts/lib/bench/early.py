# SPDX-License-Identifier: GPL-2.0
"""early.py - when the kernel's RNG is ready at boot, with each of the modules and without."""

import json
import os
import sys

from guest import NO_ENTROPY, NO_ENTROPY_CPU, OUT, TOP, guest, prepare, print_targets, run
from ready import Times, summarize

READY = "random: crng init done"
TARGET_MS = 5
PICTURE = os.path.join(TOP, "Documentation/pictures/early.gp")
# All have the same devices.
DEVICES = "-device virtio-rng-pci,id=rng0 -device vmgenid,guid=auto"
MODULES = ("commonhv/commonhv.ko", "vmgenid/vmgenid-ext.ko", "virtio-rng-ext/virtio-rng-ext.ko")
# Name, title, does a program ask for a random number, and what is loaded.
VARIANTS = (
    ("nothing", "nothing", False, ()),
    ("asked", "nothing, and a wait", True, ()),
    ("in-tree", "in-tree virtio_rng", False, ("virtio_rng.ko",)),
    ("ext", "virtio-rng-ext", False, ("virtio-rng-ext.ko",)),
    ("commonhv", "commonhv, quality=1024", False, ("commonhv.ko:quality=1024",)),
    # In commonhv-load's order, and with the defaults: commonhv credits nothing.
    ("package", "all three, as installed", False,
     ("commonhv.ko", "vmgenid-ext.ko", "virtio-rng-ext.ko")),
)
TITLES = {name: title for name, title, _, _ in VARIANTS}
# With it a guest's clock counts instructions, a nanosecond each: whatever else the machine
# does makes no difference. A wait for the device counts too: not for what must wait.
COUNTS = 3
COUNTED = ("in-tree", "ext", "commonhv")
COUNT = ("--qemu", "-icount shift=0,sleep=off", "--append", "tsc_early_khz=1000000")


class NoFigure(Exception):
    """A boot of which nothing can be said."""


def read_boot(records):
    """Times of a boot, from (microseconds, text) of the guest's log.

    Of the first load, or of the question: "crng init done" of before is not due to it.
    """
    stamps = {}
    for us, text in records:
        what, _, event = text.partition(" ")
        if text == READY:
            stamps.setdefault("ready", us)
        elif what == "early:":
            stamps.setdefault(event.partition(" ")[0], us)
    if "start" not in stamps or "end" not in stamps:
        raise NoFigure("the guest's log lacks the benchmark's own records")
    begin = stamps.get("load", stamps.get("ask", stamps["start"]))
    if stamps.get("ready", begin) < begin:
        raise NoFigure("the kernel's RNG was ready before: the guest has another source")
    reached = "ready" in stamps
    end = stamps["ready" if reached else "end"]
    return Times(end / 1000, (end - begin) / 1000, reached)


def boot(arguments, variant, wait):
    _, _, asks, modules = variant
    words = [f"/modules/{module}" for module in modules]
    lines = guest([*arguments, "--cpu", NO_ENTROPY_CPU + ",commonhv=on", *NO_ENTROPY],
                  "early-bench.sh", wait, "ask" if asks else "-", *words)
    return [(int(us), " ".join(text)) for us, *text in lines]


def measure(arguments, boots, wait):
    """{name: [records of each boot]}; all variants in turn, as the machine's load changes."""
    records = {name: [] for name in TITLES}
    for _ in range(boots):
        for variant in VARIANTS:
            records[variant[0]].append(boot(arguments, variant, wait))
    return records


def count(arguments, wait):
    """{name: million instructions}: of some boots the least, which waited least."""
    return {variant[0]: min(read_boot(boot([*arguments, *COUNT], variant, wait)).load
                            for _ in range(COUNTS))
            for variant in VARIANTS if variant[0] in COUNTED}


def targets(summary):
    """[(text, measured, met)]"""
    return [(f"{TITLES[name]}: at most {TARGET_MS} ms from the load's begin",
             f"{load.text()} ms", load.reached and load.median <= TARGET_MS)
            for name in ("commonhv", "ext")
            for load in (summary[name][1],)]


def table(summary, counts):
    yield f"{'':24}{'kernel start to ready, s':>26}{'load to ready, ms':>29}{'the same,':>12}"
    yield f"{'':24}{'median':>9}{'range':>17}{'median':>11}{'range':>18}{'M instr.':>12}"
    for name, (start, load) in summary.items():
        seconds = ("{:.2f}", 1000)
        yield (f"{TITLES[name]:24}{start.text(*seconds):>9}{start.range_text(*seconds):>17}"
               f"{load.text():>11}{load.range_text():>18}"
               f"{format(counts[name], '.1f') if name in counts else '-':>12}")


def data(summary, kernel, accel, boots, busy):
    """What the picture is drawn from: Documentation/pictures/early.dat has the same form."""
    yield "# SPDX-License-Identifier: GPL-2.0"
    yield (f"# Measured by scripts/bench --early --kernel {kernel} --boots {boots} ({accel}), "
           f"load average {busy}.")
    yield '# title; then for "kernel start to ready" and "load to ready": median, lowest, highest'
    yield "# in ms, and 1, or 0 if these are only what it took at least"
    for name, figures in summary.items():
        yield f'"{TITLES[name]}" ' + " ".join(
            f"{each.median:.1f} {each.low:.1f} {each.high:.1f} {int(each.reached)}"
            for each in figures)


def draw(lines, stem):
    """Returns the paths of the figures and of the picture."""
    dat, svg = stem + ".dat", stem + ".svg"
    with open(dat, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    run("gnuplot", "-e", f"figures='{dat}'; picture='{svg}'", PICTURE)
    return dat, svg


def bench(options, accel):
    """All of it; True if each target is met."""
    arguments = prepare(options.kernel, MODULES, ("early",), "bench-early")
    arguments += ["--qemu", DEVICES]
    nr = options.boots or 5
    busy = f"{os.getloadavg()[0]:.1f}"
    try:
        records = measure(arguments, nr, options.wait)
        summary = summarize({name: [read_boot(each) for each in boots]
                             for name, boots in records.items()})
        counts = count(arguments, options.wait) if accel.startswith("tcg") else {}
    except NoFigure as error:
        sys.exit(f"scripts/bench: {error}; logs in build/logs/{options.kernel}/bench-early")
    busy += f" to {os.getloadavg()[0]:.1f}"
    for line in table(summary, counts):
        print(line)
    print(f"\n{nr} boots of each; the machine's load average was {busy}")
    met = print_targets(targets(summary))
    stem = os.path.join(OUT, f"early-{options.kernel}")
    with open(stem + ".json", "w", encoding="utf-8") as file:
        json.dump({"kernel": options.kernel, "accel": accel, "load average": busy,
                   "summary": {name: [vars(each) for each in figures]
                               for name, figures in summary.items()},
                   "million instructions": counts, "records": records}, file, indent=1)
    print(f"\n{stem}.json", *draw(data(summary, options.kernel, accel, nr, busy), stem), sep="\n")
    return met
