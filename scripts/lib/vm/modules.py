# SPDX-License-Identifier: GPL-2.0
"""modules.py - a kernel's own modules, with what they depend on.

Debian's packages leave modules.dep to depmod at installation, so that the
dependencies are read from the modules.
"""

import lzma
import os
import re


class ModuleTree:
    """A lib/modules/RELEASE directory."""

    def __init__(self, directory):
        self._paths = {}
        for where, _, files in os.walk(os.path.join(directory, "kernel")):
            for name in files:
                stem = re.sub(r"\.ko(\.xz)?$", "", name)
                self._paths[canonical(stem)] = os.path.join(where, name)
        self._builtin = set()
        with open(os.path.join(directory, "modules.builtin"), encoding="ascii") as file:
            for line in file:
                self._builtin.add(canonical(os.path.basename(line.strip())[:-len(".ko")]))

    def load(self, name):
        """[(name, content)], in the order in which they must be inserted."""
        order = []
        self._visit(canonical(name), order)
        return order

    def _visit(self, name, order):
        if name in self._builtin or any(name == done for done, _ in order):
            return
        if name not in self._paths:
            raise LookupError(f"this kernel has no module '{name}'")
        content = read(self._paths[name])
        match = re.search(rb"\0depends=([^\0]*)\0", content)
        for dependency in filter(None, (match[1] if match else b"").decode().split(",")):
            self._visit(canonical(dependency), order)
        order.append((name, content))


def canonical(name):
    return name.replace("-", "_")


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    return lzma.decompress(content) if path.endswith(".xz") else content
