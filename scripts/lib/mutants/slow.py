# SPDX-License-Identifier: GPL-2.0
"""slow.py - mutants that scenarios and tests of the hypervisor kill: each is run alone."""

import os
import threading

import ktap
from kunit import NoProof
from scratch import ROOT, BuildError

END_OF_ROW = ": end"


def changes_qemu(mutant):
    return any(path.startswith("hypervisor/qemu/") for path in mutant.paths())


class Failure:
    """How a witness ended: not at all, by a named result, or by a guest that died."""

    def __init__(self, named, died):
        self.named = named
        self.died = died


class Slow:
    """Builds and runs with one scratch copy."""

    proven = set()                      # witnesses that pass without any change
    _lock = threading.Lock()

    def __init__(self, scratch, qemu, directory):
        self.scratch = scratch
        self.qemu = qemu
        self.directory = directory
        os.makedirs(directory, exist_ok=True)

    def run(self, mutant):
        """Yields (witness, failure); raises Stale, BuildError or NoProof."""
        has_qemu = changes_qemu(mutant)
        log = os.path.join(self.directory, mutant.name + ".log")
        if os.path.exists(log):
            os.unlink(log)
        self.scratch.restore()
        for witness in mutant.witnesses:
            self._prove(witness, has_qemu, log)
        self.scratch.mutate(mutant)
        qemu = self._build(mutant.witnesses, has_qemu, log)
        for witness in mutant.witnesses:
            yield witness, self._ask(witness, qemu, log)

    def _prove(self, witness, has_qemu, log):
        key = (witness.text, has_qemu)
        with self._lock:
            if key in self.proven:
                return
        qemu = self._build([witness], has_qemu, log)
        failure = self._ask(witness, qemu, log)
        if failure.named or failure.died:
            raise NoProof(f"{witness.text} fails without any change: {log}")
        with self._lock:
            self.proven.add(key)

    def _build(self, witnesses, has_qemu, log):
        for kernel in sorted({witness.kernel for witness in witnesses if witness.kernel}):
            self.scratch.build_modules(kernel, log)
        return self.scratch.build_qemu(log) if has_qemu else self.qemu

    def _ask(self, witness, qemu, log):
        if witness.kind == "row":
            return self._ask_rows(witness, qemu, log)
        if witness.kind == "conformance":
            return self._ask_words(witness, qemu, log, ["tests/conformance", *witness.tests])
        if witness.kind == "fuzz":
            return self._ask_words(witness, qemu, log,
                                   ["scripts/fuzz", "--replay", *witness.tests])
        if witness.kind == "xen":
            return self._ask_words(witness, qemu, log, ["hypervisor/xen/test"])
        status, output = self.scratch.run(log, ["hypervisor/test", *witness.tests], QEMU=qemu)
        results = {result.name: result.status for result in ktap.read(output)}
        for test in set(witness.tests) - set(results):
            raise BuildError(f"hypervisor/test has no test {test}: {log}")
        failed = {test for test in witness.tests if results[test] == "failed"}
        return Failure(failed == set(witness.tests), bool(status) and not failed)

    def _ask_words(self, witness, qemu, log, command):
        status, output = self.scratch.run(log, command, QEMU=qemu)
        results = ktap.read(output)
        if not results and status:
            raise BuildError(f"{command[0]} cannot run: {log}")
        for test in witness.tests:
            if not any(test in result.name for result in results):
                raise BuildError(f"{command[0]} has no test {test}: {log}")
        failed = [result.name for result in results if result.status == "failed"]
        named = all(any(test in name for name in failed) for test in witness.tests)
        return Failure(named, bool(status) and not failed)

    def _ask_rows(self, witness, qemu, log):
        failures = []
        self.scratch.build(log, ["tests/guest/build"])
        for row in witness.tests:
            status, output = self.scratch.run(log, ["tests/run", "--no-build", "--fail-fast",
                                                    "--kernel", witness.kernel, row], QEMU=qemu)
            if status not in (0, 1):
                raise BuildError(f"tests/run cannot run {row}: {log}")
            failed = [result.name for result in ktap.read(output) if result.status == "failed"]
            named = [name for name in failed if not name.endswith(END_OF_ROW)]
            failures.append(Failure(bool(named), bool(failed) and not named))
        return Failure(all(failure.named for failure in failures),
                       all(failure.named or failure.died for failure in failures))


def qemu_of_project(scratch):
    """The QEMU without a change, which most of the mutants run on."""
    log = os.path.join(ROOT, "qemu.log")
    return scratch.build(log, [os.path.join(os.environ["TOP"], "hypervisor/build")],
                         TOP=os.environ["TOP"])
