# SPDX-License-Identifier: GPL-2.0
"""qemu.py - a QEMU process: its arguments, its life, and its migration to a file."""

import ctypes
import os
import re
import shlex
import signal
import socket
import subprocess
import time
import uuid

from qmp import Qmp

PR_SET_PDEATHSIG = 1
# Where --share keeps the guest's kernel out, for files that are to reach the host.
SHARE_ADDRESS = 0x10000000
SHARE_SIZE = 4 << 20
START_TIMEOUT = 120     # seconds; the machine may be busy


class QemuError(Exception):
    """QEMU could not be started, or ended when it should not."""


def knows_commonhv(qemu):
    """Whether this QEMU has the project's patch."""
    listed = subprocess.run([qemu, "-device", "max-x86_64-cpu,help"], check=False,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return b"commonhv=" in listed.stdout


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def with_vmgenid(word, guid=None):
    """The argument, with another guid if it is a vmgenid's. QEMU would choose another for
    "auto" each time that it starts: choose here, so that it stays until it is changed."""
    if not word.startswith("vmgenid"):
        return word
    if guid:
        word = re.sub(r"\bguid=[^,]*", f"guid={guid}", word)
    return re.sub(r"\bguid=auto\b", f"guid={uuid.uuid4()}", word)


class Arguments:
    """The part of QEMU's command line that describes the machine."""

    def __init__(self, cpu, fixed, boot, extra):
        self.cpu = cpu
        self.fixed = fixed          # what a restored machine must have alike
        self.boot = boot            # kernel and initramfs
        self.extra = [with_vmgenid(word) for word in extra]     # from --qemu

    def words(self):
        return [*self.fixed, *self.boot, "-cpu", self.cpu, *self.extra]

    def changed(self, changes):
        """A copy, with changes as of vmctl restore (scripts/vm --help)."""
        cpu, extra = self.cpu, list(self.extra)
        for key, value in changes:
            if key == "cpu":
                cpu = value
            elif key == "vmgenid":
                extra = [with_vmgenid(word, value) for word in extra]
            elif key == "qemu":
                extra += shlex.split(value)
            else:
                raise ValueError(f"cannot change '{key}' (cpu, vmgenid and qemu can)")
        return Arguments(cpu, self.fixed, self.boot, extra)

    def with_own_disks(self):
        """A copy for one of several clones: what it writes to disks is lost at its end."""
        fixed = [word + ",snapshot=on" if word.startswith("if=none,id=vd") else word
                 for word in self.fixed]
        return Arguments(self.cpu, fixed, self.boot, self.extra)


class Qemu:
    """A running QEMU, with its QMP and control connections."""

    def __init__(self, binary, arguments, log_dir, work_dir, number=0, incoming=None):
        self.binary = binary
        self.arguments = arguments
        self.log_dir = log_dir
        self.work_dir = work_dir
        self.number = number            # 0, or which of two clones this is
        self._log = open(self.log_path("qemu.log"), "a", buffering=1, encoding="utf-8")
        self._start(incoming)

    def log_path(self, name):
        stem, suffix = os.path.splitext(name)
        return os.path.join(self.log_dir, f"{stem}-{self.number}{suffix}" if self.number else name)

    def _listen(self, name):
        path = os.path.join(self.work_dir, f"{name}{self.number}")
        if os.path.exists(path):
            os.unlink(path)
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(path)
        sock.listen(1)
        sock.settimeout(1)
        return sock, path

    def _start(self, incoming):
        qmp, qmp_path = self._listen("qmp")
        control, control_path = self._listen("ctl")
        command = [
            self.binary, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            *self.arguments.words(),
            "-chardev", f"file,id=console,path={self.log_path('console.log')},append=on",
            "-serial", "chardev:console",
            "-chardev", f"socket,id=control,path={control_path}", "-serial", "chardev:control",
            "-chardev", f"socket,id=qmp,path={qmp_path}", "-mon", "chardev=qmp,mode=control",
        ]
        if incoming:
            command += ["-S", "-incoming", f"exec:cat {shlex.quote(incoming)}"]
        with open(self.log_path("cmdline"), "a", encoding="utf-8") as file:
            file.write(shlex.join(command) + "\n")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log,
                                        stderr=self._log, preexec_fn=die_with_parent)
        try:
            with qmp, control:
                self.control = self._accept(control)
                self.qmp = Qmp(self._accept(qmp), self._log)
            if incoming:
                self._wait_for("completed", "query-migrate")
        except ConnectionError as error:
            self.process.wait(30)
            raise QemuError("QEMU did not start: " + self._last_words()) from error

    def _accept(self, listener):
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            try:
                sock, _ = listener.accept()
                sock.settimeout(None)
                return sock
            except socket.timeout:
                if self.process.poll() is not None:
                    raise QemuError("QEMU did not start: " + self._last_words()) from None
        self.kill()
        raise QemuError(f"QEMU did not connect within {START_TIMEOUT} s")

    def _last_words(self):
        with open(self.log_path("qemu.log"), encoding="utf-8", errors="replace") as file:
            lines = [line for line in file if not line.startswith("qmp")]
        return "".join(lines[-5:]).strip() or f"exit status {self.process.returncode}"

    def _wait_for(self, status, query):
        while True:
            answer = self.qmp.command(query).get("status")
            if answer == status:
                return
            if answer in ("failed", "cancelled"):
                raise QemuError("migration failed: " + self._last_words())
            time.sleep(0.02)

    def why_ended(self):
        """Reads the remaining events of a QEMU that has closed a connection, ends it, and returns
        why the guest ended, or QEMU's last words."""
        try:
            self.qmp.sock.settimeout(30)
            while True:
                self.qmp.read_events()
        except OSError:
            pass
        self.kill()
        return self.qmp.shutdown_reason or self._last_words()

    def save(self, path):
        """Stops the guest and writes its state to a file; QEMU ends."""
        self.qmp.command("stop")
        self.qmp.command("migrate", uri=f"exec:cat >{shlex.quote(path)}")
        self._wait_for("completed", "query-migrate")
        self.quit()

    def resume(self):
        self.qmp.command("cont")

    def cpus(self):
        return [cpu["qom-path"] for cpu in self.qmp.command("query-cpus-fast")]

    def quit(self):
        try:
            self.qmp.command("quit")
            self.process.wait(30)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for sock in (getattr(self, "qmp", None), getattr(self, "control", None)):
            if sock:
                sock.close()
