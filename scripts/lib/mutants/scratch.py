# SPDX-License-Identifier: GPL-2.0
"""scratch.py - a copy of the tree, which one mutant at a time is made in and built."""

import fcntl
import itertools
import os
import re
import shutil
import subprocess
import time

TOP = os.environ["TOP"]
ROOT = os.path.join(TOP, "build/mutants")
# What a change leaves without a use is no reason not to build it.
LENIENT = "KCFLAGS=-Wno-unused"


class BuildError(Exception):
    """What was changed does not build."""


def all_files():
    for directory, subdirs, names in os.walk(TOP):
        if directory == TOP:
            subdirs[:] = [name for name in subdirs if name != "build"]
        for name in names:
            yield os.path.relpath(os.path.join(directory, name), TOP)


def tracked_files():
    """The work tree as it is, without what is ignored; without git, as from a tarball, all."""
    if not os.path.exists(os.path.join(TOP, ".git")):
        return {path for path in all_files() if os.path.isfile(os.path.join(TOP, path))}
    listed = subprocess.run(["git", "-C", TOP, "ls-files", "-z", "--cached", "--others",
                             "--exclude-standard"], check=True, stdout=subprocess.PIPE, text=True)
    return {path for path in listed.stdout.split("\0")
            if path and os.path.isfile(os.path.join(TOP, path))}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    """Only what differs is written: make and ninja go by time stamps."""
    if os.path.exists(path) and read(path) == content:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


class Scratch:
    """A copy in build/mutants: the first that nobody uses."""

    def __init__(self):
        os.makedirs(ROOT, exist_ok=True)
        for number in itertools.count():
            self._lock = open(os.path.join(ROOT, f".lock-{number}"), "w", encoding="ascii")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                self._lock.close()
        self.top = os.path.join(ROOT, f"tree-{number}")
        os.makedirs(self.top, exist_ok=True)
        self._changed = set()
        self._files = {path: read(os.path.join(TOP, path)) for path in tracked_files()}
        self._copy()

    def _copy(self):
        """Also undoes what an earlier run may have left."""
        for directory, subdirs, names in os.walk(self.top):
            if directory == self.top and "build" in subdirs:
                subdirs.remove("build")
            for name in names:
                path = os.path.join(directory, name)
                if os.path.relpath(path, self.top) not in self._files:
                    os.unlink(path)
        for path, content in self._files.items():
            target = os.path.join(self.top, path)
            write(target, content)
            shutil.copymode(os.path.join(TOP, path), target)

    def restore(self):
        for path in self._changed:
            write(os.path.join(self.top, path), self._files[path])
        self._changed = set()

    def mutate(self, mutant):
        """May raise Stale, and then nothing is changed."""
        self.restore()
        for path, content in mutant.changed(self._files).items():
            self._changed.add(path)
            write(os.path.join(self.top, path), content.encode())

    def environment(self, **more):
        environment = {key: value for key, value in os.environ.items() if key != "QEMU"}
        return {**environment, "TOP": self.top, **more}

    def run(self, log, command, watch=None, silence=0, **environment):
        """
        The exit status and output of a command of the copy; errors go to the log. It is
        ended if the file `watch` does not grow for `silence` seconds.
        """
        with open(log, "a", encoding="utf-8") as errors:
            process = subprocess.Popen([os.path.join(self.top, command[0]), *command[1:]],
                                       cwd=self.top, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=errors, text=True,
                                       errors="replace", env=self.environment(**environment))
            size, since = -1, time.monotonic()
            while True:
                try:
                    output, _ = process.communicate(timeout=2)
                    break
                except subprocess.TimeoutExpired:
                    now = os.path.getsize(watch) if watch and os.path.exists(watch) else 0
                    if now != size:
                        size, since = now, time.monotonic()
                    elif watch and time.monotonic() - since > silence:
                        process.terminate()
            errors.write(output)
        return process.returncode, output

    def build(self, log, command, **environment):
        """What a build prints, its last line; raises BuildError with the first complaint."""
        status, output = self.run(log, command, **environment)
        if status == 0:
            return output.strip().split("\n")[-1]
        with open(log, encoding="utf-8", errors="replace") as file:
            complaints = [line.strip() for line in file if re.search(r"\b(error|warning):", line)]
        raise BuildError((complaints or [f"see {log}"])[0].replace(self.top + "/", ""))

    def build_kunit(self, kernel, log):
        return self.build(log, ["scripts/kunit", "--build", "--kernel", kernel, LENIENT])

    def build_modules(self, kernel, log):
        return self.build(log, ["scripts/build", kernel, LENIENT])

    def build_qemu(self, log):
        """In a cache of the mutants' own, as it keeps what it built."""
        return self.build(log, ["hypervisor/build"], COMMONHV_CACHE=qemu_cache())


def qemu_cache():
    """All but QEMU's builds is the project's cache. Results of earlier mutants go."""
    ours = os.path.join(ROOT, "cache")
    cache = os.environ["CACHE"]
    os.makedirs(os.path.join(ours, "qemu"), exist_ok=True)
    for name in os.listdir(cache):
        link = os.path.join(ours, name)
        if name not in ("qemu", "logs") and not os.path.lexists(link):
            os.symlink(os.path.join(cache, name), link)
    for name in os.listdir(os.path.join(ours, "qemu")):
        if re.fullmatch(r"[0-9a-f]{16}", name):
            shutil.rmtree(os.path.join(ours, "qemu", name))
    return ours
