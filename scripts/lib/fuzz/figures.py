# SPDX-License-Identifier: GPL-2.0
"""figures.py - keeps how many inputs each run had, and adds them up."""

import os
import time

from target import BUILD, Failed

RUNS = os.path.join(BUILD, "runs")


def keep(target, build, inputs, seconds):
    """A line a run: when, what, with which build, how many, for how long, and the code's key."""
    with open(RUNS, "a", encoding="utf-8") as file:
        file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S')} {target.name} {build} {inputs} "
                   f"{seconds:.0f} {target.key()}\n")


def show(targets, paths):
    """A table: the inputs of each target, of the code as it is now."""
    keys = {target.name: target.key() for target in targets}
    total = {(name, build): [0, 0] for name in keys for build in ("asan", "fast")}
    old = 0
    if not paths and not os.path.exists(RUNS):
        raise Failed("nothing was run yet: scripts/fuzz")
    for path in paths or [RUNS]:
        with open(path, encoding="utf-8") as file:
            for line in file:
                _, name, build, inputs, seconds, key = line.split()
                if keys.get(name) != key:
                    old += 1
                    continue
                total[name, build][0] += int(inputs)
                total[name, build][1] += int(seconds)
    print(f"{'target':12}{'with sanitizers':>18}{'without':>18}{'hours':>8}")
    for name in keys:
        asan, fast = total[name, "asan"], total[name, "fast"]
        print(f"{name:12}{asan[0]:>18,}{fast[0]:>18,}{(asan[1] + fast[1]) / 3600:>8.1f}")
    if old:
        print(f"{old} runs of other code are left out")
    return 0
