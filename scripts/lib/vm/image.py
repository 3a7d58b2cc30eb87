# SPDX-License-Identifier: GPL-2.0
"""image.py - an installed system on a disk image: what a boot loader would read from it, and
the second disk, which brings the script."""

import os
import re
import shutil
import subprocess

from qemu import QemuError

# Debian's links to the newest kernel that is installed, and its initramfs.
KERNEL, INITRD = "/vmlinuz", "/initrd.img"
ROOT = "root=/dev/vda rw"


def _tool(name):
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not path:
        raise QemuError(f"there is no {name}; it is in Debian's package e2fsprogs")
    return path


class Image:
    """A raw image of an ext4 file system, without partitions. QEMU writes to it."""

    def __init__(self, path, work):
        self.path = path
        self.work = work

    def boot_words(self, changes=()):
        """QEMU's arguments for a boot; changes name another kernel or initramfs of the image."""
        # After a guest that was killed, as a clone is, there is a journal to replay.
        done = subprocess.run([_tool("e2fsck"), "-p", self.path], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode > 1:
            raise QemuError(f"the file system of {self.path} is damaged: {done.stdout.strip()}")
        paths = {"kernel": KERNEL, "initrd": INITRD, **dict(changes)}
        return [word for key, path in paths.items() for word in (f"-{key}", self._read(key, path))]

    def _debugfs(self, request):
        return subprocess.run([_tool("debugfs"), "-R", request, self.path], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def _read(self, name, path):
        """Copies a file of the image; debugfs does not follow links by itself."""
        link = re.search(r'^Fast link dest: "(.*)"', self._debugfs(f"stat {path}").stdout, re.M)
        if link:
            path = os.path.join(os.path.dirname(path), link[1])
        copy = os.path.join(self.work, name)
        complaint = self._debugfs(f"dump {path} {copy}").stderr
        if not os.path.exists(copy) or not os.path.getsize(copy):
            raise QemuError(f"{self.path} has no {path}: {complaint.strip()}")
        return copy


def make_script_disk(root, path):
    """A tar archive, for the unit that the image has (tests/debian/image)."""
    with open(path, "wb") as file:
        subprocess.run(["tar", "-c", "--owner=0", "--group=0", "--exclude=./dev", "--exclude=./proc",
                        "--exclude=./sys", "-C", root, "."], check=True, stdout=file)
