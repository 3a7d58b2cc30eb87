# SPDX-License-Identifier: GPL-2.0
"""target.py - the targets of fuzz/Makefile, and how each is built and run."""

import glob
import hashlib
import os
import re
import subprocess
import sys

TOP = os.environ["TOP"]
FUZZ = os.path.join(TOP, "fuzz")
BUILD = os.path.join(TOP, "build/fuzz")
LOGS = os.path.join(TOP, "build/logs/fuzz")
FINDINGS = os.path.join(BUILD, "findings")
# Of an input that takes milliseconds.
SECONDS_TO_HANG = 60


class Failed(Exception):
    """A command that should work does not."""


def make(build, *goals):
    """Builds, in build/fuzz/BUILD; what is up to date costs nothing."""
    os.makedirs(LOGS, exist_ok=True)
    log = os.path.join(LOGS, f"build-{build}.log")
    with open(log, "w", encoding="utf-8") as file:
        status = subprocess.call(["make", "-C", FUZZ, f"-j{os.cpu_count()}", f"BUILD={build}",
                                  *goals], stdout=file, stderr=subprocess.STDOUT,
                                 env={**os.environ, "MAKEFLAGS": ""})
    if status:
        with open(log, encoding="utf-8") as file:
            sys.stderr.writelines(file.readlines()[-20:])
        raise Failed(f"the build failed: {log}")


def files(directory):
    return sorted(glob.glob(os.path.join(directory, "*")))


def with_headers(paths):
    """The files, and what they include of the project's."""
    found, waiting = set(), [os.path.normpath(path) for path in paths]
    while waiting:
        path = waiting.pop()
        if path in found or not os.path.exists(path):
            continue
        found.add(path)
        with open(path, encoding="utf-8") as file:
            included = re.findall(r'^#include "(.*)"', file.read(), re.MULTILINE)
        waiting += [os.path.normpath(os.path.join(os.path.dirname(path), name))
                    for name in included]
    return found


class Target:
    """A line of `make list`."""

    def __init__(self, line):
        tested, needed = line.split(" needs")
        self.name, length, *self.sources = tested.split()
        self.needed = needed.split()
        self.length = int(length)
        self.corpus = os.path.join(FUZZ, "corpus", self.name)
        self.grown = os.path.join(BUILD, "corpus", self.name)

    def key(self):
        """Of the code that an input runs: figures of other code do not count."""
        code = hashlib.sha256()
        paths = [os.path.join(FUZZ, f"{self.name}.c"), os.path.join(FUZZ, "fuzz.c")]
        paths += [os.path.join(TOP, source) for source in self.sources + self.needed]
        paths += glob.glob(os.path.join(FUZZ, "include/*/*.h"))
        for path in sorted(with_headers(paths)):
            with open(path, "rb") as file:
                code.update(file.read())
        return code.hexdigest()[:12]

    def replay(self, paths):
        """Runs inputs with sanitizers: None, or the lines that say what is wrong."""
        if not paths:
            return [f"no inputs in {self.corpus}"]
        run = subprocess.run([os.path.join(BUILD, "replay/replay"), self.name, *paths],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                             errors="replace", check=False)
        return run.stderr.strip().split("\n") if run.returncode else None

    def fuzz(self, build, seconds):
        os.makedirs(self.grown, exist_ok=True)
        os.makedirs(FINDINGS, exist_ok=True)
        corpora = [self.grown] + ([self.corpus] if files(self.corpus) else [])
        log = os.path.join(LOGS, f"{self.name}-{build}.log")
        with open(log, "w", encoding="utf-8") as file:
            subprocess.call([os.path.join(BUILD, build, self.name),
                             f"-max_total_time={seconds}", f"-max_len={self.length}",
                             f"-timeout={SECONDS_TO_HANG}", "-print_final_stats=1",
                             f"-artifact_prefix={FINDINGS}/{self.name}-", *corpora],
                            stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        return Outcome(log)

    def merge(self):
        """What reaches more of the modules than any input of the committed corpus."""
        os.makedirs(self.corpus, exist_ok=True)
        log = os.path.join(LOGS, f"{self.name}-merge.log")
        with open(log, "w", encoding="utf-8") as file:
            if subprocess.call([os.path.join(BUILD, "fast", self.name), "-set_cover_merge=1",
                                f"-max_len={self.length}", self.corpus, self.grown],
                               stdout=file, stderr=subprocess.STDOUT):
                raise Failed(f"{self.name}: cannot merge: {log}")


class Outcome:
    """What a fuzzer's log says."""

    def __init__(self, log):
        with open(log, encoding="utf-8", errors="replace") as file:
            text = file.read()
        self.inputs = self._last(r"stat::number_of_executed_units: (\d+)", text)
        self.edges = self._last(r"cov: (\d+)", text)
        self.all_edges = self._last(r"\((\d+) inline 8-bit counters\)", text)
        self.finding = re.search(r"Test unit written to (\S+)", text)
        self.finding = self.finding and self.finding[1]
        self.why = [line for line in text.split("\n")
                    if re.search(r"broken: |ERROR: |runtime error: ", line)][:3]
        if not self.inputs and not self.finding:
            raise Failed(f"the fuzzer did not run: {log}")

    @staticmethod
    def _last(pattern, text):
        return int((re.findall(pattern, text) or [0])[-1])


def read_targets():
    listed = subprocess.run(["make", "-s", "-C", FUZZ, "list"], stdout=subprocess.PIPE, text=True,
                            check=True, env={**os.environ, "MAKEFLAGS": ""})
    return [Target(line) for line in listed.stdout.splitlines()]
