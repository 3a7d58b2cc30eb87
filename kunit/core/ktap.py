#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Judge the KTAP in the console log of a guest that ran modules of suites.

Stricter than the kernel's own kunit.py, which takes a plan that is missing or
not kept for a mere error beside a success. Each module must have reported: a
log that ends early is a failure. With --kunit-py the kernel's parser reads the
same text, and must agree on every count.

The last line of output is "N passed, N failed, N skipped"; the exit status is
0 only if nothing failed and something passed.
"""

import argparse
import re
import subprocess
import sys

# What the console puts before a line; with CONFIG_PRINTK_CALLER also a task.
PREFIX = re.compile(r'^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ')
MODULE = re.compile(r'^kunit-run: (\w+)$')
HEADER = re.compile(r'^( *)KTAP version 1$')
SUBTEST = re.compile(r'^( *)# Subtest: (.*)$')
PLAN = re.compile(r'^( *)1\.\.(\d+)$')
RESULT = re.compile(r'^( *)(not ok|ok) (\d+) (?:- )?(.*?)(?: # SKIP(?: .*)?)?$')
SKIP = re.compile(r' # SKIP( |$)')
COUNTS = re.compile(r'\b(passed|failed|crashed|skipped|errors): (\d+)')
END = 'end'
DEPTH_SUITE, DEPTH_CASE = 0, 1


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
        name = self.name or 'the module'
        if self.plan is None and depth <= DEPTH_CASE:
            raise Broken(f'{name}: no plan')
        if self.plan not in (None, len(self.results)):
            raise Broken(f'{name}: {self.plan} planned, '
                         f'{len(self.results)} reported')


class Result:
    """One "ok" or "not ok" line, with what stood under and before it."""

    def __init__(self, status, name, children, diagnostics):
        self.status = status
        self.name = name
        self.children = children
        self.diagnostics = diagnostics

    def leaves(self, path=''):
        """All tests without subtests, as (path, result)."""
        path = f'{path}.{self.name}' if path else self.name
        if not self.children:
            yield path, self
        for child in self.children:
            yield from child.leaves(path)


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
        elif RESULT.match(line):
            self.result(line)
        else:
            self.diagnostics.append(line)

    def header(self, depth):
        if depth != len(self.open):
            raise Broken(f'a header in the middle of {self.where()}')
        self.open.append(Group())
        self.started = True

    def group(self, line):
        depth = (len(line) - len(line.lstrip())) // 4
        if depth != len(self.open) - 1:
            raise Broken(f'out of place in {self.where()}: {line.strip()}')
        return self.open[depth]

    def result(self, line):
        indent, verdict, number, name = RESULT.match(line).groups()
        depth = len(indent) // 4
        children = []
        if len(self.open) == depth + 2:
            group = self.open.pop()
            group.close(depth + 1)
            if group.name != name:
                raise Broken(f'{group.name} ends as {name}')
            children = group.results
        if len(self.open) != depth + 1:
            raise Broken(f'out of place in {self.where()}: {line.strip()}')
        siblings = self.open[depth].results
        if int(number) != len(siblings) + 1:
            raise Broken(f'{name} has number {number}, not {len(siblings) + 1}')
        status = 'failed'
        if verdict == 'ok':
            status = 'skipped' if SKIP.search(line) else 'passed'
            if any(child.status == 'failed' for child in children):
                raise Broken(f'{name} is ok although a part of it is not')
        siblings.append(Result(status, name, children, self.diagnostics))
        self.diagnostics = []

    def where(self):
        """The innermost open group that has a name."""
        names = [group.name for group in self.open if group.name]
        return names[-1] if names else 'the module'

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
            raise Broken('no output')
        if len(self.open) > 1:
            raise Broken(f'the log ends in {self.where()}')
        self.open[0].close(DEPTH_SUITE)
        if not self.suites():
            raise Broken('no suites')


def split_by_module(lines):
    """The lines of each module, by the marks that the guest's script left."""
    modules = {}
    current = None
    for line in lines:
        line, is_printk = PREFIX.subn('', line.rstrip())
        mark = MODULE.match(line)
        if mark:
            current = modules.setdefault(mark[1], [])
        elif current is not None and is_printk:
            current.append(line)
    return modules


def count(tests):
    """How many of the (path, result) pairs have which status."""
    counts = dict.fromkeys(('passed', 'failed', 'skipped'), 0)
    for _, test in tests:
        counts[test.status] += 1
    return counts


def show(counts):
    return ', '.join(f'{n} {status}' for status, n in counts.items())


def report_suite(suite):
    """Print one line for a suite, and all that is known on what failed."""
    tests = list(suite.leaves())
    counts = count(tests)
    mark = 'not ok' if suite.status == 'failed' else 'ok'
    print(f'{mark:6} {suite.name}: '
          + show({k: n for k, n in counts.items() if n}))
    for path, test in tests:
        if test.status == 'failed':
            print(f'       failed: {path}')
            for line in test.diagnostics:
                print(f'           {line.strip()}')
    if suite.status == 'failed' and not counts['failed']:
        raise Broken(f'{suite.name} is not ok although all parts of it are')
    return counts


def ask_kunit_py(kunit_py, lines, counts):
    """Have the kernel's parser read the same lines."""
    run = subprocess.run([sys.executable, kunit_py, 'parse'],
                         input='\n'.join(lines) + '\n', text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         check=False)
    last = [line for line in run.stdout.splitlines() if 'Ran ' in line][-1:]
    theirs = {k: int(n) for k, n in COUNTS.findall(''.join(last))}
    ours = {k: n for k, n in counts.items() if n}
    if theirs != ours or (run.returncode == 0) != (not counts['failed']):
        raise Broken(f'kunit.py parse (exit {run.returncode}) does not agree: '
                     + (last[0] if last else 'no summary'))


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


def judge_module(name, lines, args):
    """Report on a module; returns its counts."""
    total = dict.fromkeys(('passed', 'failed', 'skipped'), 0)
    suites, broken = read_module(lines, args.partial)
    try:
        for suite in suites:
            for status, n in report_suite(suite).items():
                total[status] += n
        if suites and not broken and args.kunit_py:
            ask_kunit_py(args.kunit_py, lines, total)
    except Broken as err:
        broken = [str(err)]
    if broken:
        print(f'not ok {name}.ko: {broken[0]}')
        for line in broken[1:]:
            print(f'           {line.strip()}')
        total['failed'] += 1
    return total


def main():
    """Command line; see the module's documentation."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--kunit-py', metavar='FILE',
                        help="the kernel's tools/testing/kunit/kunit.py")
    parser.add_argument('--partial', action='store_true',
                        help='a filter was used: modules may run nothing')
    parser.add_argument('log', help='console log of the guest')
    parser.add_argument('module', nargs='+',
                        help='a module that must have reported')
    args = parser.parse_args()

    with open(args.log, encoding='utf-8', errors='replace') as log:
        modules = split_by_module(log)

    total = dict.fromkeys(('passed', 'failed', 'skipped'), 0)
    for name in args.module:
        for status, n in judge_module(name, modules.get(name, []), args).items():
            total[status] += n
    if END not in modules:
        print('not ok the guest did not get to the end')
        total['failed'] += 1
    print(show(total))
    return 0 if total['passed'] and not total['failed'] else 1


if __name__ == '__main__':
    sys.exit(main())
