# SPDX-License-Identifier: GPL-2.0
"""Runs mutants and counts those that no test noticed: the work behind scripts/mutants."""

import argparse
import collections
import fnmatch
import glob
import os
import queue
import signal
import sys
import threading
import time

import ktap
from kunit import Batch, NoProof
from scratch import ROOT, TOP, BuildError, Scratch, read, tracked_files
from slow import Slow, changes_qemu, qemu_of_project
from table import Stale, TableError, read_all

LOGS = os.path.join(TOP, "build/logs/mutants")
BATCH = 10              # mutants in a guest
HEARTBEAT = 30          # seconds between signs of life


def parse(argv):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog="scripts/mutants",
                                     usage="see scripts/mutants --help")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--kernel", default="6.12")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--table", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(argv)
    if options.jobs < 1:
        parser.error("--jobs needs a number from 1")
    return options


def select(options):
    tables = options.table or sorted(glob.glob(os.path.join(TOP, "tests/mutants/*.mutants")))
    mutants = read_all(tables)
    for name in options.names:
        if not any(fnmatch.fnmatchcase(mutant.name, name) for mutant in mutants):
            raise TableError(f"no mutant '{name}'; see --list")
    if options.names:
        return [mutant for mutant in mutants
                if any(fnmatch.fnmatchcase(mutant.name, name) for name in options.names)]
    return [mutant for mutant in mutants
            if options.all or options.check or mutant.equivalent or mutant.kinds() == {"kunit"}]


class Report:
    """States each verdict as it comes, and counts."""

    STATUSES = {"killed": "passed", "survived": "failed", "error": "failed",
                "equivalent": "skipped"}

    def __init__(self, total):
        self.counts = collections.Counter()
        self.total = total
        self._writer = ktap.Writer()
        self._lock = threading.Lock()
        self._last = time.monotonic()

    def verdict(self, mutant, kind, text):
        with self._lock:
            self.counts[kind] += 1
            self._last = time.monotonic()
        status = self.STATUSES[kind]
        if status == "passed":
            self._writer.result(status, f"{mutant.name}: {text}")
        else:
            self._writer.result(status, mutant.name, text)

    def done(self):
        return sum(self.counts.values())

    def beat(self):
        with self._lock:
            if time.monotonic() - self._last >= HEARTBEAT:
                self._last = time.monotonic()
                print(f"... {self.done()} of {self.total} done", file=sys.stderr, flush=True)

    def close(self):
        count = self.counts
        print(f"{count['killed']} killed, {count['survived']} survived, "
              f"{count['error']} errors, {count['equivalent']} equivalent")
        return self._writer.close() or self.done() != self.total


def judge(report, mutant, passed, died, crash_counts):
    """All tests must have failed; a guest that died counts where the table says so."""
    tests = ", ".join(test for witness in mutant.witnesses for test in witness.tests)
    if passed:
        report.verdict(mutant, "survived", f"SURVIVED: {', '.join(passed)} passed")
    elif died and not crash_counts:
        report.verdict(mutant, "survived", f"SURVIVED: no test failed, but the guest did ({died}); "
                       "\"or crash\" would accept that")
    else:
        report.verdict(mutant, "killed",
                       f"killed by {tests}" + (f", in a crash: {died}" if died else ""))


def judge_kunit(report, mutant, outcome):
    wanted = [suite for witness in mutant.witnesses for suite in witness.tests]
    passed = [suite for suite in wanted if outcome.suites.get(suite) in ("passed", "skipped")]
    silent = [suite for suite in wanted if suite not in outcome.suites]
    if passed and outcome.broken and all(witness.crash for witness in mutant.witnesses):
        passed = []
        silent = wanted
    judge(report, mutant, passed, outcome.broken if silent else None,
          all(witness.crash for witness in mutant.witnesses))


class Worker(threading.Thread):
    """Takes work from the queue, in a scratch copy of its own."""

    def __init__(self, work, report, options):
        super().__init__(daemon=True)
        self.work = work
        self.report = report
        self.options = options
        self.trouble = None

    def run(self):
        try:
            self._run()
        except (BuildError, NoProof, OSError) as error:
            self.trouble = str(error)

    def _run(self):
        scratch = Scratch()
        logs = os.path.join(LOGS, os.path.basename(scratch.top))
        qemu = qemu_of_project(scratch)
        slow = Slow(scratch, qemu, os.path.join(logs, "slow"))
        batch = None
        while True:
            try:
                mutants = self.work.get_nowait()
            except queue.Empty:
                return
            if mutants[0].kinds() != {"kunit"}:
                for mutant in mutants:
                    self._run_slow(slow, mutant)
                continue
            if not batch:
                batch = Batch(scratch, self.options.kernel, qemu, os.path.join(logs, "kunit"))
                batch.prove()
            self._run_kunit(batch, mutants)

    def _run_kunit(self, batch, mutants):
        builds = {}
        for number, mutant in enumerate(mutants):
            try:
                builds[batch.build(number, mutant)] = mutant
            except (Stale, BuildError) as error:
                self.report.verdict(mutant, "error", f"ERROR: {error}")
        if builds:
            for build, outcome in batch.run(list(builds)):
                judge_kunit(self.report, builds[build], outcome)

    def _run_slow(self, slow, mutant):
        passed, died = [], None
        try:
            if "kunit" in mutant.kinds():
                raise Stale("kunit and other tests cannot be mixed")
            for witness, failure in slow.run(mutant):
                if failure.died and not failure.named:
                    died = "the guest failed"
                elif not failure.named:
                    passed.append(witness.text)
        except (Stale, BuildError, NoProof) as error:
            self.report.verdict(mutant, "error", f"ERROR: {error}")
            return
        judge(self.report, mutant, passed, died,
              all(witness.crash for witness in mutant.witnesses))


def fill(mutants, jobs):
    """The queue: what takes longest first, then batches for the guests."""
    work = queue.SimpleQueue()
    fast = [mutant for mutant in mutants if mutant.kinds() == {"kunit"}]
    slow = [mutant for mutant in mutants if mutant.kinds() != {"kunit"}]
    qemu = [mutant for mutant in slow if changes_qemu(mutant)]
    # The scratch copies share QEMU's objects: one after the other.
    if qemu:
        work.put(qemu)
    for mutant in slow:
        if mutant not in qemu:
            work.put([mutant])
    size = max(1, min(BATCH, -(-len(fast) // jobs)))
    for at in range(0, len(fast), size):
        work.put(fast[at:at + size])
    return work


def show(mutants):
    for mutant in mutants:
        by = "; ".join(witness.text for witness in mutant.witnesses)
        print(f"{mutant.name}: {' '.join(sorted(mutant.paths()))}: "
              f"{by or 'equivalent: ' + mutant.equivalent}")
    return 0


def check(mutants):
    """Whether all changes apply: the ones that need not be built to tell."""
    files = {path: read(os.path.join(TOP, path)) for path in tracked_files()}
    status = 0
    for mutant in mutants:
        try:
            mutant.changed(files)
        except Stale as error:
            print(f"{mutant.where}: {mutant.name}: {error}")
            status = 1
    return status


def main():
    options = parse(sys.argv[1:])
    try:
        mutants = select(options)
    except (TableError, OSError) as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    if options.list or options.check:
        return show(mutants) if options.list else check(mutants)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.makedirs(ROOT, exist_ok=True)
    report = Report(len(mutants))
    for mutant in mutants:
        if mutant.equivalent:
            report.verdict(mutant, "equivalent", f"equivalent: {mutant.equivalent}")
    runnable = [mutant for mutant in mutants if not mutant.equivalent]
    jobs = max(1, min(options.jobs, len(runnable)))
    work = fill(runnable, jobs)
    workers = [Worker(work, report, options) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.2)
        report.beat()
    for trouble in {worker.trouble for worker in workers if worker.trouble}:
        print(f"mutants: {trouble}", file=sys.stderr)
    return int(report.close())


if __name__ == "__main__":
    sys.exit(main())
