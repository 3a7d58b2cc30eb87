# SPDX-License-Identifier: GPL-2.0
"""table.py - the tables of mutants: reading them, and making one of the changes."""

import re

STANZA = re.compile(r"^\[([\w.-]+)\]$")
FIELD = re.compile(r"^(file|by|equivalent):\s+(.*)$")
OR_CRASH = " or crash"
KINDS = ("kunit", "row", "hypervisor", "conformance", "xen", "fuzz")


class TableError(Exception):
    """The table cannot be read."""


class Stale(Exception):
    """A change does not apply: the code is not what the table says."""


class Witness:
    """Tests that must fail: `kind` is one of KINDS; `kernel` is that of a row."""

    def __init__(self, text):
        self.text = text
        self.crash = text.endswith(OR_CRASH)
        words = text.removesuffix(OR_CRASH).split()
        self.kind = words[0]
        self.kernel = words.pop(1) if self.kind == "row" and len(words) == 3 else None
        self.tests = words[1:]
        if self.kind not in KINDS or not self.tests or \
           (self.kind == "row" and not self.kernel):
            raise TableError(f"not a test: {text}")


class Hunk:
    """Lines of a file that become others."""

    def __init__(self):
        self.old = []
        self.new = []

    def add(self, line):
        mark, text = line[0], line[1:]
        if mark in " -":
            self.old.append(text)
        if mark in " +":
            self.new.append(text)

    def apply(self, lines, path):
        wanted = [line.strip() for line in self.old]
        found = [at for at in range(len(lines) - len(wanted) + 1)
                 if [line.strip() for line in lines[at:at + len(wanted)]] == wanted]
        if len(found) != 1:
            raise Stale(f"{path} has {len(found) or 'no'} place{'s' if len(found) > 1 else ''} "
                        f"like: {wanted[0] if wanted else 'nothing'}")
        at = found[0]
        return lines[:at] + self.new + lines[at + len(wanted):]


class Mutant:
    """A stanza."""

    def __init__(self, name, where):
        self.name = name
        self.where = where
        self.hunks = []                 # (path, hunk)
        self.witnesses = []
        self.equivalent = None

    def field(self, key, value):
        if key == "file":
            self.hunks.append((value, Hunk()))
        elif key == "by":
            self.witnesses.append(Witness(value))
        else:
            self.equivalent = value

    def line(self, text):
        if not self.hunks:
            raise TableError("a change before the name of its file")
        self.hunks[-1][1].add(text)

    def check(self):
        if not self.hunks or any(hunk.old == hunk.new or not hunk.old for _, hunk in self.hunks):
            raise TableError(f"{self.where}: {self.name} changes nothing")
        if bool(self.witnesses) == bool(self.equivalent):
            raise TableError(f"{self.where}: {self.name} needs by: or equivalent:")

    def kinds(self):
        return {witness.kind for witness in self.witnesses}

    def paths(self):
        return {path for path, _ in self.hunks}

    def changed(self, files):
        """The changed ones of `files` (path -> bytes), as text: path -> new content."""
        lines = {}
        for path, hunk in self.hunks:
            if path not in files:
                raise Stale(f"{path} is not there")
            if path not in lines:
                lines[path] = files[path].decode().split("\n")
            lines[path] = hunk.apply(lines[path], path)
        return {path: "\n".join(content) for path, content in lines.items()}


def read(path):
    """Yields the mutants of a table."""
    mutant = None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            where = f"{path}:{number}"
            try:
                if not line or line.startswith("#"):
                    continue
                if STANZA.match(line):
                    if mutant:
                        mutant.check()
                        yield mutant
                    mutant = Mutant(STANZA.match(line)[1], where)
                elif mutant and FIELD.match(line):
                    mutant.field(*FIELD.match(line).groups())
                elif mutant and line[0] in " +-":
                    mutant.line(line)
                else:
                    raise TableError("neither [NAME], a field, nor a line of a change")
            except TableError as error:
                raise TableError(f"{where}: {error}") from None
    if mutant:
        mutant.check()
        yield mutant


def read_all(paths):
    mutants = [mutant for path in paths for mutant in read(path)]
    names = [mutant.name for mutant in mutants]
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"{name} is there twice")
    return mutants
