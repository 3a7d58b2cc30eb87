#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Judge the KTAP in the console log of a guest that ran modules of suites.

Stricter than the kernel's own kunit.py, which takes a plan that is missing or
not kept for a mere error beside a success. Each module must have reported: a
log that ends early is a failure. With --kunit-py the kernel's parser reads the
same text, and must agree on every count.

States a result for each suite, and last "N passed, N failed, N skipped", which
counts the cases in them; the exit status is 0 only if nothing failed and
something passed.
"""

import argparse
import re
import subprocess
import sys

from ktap import STATUSES, Broken, Document, Writer

# What the console puts before a line; with CONFIG_PRINTK_CALLER also a task.
PREFIX = re.compile(r"^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ")
MODULE = re.compile(r"^kunit-run: (\w+)$")
COUNTS = re.compile(r"\b(passed|failed|crashed|skipped|errors): (\d+)")
END = "end"


def split_by_module(lines):
    """The lines of each module, by the marks that the guest's script left."""
    modules = {}
    current = None
    for line in lines:
        line, is_printk = PREFIX.subn("", line.rstrip())
        mark = MODULE.match(line)
        if mark:
            current = modules.setdefault(mark[1], [])
        elif current is not None and is_printk:
            current.append(line)
    return modules


def report_suite(suite, writer):
    """States a suite, and all that is known on what failed; returns the counts of its cases."""
    tests = list(suite.leaves())
    counts = dict.fromkeys(STATUSES, 0)
    why = []
    for path, test in tests:
        counts[test.status] += 1
        if test.status == "failed":
            why += [f"failed: {path}", *(f"    {line.strip()}" for line in test.diagnostics)]
    shown = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
    writer.result("failed" if suite.status == "failed" else "passed", f"{suite.name} ({shown})",
                  *why, count=False)
    writer.add(counts)
    if suite.status == "failed" and not counts["failed"]:
        raise Broken(f"{suite.name} is not ok although all parts of it are")
    return counts


def ask_kunit_py(kunit_py, lines, counts):
    """Has the kernel's parser read the same lines."""
    run = subprocess.run([sys.executable, kunit_py, "parse"],
                         input="\n".join(lines) + "\n", text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    last = [line for line in run.stdout.splitlines() if "Ran " in line][-1:]
    theirs = {status: int(number) for status, number in COUNTS.findall("".join(last))}
    ours = {status: number for status, number in counts.items() if number}
    if theirs != ours or (run.returncode == 0) != (not counts["failed"]):
        raise Broken(f"kunit.py parse (exit {run.returncode}) does not agree: "
                     + (last[0] if last else "no summary"))


def read_module(lines, partial):
    """A module's suites, and what is wrong with its output (None if nothing)."""
    document = Document()
    try:
        for line in lines:
            document.feed(line)
        if not (partial and document.is_empty()):
            document.close()
    except Broken as err:
        # What came last, if anything, tells why: the first lines of a crash.
        return document.suites(), [str(err)] + document.diagnostics[:12]
    return document.suites(), None


def judge_module(name, lines, args, writer):
    """Reports on a module."""
    total = dict.fromkeys(STATUSES, 0)
    suites, broken = read_module(lines, args.partial)
    try:
        for suite in suites:
            for status, number in report_suite(suite, writer).items():
                total[status] += number
        if suites and not broken and args.kunit_py:
            ask_kunit_py(args.kunit_py, lines, total)
    except Broken as err:
        broken = [str(err)]
    if broken:
        writer.result("failed", f"{name}.ko: {broken[0]}", *(line.strip() for line in broken[1:]))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kunit-py", metavar="FILE",
                        help="the kernel's tools/testing/kunit/kunit.py")
    parser.add_argument("--partial", action="store_true",
                        help="a filter was used: modules may run nothing")
    parser.add_argument("log", help="console log of the guest")
    parser.add_argument("module", nargs="+", help="a module that must have reported")
    args = parser.parse_args()
    with open(args.log, encoding="utf-8", errors="replace") as log:
        modules = split_by_module(log)
    writer = Writer()
    for name in args.module:
        judge_module(name, modules.get(name, []), args, writer)
    if END not in modules:
        writer.result("failed", "the guest did not get to the end")
    return writer.close()


if __name__ == "__main__":
    sys.exit(main())
