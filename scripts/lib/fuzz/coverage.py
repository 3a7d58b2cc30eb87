# SPDX-License-Identifier: GPL-2.0
"""coverage.py - which lines of the modules the inputs of a target reach."""

import json
import os
import subprocess

from target import BUILD, LOGS, TOP, Failed, files

PROGRAM = os.path.join(BUILD, "coverage/replay")


def _run(log, command, **environment):
    with open(log, "a", encoding="utf-8") as errors:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True,
                             errors="replace", check=False,
                             env={**os.environ, **environment})
    if run.returncode:
        raise Failed(f"{os.path.basename(command[0])} failed: {log}")
    return run.stdout


def measure(target):
    """{source file: (lines that ran, lines)} of all inputs that are there."""
    log = os.path.join(LOGS, f"{target.name}-coverage.log")
    raw = os.path.join(BUILD, f"coverage/{target.name}.profraw")
    profile = os.path.join(BUILD, f"coverage/{target.name}.profdata")
    open(log, "w", encoding="utf-8").close()
    inputs = files(target.corpus) + files(target.grown)
    _run(log, [PROGRAM, target.name, *inputs], LLVM_PROFILE_FILE=raw)
    _run(log, ["llvm-profdata", "merge", "-o", profile, raw])
    os.unlink(raw)
    exported = json.loads(_run(log, ["llvm-cov", "export", PROGRAM, f"-instr-profile={profile}",
                                     "-summary-only"]))
    lines = {}
    for entry in exported["data"][0]["files"]:
        name = entry["filename"].removeprefix(TOP + "/")
        if name in target.sources:
            count = entry["summary"]["lines"]
            lines[name] = (count["covered"], count["count"])
    return lines


def percent(lines):
    ran = sum(ran for ran, _ in lines.values())
    return f"{100 * ran / max(1, sum(count for _, count in lines.values())):.1f}%"
