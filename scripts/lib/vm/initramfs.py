# SPDX-License-Identifier: GPL-2.0
"""initramfs.py - writes cpio archives (newc), device nodes included, without root."""

import os
import stat
import subprocess

DIRECTORIES = ("bin", "dev", "etc", "lib", "modules", "proc", "root", "sys", "tmp", ".vm")
# /dev as it is until the guest's init mounts devtmpfs over it; .vm/ctl is
# ttyS1, the control channel, which must not depend on that.
NODES = (("dev/console", 5, 1), ("dev/null", 1, 3), (".vm/ctl", 4, 65))


class Initramfs:
    """An archive under construction. Paths have no leading slash."""

    def __init__(self):
        self._parts = []
        self._inode = 0
        self._seen = set()
        self.files = set()

    def _entry(self, path, mode, data=b"", rdev=(0, 0)):
        name = path.encode() + b"\0"
        self._inode += 1
        fields = (self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, *rdev, len(name), 0)
        header = b"070701" + b"".join(b"%08X" % field for field in fields) + name
        self._parts += [header, bytes(-len(header) % 4), data, bytes(-len(data) % 4)]

    def directory(self, path):
        if path and path not in self._seen:
            self.directory(os.path.dirname(path))
            self._seen.add(path)
            self._entry(path, stat.S_IFDIR | 0o755)

    def node(self, path, major, minor):
        self.directory(os.path.dirname(path))
        self._entry(path, stat.S_IFCHR | 0o600, rdev=(major, minor))

    def link(self, path, target):
        self.directory(os.path.dirname(path))
        self._entry(path, stat.S_IFLNK | 0o777, target.encode())

    def text(self, path, data, mode=0o644):
        self.directory(os.path.dirname(path))
        self.files.add(path)
        self._entry(path, stat.S_IFREG | mode, data if isinstance(data, bytes) else data.encode())

    def copy(self, source, path):
        """A file, or a directory with what is in it; links are followed."""
        if os.path.isdir(source):
            self.directory(path)
            for name in sorted(os.listdir(source)):
                self.copy(os.path.join(source, name), os.path.join(path, name))
            return
        with open(source, "rb") as file:
            self.text(path, file.read(), stat.S_IMODE(os.stat(source).st_mode))

    def busybox(self, binary):
        self.copy(binary, "bin/busybox")
        applets = subprocess.run([binary, "--list"], check=True, stdout=subprocess.PIPE, text=True)
        for applet in applets.stdout.split():
            if applet != "busybox":
                self.link(f"bin/{applet}", "busybox")

    def skeleton(self):
        for path in DIRECTORIES:
            self.directory(path)
        for node in NODES:
            self.node(*node)

    def write(self, path):
        self._entry("TRAILER!!!", 0)
        with open(path, "wb") as file:
            file.writelines(self._parts)
