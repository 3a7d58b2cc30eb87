# SPDX-License-Identifier: GPL-2.0
"""kunit.py - mutants that KUnit suites kill: several builds of the modules in one guest."""

import os
import shutil

from kunit_report import END, read_module, split_by_module
from scratch import BuildError, read
from table import Stale

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = ("commonhv_kunit", "vrng_kunit", "vmgenid_kunit")
ALL_SUITES = ("commonhv_*", "vrng_*", "vmgenid_*")
# A guest that says nothing for so long says nothing any more: tests wait for 60.
SECONDS_OF_SILENCE = 90


class NoProof(Exception):
    """The tests fail without any change."""


def module_of(suite):
    for module in MODULES:
        if suite.startswith(module.removesuffix("kunit")):
            return module
    raise Stale(f"no module has the suite {suite}")


class Build:
    """The modules that a mutant needs, built, under names of their own."""

    def __init__(self, tag, directory, built, suites):
        self.tag = tag
        self.suites = sorted(suites)
        self.modules = sorted({module_of(suite) for suite in suites})
        self.directory = directory
        for module in self.modules:
            shutil.copy(os.path.join(built, module + ".ko"), self.file(module))

    def mark(self, module):
        return f"{self.tag}_{module}"

    def marks(self):
        return [self.mark(module) for module in self.modules]

    def arguments(self):
        """For the guest: the modules, and the suites of each."""
        return [f"{self.mark(module)}:" + ",".join(
            suite for suite in self.suites if module_of(suite) == module)
                for module in self.modules]

    def file(self, module):
        return os.path.join(self.directory, self.mark(module) + ".ko")


class Outcome:
    """How the suites of one build ended."""

    def __init__(self):
        self.suites = {}                # name -> passed, failed, skipped
        self.broken = None              # why not all is known

    def passed(self, build):
        return not self.broken and set(build.suites) <= set(self.suites) and \
            "failed" not in self.suites.values()


def outcome_of(build, logs):
    outcome = Outcome()
    for mark in build.marks():
        suites, broken = read_module(logs.get(mark, []), False)
        outcome.suites.update((suite.name, suite.status) for suite in suites)
        if broken and not outcome.broken:
            outcome.broken = broken[0]
    return outcome


class Batch:
    """Builds mutants in a scratch copy, and runs what was built."""

    def __init__(self, scratch, kernel, qemu, directory):
        self.scratch = scratch
        self.kernel = kernel
        self.qemu = qemu
        self.directory = directory
        self._runs = 0
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
        scratch.restore()
        self.log = os.path.join(directory, "build.log")
        built = scratch.build_kunit(kernel, self.log)
        self.pristine = os.path.join(directory, "pristine")
        os.makedirs(self.pristine)
        for module in MODULES:
            shutil.copy(os.path.join(built, module + ".ko"), self.pristine)
        self.suites = set()
        self.core = os.path.join(built, "core/kunit.ko")
        if not os.path.exists(self.core):
            raise BuildError(f"{kernel} has KUnit built in: use another --kernel")

    def build(self, number, mutant):
        """The mutant, built; raises Stale or BuildError."""
        suites = {suite for witness in mutant.witnesses for suite in witness.tests}
        for suite in suites - self.suites:
            raise Stale(f"there is no suite {suite}")
        self.scratch.mutate(mutant)
        log = os.path.join(self.directory, mutant.name + ".log")
        built = self.scratch.build_kunit(self.kernel, log)
        build = Build(f"m{number}", self.directory, built, suites)
        if any(read(build.file(module)) == read(os.path.join(self.pristine, module + ".ko"))
               for module in build.modules):
            raise Stale("a module of the suites does not have the file in it")
        return build

    def _boot(self, builds):
        """The output of each build's modules, and whether the guest ended well."""
        self._runs += 1
        log = os.path.join(self.directory, f"run-{self._runs}")
        command = ["scripts/vm", "--kernel", self.kernel, "--log", log, "--results",
                   "--timeout", "3600", "--append", "ignore_loglevel printk.devkmsg=on",
                   "--module", self.core]
        for path in dict.fromkeys(build.file(module) for build in builds
                                  for module in build.modules):
            command += ["--module", path]
        command += ["--", os.path.join(HERE, "guest.sh")]
        for build in builds:
            command += build.arguments()
        os.makedirs(log, exist_ok=True)
        console = os.path.join(log, "console.log")
        status, _ = self.scratch.run(os.path.join(log, "vm.log"), command, QEMU=self.qemu,
                                     watch=console, silence=SECONDS_OF_SILENCE)
        if not os.path.exists(console):
            raise NoProof(f"no guest: {log}/vm.log")
        with open(console, encoding="utf-8", errors="replace") as file:
            logs = split_by_module(file)
        return logs, status == 0 and END in logs

    def prove(self):
        """Runs all suites without any change. They must pass, or a failure says nothing."""
        before = Build("before", self.directory, self.pristine, ALL_SUITES)
        logs, well = self._boot([before])
        outcome = outcome_of(before, logs)
        failed = [name for name, status in outcome.suites.items() if status == "failed"]
        if failed or outcome.broken or not well:
            raise NoProof("the suites fail without any change: "
                          f"{' '.join(failed) or outcome.broken or 'the guest died'}; "
                          f"logs in {self.directory}/run-{self._runs}")
        self.suites = set(outcome.suites)

    def run(self, builds):
        """Yields (build, outcome). One that dies is run again, with nobody else."""
        while builds:
            suites = {suite for build in builds for suite in build.suites}
            after = Build("after", self.directory, self.pristine, suites)
            logs, well = self._boot([*builds, after])
            outcomes = [outcome_of(build, logs) for build in builds]
            broken = [at for at, outcome in enumerate(outcomes) if outcome.broken]
            if len(builds) == 1:
                if not well and not outcomes[0].broken:
                    outcomes[0].broken = "the kernel complained afterwards"
                yield builds[0], outcomes[0]
                return
            if not broken and well and outcome_of(after, logs).passed(after):
                yield from zip(builds, outcomes)
                return
            # The one that was running did not have to be the one at fault: what came
            # before may have left a thread or a timer.
            first, last = (max(broken[0] - 1, 0), broken[0]) if broken else (0, len(builds) - 1)
            yield from zip(builds[:first], outcomes[:first])
            for build in builds[first:last + 1]:
                yield from self.run([build])
            builds = builds[last + 1:]
