#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check that scripts/lib/kunit_report.py sees what is wrong with a log.

Takes the console log of a guest that ran selftest_kunit.ko, and what the report is
to say of it; then damages the log in each of the ways in which a run can go
wrong.
"""

import os
import re
import subprocess
import sys
import tempfile

from ktap import Writer

REPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      '../../scripts/lib/kunit_report.py')
MODULE = 'selftest_kunit'


def find(lines, end):
    """The first line with this end."""
    return next(i for i, line in enumerate(lines) if line.endswith(end))


def replace(old, new):
    """A change: the first line that ends in old ends in new instead."""
    def change(lines):
        at = find(lines, old)
        return lines[:at] + [lines[at][:-len(old)] + new] + lines[at + 1:]
    return change


def drop(end):
    """A change: the first line with this end is lost."""
    def change(lines):
        at = find(lines, end)
        return lines[:at] + lines[at + 1:]
    return change


def stop_at(end):
    """A change: the log ends before the first line with this end."""
    return lambda lines: lines[:find(lines, end)]


# What is done to the log, and a line that the report must have then, without its number.
CASES = [
    ('as it is', lambda lines: lines,
     ['not ok selftest (4 passed, 3 failed, 1 skipped)',
      '# failed: selftest.expectation_fails',
      '# failed: selftest.assertion_aborts',
      '# failed: selftest.one_row_fails.wrong on purpose',
      'not ok selftest_init (1 failed)',
      '# failed: selftest_init.passes',
      '4 passed, 4 failed, 1 skipped']),
    ('nothing at all', lambda lines: [],
     ['not ok selftest_kunit.ko: no output',
      'not ok the guest did not get to the end']),
    ('module says nothing', stop_at('] KTAP version 1'),
     ['not ok selftest_kunit.ko: no output']),
    ('stops in a test', stop_at('    ok 4 abort_was_clean'),
     ['not ok selftest_kunit.ko: the log ends in selftest',
      'not ok the guest did not get to the end']),
    ('stops in a row', stop_at('        ok 3 right again'),
     ['not ok selftest_kunit.ko: the log ends in one_row_fails']),
    ('stops between suites', stop_at('    # Subtest: selftest_init'),
     ['not ok selftest_kunit.ko: the log ends in the module']),
    ('a suite is missing', drop('] not ok 2 selftest_init'),
     ['not ok selftest_kunit.ko: the log ends in selftest_init']),
    ('fewer suites than planned', replace('] 1..2', '] 1..3'),
     ['not ok selftest_kunit.ko: the module: 3 planned, 2 reported']),
    ('fewer tests than planned', replace('    1..6', '    1..7'),
     ['not ok selftest_kunit.ko: selftest: 7 planned, 6 reported']),
    ('no plan for suites', drop('] 1..2'),
     ['not ok selftest_kunit.ko: the module: no plan']),
    ('no plan for tests', drop('    1..6'),
     ['not ok selftest_kunit.ko: selftest: no plan']),
    ('a test is missing', drop('    ok 4 abort_was_clean'),
     ['not ok selftest_kunit.ko: skips has number 5, not 4']),
    ('a result twice', replace('    ok 4 abort_was_clean', '    ok 3 twice'),
     ['not ok selftest_kunit.ko: twice has number 3, not 4']),
    ('ok in spite of a failure', replace('] not ok 1 selftest', '] ok 1 selftest'),
     ['not ok selftest_kunit.ko: selftest is ok although a part of it is not']),
    ('not ok for no reason', lambda lines: [
        line.replace('    not ok', '    ok') for line in lines],
     ['not ok selftest_kunit.ko: selftest is not ok although all parts of it are']),
    ('the end is missing', drop('kunit-run: end'),
     ['not ok the guest did not get to the end']),
]


def judge(lines, kunit_py):
    """What the report of a log says, and its exit status."""
    with tempfile.NamedTemporaryFile('w', suffix='.log') as log:
        log.writelines(line + '\n' for line in lines)
        log.flush()
        run = subprocess.run(
            [sys.executable, REPORT, '--kunit-py', kunit_py, log.name, MODULE],
            stdout=subprocess.PIPE, text=True, check=False)
    return re.sub(r'^(not ok|ok) \d+ - ', r'\1 ', run.stdout, flags=re.M).splitlines(), run.returncode


def main():
    """Arguments: the log, and the kernel's kunit.py."""
    with open(sys.argv[1], encoding='utf-8', errors='replace') as log:
        lines = log.read().splitlines()
    writer = Writer()
    for name, change, wanted in CASES:
        try:
            output, status = judge(change(lines), sys.argv[2])
        except StopIteration:
            output, status = ['the log lacks what was to be changed'], 0
        missing = [line for line in wanted if line not in output]
        writer.check(status == 1 and not missing, f'selftest: {name}',
                     f'exit {status}; missing: {missing}; it said:', *output)
    return writer.close()


if __name__ == '__main__':
    sys.exit(main())
