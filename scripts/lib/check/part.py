# SPDX-License-Identifier: GPL-2.0
"""part.py - one part of the check: a command, and what its output says of tests."""

import collections
import os
import subprocess
import threading
import time

import ktap

class Part:
    """`after` names the parts that must have passed before."""

    def __init__(self, name, command, after=(), wanted=True, exclusive=False):
        self.name = name
        self.command = command
        self.after = list(after)
        self.wanted = wanted
        self.exclusive = exclusive
        self.counts = collections.Counter()
        self.failures = []              # the lines that state them
        self.status = None
        self.log = None
        self._results = ktap.Reader()
        self._process = None
        self._reader = None
        self._start = None

    def start(self, log_dir):
        self._start = time.monotonic()
        self.log = os.path.join(log_dir, self.name.replace(" ", "-") + ".log")
        self._process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, text=True,
                                         errors="replace", stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, start_new_session=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with open(self.log, "w", buffering=1, encoding="utf-8") as log:
            for line in self._process.stdout:
                log.write(line)
                result = self._results.feed(line.rstrip("\n"))
                if result:
                    self.counts[result.status] += 1
                if result and result.status == "failed":
                    self.failures += [f"not ok {result.name}",
                                      *("    " + line for line in result.diagnostics)]

    def elapsed(self):
        return int(time.monotonic() - self._start)

    def running(self):
        return self._process is not None and self._process.poll() is None

    def finish(self):
        """After its end: settles the counts. A command that states none is one test."""
        self._reader.join()
        self.status = self._process.returncode
        if self._results.summary:
            self.counts = collections.Counter(self._results.summary)
        if self.status and not self.counts["failed"]:
            self.counts["failed"] += 1
        elif not self.status and not sum(self.counts.values()):
            self.counts["passed"] += 1

    def skip(self, why):
        self.status = 1
        self.counts["failed"] += 1
        self.failures.append(why)

    def kill(self):
        if self.running():
            os.killpg(self._process.pid, 15)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, 9)

    def log_tail(self, count):
        if not self.log:
            return []
        with open(self.log, encoding="utf-8") as file:
            return [line.rstrip() for line in file.readlines()[-count:]]
