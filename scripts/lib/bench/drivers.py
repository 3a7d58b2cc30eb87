# SPDX-License-Identifier: GPL-2.0
"""drivers.py - virtio-rng-ext, the in-tree driver and a null driver, side by side."""

import collections
import json
import os
import re
import statistics
import subprocess

from guest import NO_ENTROPY, NO_ENTROPY_CPU, OUT, guest, need_packages, prepare, print_targets, run

DRIVERS = ("in-tree", "ext", "null")
QUALITY_PARTS = 16              # of 4 MiB
BLOCKS = ("64", "256", "1024", "4096", "16384", "65536")
SCRIPT = "virtio-rng-bench.sh"

PLOT = """
set terminal svg noenhanced size 720,420 background "white"
set output "{svg}"
set title "/dev/hwrng on {kernel}, {accel}"
set logscale xy
set xtics ("64 B" 64, "256 B" 256, "1 KiB" 1024, "4 KiB" 4096, "16 KiB" 16384, "64 KiB" 65536)
set xlabel "block"
set ylabel "MB/s"
set grid
set key below
set xrange [48:87381]
plot {curves}
"""


def collect(lines):
    """{driver: {metric or "metric block": [value of each round]}}"""
    values = collections.defaultdict(lambda: collections.defaultdict(list))
    for driver, *metric, value in lines:
        values[driver][" ".join(metric)].append(float(value))
    return values


def measure(arguments, options):
    lines = list(guest([*arguments, "--cpu", "max"], SCRIPT, "rounds", options.rounds, options.ms))
    no_entropy = ("--cpu", NO_ENTROPY_CPU, *NO_ENTROPY)
    for _ in range(options.boots or 3):
        for driver in ("in-tree", "ext"):
            lines += guest([*arguments, *no_entropy], SCRIPT, "crng", driver)
    return collect(lines)


def best(values):
    """Of all rounds: what else the machine does only takes away."""
    result = {driver: {metric: (max if metric.startswith("throughput") else min)(each)
                       for metric, each in metrics.items()}
              for driver, metrics in values.items()}
    for driver, metrics in values.items():
        # Single loads are off by as much as the drivers differ.
        if "first" in metrics:
            result[driver]["first median"] = statistics.median(metrics["first"])
    return result


def targets(result):
    """[(text, measured, met)]"""
    ext, tree, null = (result[driver] for driver in ("ext", "in-tree", "null"))
    gain = ext["throughput 65536"] / tree["throughput 65536"]
    ceiling = ext["throughput 65536"] / null["throughput 65536"]
    rows = [
        ("64 KiB blocks: at least 25 times the in-tree throughput", f"{gain:.0f} times", gain >= 25),
        ("64 KiB blocks: at least 75 % of hw_random's ceiling", f"{ceiling:.0%}", ceiling >= .75),
        ("at most 16 interrupts a MiB", f"{ext['interrupts']:.0f}", ext["interrupts"] <= 16),
        ("at most 160 KiB held", f"{ext['held']:.0f} KiB", ext["held"] <= 160),
    ]
    for name, metric in (("best", "first"), ("median", "first median")):
        rows.append((f"first byte no later than the in-tree driver's, {name}",
                     f"{ext[metric] / 1000:.1f} ms, in-tree {tree[metric] / 1000:.1f} ms",
                     # What two loads of the same driver differ by.
                     ext[metric] <= tree[metric] * 1.1))
    return rows


def table(result):
    rows = [(f"throughput, {block} B blocks", "MB/s", f"throughput {block}", 1e6, 2)
            for block in BLOCKS]
    rows += [("CPU time, 64 KiB blocks", "ms/MiB", "cpu 65536", 1e3, 2),
             ("64 B read, median", "us", "p50", 1, 1), ("64 B read, 99 %", "us", "p99", 1, 1),
             ("interrupts", "/MiB", "interrupts", 1, 0), ("kicks", "/MiB", "kicks", 1, 0),
             ("memory held", "KiB", "held", 1, 0),
             ("load to first byte", "ms", "first", 1e3, 1),
             ("load to first byte, median", "ms", "first median", 1e3, 1),
             ("load to crng init done", "ms", "crng", 1e3, 1)]
    yield f"{'':32}" + "".join(f"{driver:>12}" for driver in DRIVERS)
    for name, unit, metric, scale, digits in rows:
        cells = [f"{result[driver][metric] / scale:.{digits}f}" if metric in result[driver] else "-"
                 for driver in DRIVERS]
        yield f"{name + ', ' + unit:32}" + "".join(f"{cell:>12}" for cell in cells)


def draw(result, kernel, accel):
    svg = os.path.join(OUT, f"{kernel}.svg")
    curves, data = [], []
    for driver in DRIVERS:
        title = {"null": "null driver (hw_random's ceiling)", "ext": "virtio-rng-ext",
                 "in-tree": "in-tree virtio-rng"}[driver]
        curves.append(f"'-' with linespoints linewidth 2 title \"{title}\"")
        data += [f"{block} {result[driver]['throughput ' + block] / 1e6}" for block in BLOCKS] + ["e"]
    script = PLOT.format(svg=svg, kernel=kernel, accel=accel, curves=", ".join(curves))
    run("gnuplot", input=script + "\n".join(data) + "\n", text=True)
    return svg


def tune(arguments, options):
    result = best(collect(guest([*arguments, "--cpu", "max"], SCRIPT, "tune",
                                options.rounds, options.ms)))
    print("buffers x size   KiB held   MB/s")
    for name, metrics in result.items():
        number, size = map(int, name.split("x"))
        print(f"{number:>2} x {size:<11} {number * size // 1024:>8} "
              f"{metrics['throughput 65536'] / 1e6:>7.1f}")


def judge(path):
    """What rngtest and ent say of a file, as one line."""
    with open(path, "rb") as file:
        rngtest = subprocess.run(["rngtest"], stdin=file, capture_output=True, text=True,
                                 check=False).stderr
    ent = subprocess.run(["ent", "-t", path], capture_output=True, text=True, check=True).stdout
    blocks = [re.search(rf"FIPS 140-2 {what}: (\d+)", rngtest)[1] for what in ("successes", "failures")]
    _, _, entropy, chi, mean, _, correlation = ent.splitlines()[1].split(",")
    return (f"rngtest: {blocks[0]} blocks pass, {blocks[1]} fail; ent: {entropy} bits a byte, "
            f"chi square {chi}, mean {mean}, serial correlation {correlation}")


def quality(arguments):
    need_packages("judges random numbers", "rng-tools-debian", "ent")
    log = arguments[arguments.index("--log") + 1]
    for driver in ("in-tree", "ext"):
        path = os.path.join(OUT, f"{driver}.random")
        with open(path, "wb") as file:
            for _, _, part in guest([*arguments, "--cpu", "max", "--share"], SCRIPT, "quality",
                                    driver, QUALITY_PARTS):
                with open(os.path.join(log, f"{driver}.{part}"), "rb") as piece:
                    file.write(piece.read())
                os.unlink(piece.name)
        print(f"{driver}: {os.path.getsize(path)} bytes; {judge(path)}")
        os.unlink(path)


def bench(options, accel):
    """All of it; True if each target is met."""
    arguments = prepare(options.kernel,
                        ("virtio-rng-ext/virtio-rng-ext.ko", "tests/null-rng/null-rng.ko"),
                        ("hwrng",), "bench") + ["--qemu", "-device virtio-rng-pci,id=rng0"]
    if options.tune:
        tune(arguments, options)
        return True
    if options.quality:
        quality(arguments)
        return True
    values = measure(arguments, options)
    result = best(values)
    for line in table(result):
        print(line)
    print()
    met = print_targets(targets(result))
    path = os.path.join(OUT, f"{options.kernel}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"kernel": options.kernel, "accel": accel, "best": result,
                   "rounds": values}, file, indent=1)
    print(f"\n{path}\n{draw(result, options.kernel, accel)}")
    return met
