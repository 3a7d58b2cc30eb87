# SPDX-License-Identifier: GPL-2.0
"""ktap.py - the one form in which tests state results: read and written here.

    ok 1 - NAME
    ok 2 - NAME # SKIP WHY
    # WHY, in as many lines as it takes
    not ok 3 - NAME
    1 passed, 1 failed, 1 skipped

That is a subset of KTAP (the kernel's Documentation/dev-tools/ktap.rst). Each test
program prints it, guests send it on the control channel, and scripts/check counts it.
Document reads all of KTAP, with its plans and levels, as KUnit prints it.
"""

import re
import sys
import threading

HEADER = re.compile(r"^( *)KTAP version 1$")
SUBTEST = re.compile(r"^( *)# Subtest: (.*)$")
PLAN = re.compile(r"^( *)1\.\.(\d+)$")
RESULT = re.compile(r"^( *)(not ok|ok)(?: (\d+))?(?: -)? (.*?)(?: # SKIP(?: (.*))?)?$")
SKIP = re.compile(r" # SKIP( |$)")
# A flat one: what else a program prints must not look like it by chance.
FLAT = re.compile(r"(not )?ok (\d+ )?- ")
SUMMARY = re.compile(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
STATUSES = ("passed", "failed", "skipped")


class Result:
    """A result line, with what stood before it, or as the reason to skip, and under it."""

    def __init__(self, line, diagnostics=(), children=()):
        self.indent, verdict, self.number, self.name, why = RESULT.match(line).groups()
        self.status = "failed" if verdict == "not ok" else \
            "skipped" if SKIP.search(line) else "passed"
        self.diagnostics = [*diagnostics, *([why] if why else [])]
        self.children = list(children)

    def leaves(self, path=""):
        """All tests without subtests, as (path, result)."""
        path = f"{path}.{self.name}" if path else self.name
        if not self.children:
            yield path, self
        for child in self.children:
            yield from child.leaves(path)


class Reader:
    """Takes a program's output line by line; what is no result, reason or summary is ignored."""

    def __init__(self):
        self.summary = None             # counts, once a line has stated them
        self._diagnostics = []

    def feed(self, line):
        """The result that the line states, or None."""
        if line.startswith("# "):
            self._diagnostics.append(line[2:])
            return None
        diagnostics, self._diagnostics = self._diagnostics, []
        if FLAT.match(line):
            return Result(line, diagnostics)
        counts = SUMMARY.match(line)
        if counts:
            self.summary = dict(zip(STATUSES, (int(count or 0) for count in counts.groups())))
        return None


def read(text):
    """All results in a text."""
    reader = Reader()
    return [result for result in map(reader.feed, text.split("\n")) if result]


def describe(counts):
    text = f"{counts['passed']} passed, {counts['failed']} failed"
    return text + (f", {counts['skipped']} skipped" if counts["skipped"] else "")


class Writer:
    """States results, from any thread, and counts them."""

    def __init__(self, file=None):
        self.counts = dict.fromkeys(STATUSES, 0)
        self._file = file or sys.stdout
        self._number = 0
        self._lock = threading.Lock()

    def result(self, status, name, *why, count=True):
        """`why` are lines: a reason. Without `count`, add() says what it counts for."""
        with self._lock:
            self._number += 1
            self.counts[status] += count
            end = " # SKIP" + "".join(" " + line for line in why) if status == "skipped" else ""
            lines = [f"# {line}" for line in why] if status != "skipped" else []
            lines.append(f"{'not ok' if status == 'failed' else 'ok'} {self._number} - {name}{end}")
            print("\n".join(lines), file=self._file, flush=True)

    def check(self, passed, name, *why):
        if passed:
            self.result("passed", name)
        else:
            self.result("failed", name, *why)

    def add(self, counts):
        for status, number in counts.items():
            self.counts[status] += number

    def close(self):
        """Prints the summary; the exit status of a program that states these results."""
        print(describe(self.counts), file=self._file, flush=True)
        return 1 if self.counts["failed"] or not self.counts["passed"] else 0


class Broken(Exception):
    """What should be KTAP is not, or stops too early."""


class Group:
    """The results that stand under one header: suites, cases or rows."""

    def __init__(self, name=None):
        self.name = name
        self.plan = None
        self.results = []

    def close(self, depth):
        """Check that the group is whole."""
        name = self.name or "the module"
        if self.plan is None and depth <= 1:
            raise Broken(f"{name}: no plan")
        if self.plan not in (None, len(self.results)):
            raise Broken(f"{name}: {self.plan} planned, "
                         f"{len(self.results)} reported")


class Document:
    """What one module printed."""

    def __init__(self):
        self.open = []          # a group for each level of indentation
        self.diagnostics = []
        self.started = False

    def feed(self, line):
        """Take the next line of the log."""
        if HEADER.match(line):
            self.header(len(HEADER.match(line)[1]) // 4)
        elif not self.started:
            return
        elif SUBTEST.match(line):
            self.group(line).name = SUBTEST.match(line)[2]
        elif PLAN.match(line):
            self.group(line).plan = int(PLAN.match(line)[2])
            self.diagnostics = []
        elif RESULT.match(line) and RESULT.match(line)[3]:
            self.result(line)
        else:
            self.diagnostics.append(line)

    def header(self, depth):
        if depth != len(self.open):
            raise Broken(f"a header in the middle of {self.where()}")
        self.open.append(Group())
        self.started = True

    def group(self, line):
        depth = (len(line) - len(line.lstrip())) // 4
        if depth != len(self.open) - 1:
            raise Broken(f"out of place in {self.where()}: {line.strip()}")
        return self.open[depth]

    def result(self, line):
        result = Result(line, self.diagnostics)
        name, depth = result.name, len(result.indent) // 4
        if len(self.open) == depth + 2:
            group = self.open.pop()
            group.close(depth + 1)
            if group.name != name:
                raise Broken(f"{group.name} ends as {name}")
            result.children = group.results
        if len(self.open) != depth + 1:
            raise Broken(f"out of place in {self.where()}: {line.strip()}")
        siblings = self.open[depth].results
        if int(result.number or 0) != len(siblings) + 1:
            raise Broken(f"{name} has number {result.number}, not {len(siblings) + 1}")
        if result.status != "failed" and any(child.status == "failed"
                                             for child in result.children):
            raise Broken(f"{name} is ok although a part of it is not")
        siblings.append(result)
        self.diagnostics = []

    def where(self):
        """The innermost open group that has a name."""
        names = [group.name for group in self.open if group.name]
        return names[-1] if names else "the module"

    def is_empty(self):
        """Whether nothing was run, and none was planned."""
        return not self.started or (len(self.open) == 1
                                    and self.open[0].plan == 0)

    def suites(self):
        """What came to an end, whatever happened then."""
        return self.open[0].results if self.open else []

    def close(self):
        """The log has ended: check that all of it was there."""
        if not self.started:
            raise Broken("no output")
        if len(self.open) > 1:
            raise Broken(f"the log ends in {self.where()}")
        self.open[0].close(0)
        if not self.suites():
            raise Broken("no suites")
