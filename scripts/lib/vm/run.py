# SPDX-License-Identifier: GPL-2.0
"""run.py - one run of a script: its QEMUs from start to end, and the verdict."""

import os
import select
import sys
import time

import console
import ktap
from control import Control
from qemu import Qemu
from savevm import Disk

EXIT_BAD_LOG = 1
EXIT_SILENT = 125


class Run:
    """Owns the guests: one, or two after a clone."""

    def __init__(self, binary, arguments, log_dir, work_dir, options, image=None):
        self.binary = binary
        self.arguments = arguments
        self.log_dir = log_dir
        self.work_dir = work_dir
        self.options = options
        self.image = image              # what the guest boots from, if that is a disk image
        self.deadline = time.monotonic() + options.timeout
        self.guests = []
        self._console_logs = set()
        self._collected = {}            # name of a file -> blocks, and files, as collect() prints
        self.results = ktap.Writer()

    def execute(self):
        """Runs until every guest has stated its status; returns the exit status."""
        try:
            self.guests = [Control(self, self._start(self.arguments))]
            trouble = self._serve()
        finally:
            for guest in self.guests:
                guest.qemu.kill()
        return self._verdict(trouble)

    def _start(self, arguments, number=0, incoming=None):
        qemu = Qemu(self.binary, arguments, self.log_dir, self.work_dir, number, incoming)
        self._console_logs.add(qemu.log_path("console.log"))
        return qemu

    def _serve(self):
        """The main loop. Returns what kept a guest from stating its status, or None."""
        while True:
            waiting = [guest for guest in self.guests if guest.status is None]
            if not waiting:
                return None
            left = self.deadline - time.monotonic()
            if left <= 0:
                return f"no word from the guest within {self.options.timeout:.0f} s"
            ready, _, _ = select.select([item for guest in waiting
                                         for item in (guest, guest.qemu.qmp)], [], [], left)
            for guest in waiting:
                if not self._serve_guest(guest, ready) and not self._boot_next(guest):
                    return ("QEMU ended before the guest had stated its status: "
                            + guest.qemu.why_ended())

    @staticmethod
    def _serve_guest(guest, ready):
        alive = True
        try:
            if guest in ready:
                # A restore inside replaces both connections.
                alive = guest.readable()
            elif guest.qemu.qmp in ready:
                try:
                    guest.qemu.qmp.read_events()
                except ConnectionError:
                    # The panic that ended QEMU may have left words on the channel.
                    alive = guest.readable()
            if alive:
                guest.events()
        except ConnectionError:
            # It ended while it was asked for something.
            alive = False
        return alive or guest.status is not None

    def _boot_next(self, guest):
        """Boots the machine again if the guest asked for that."""
        if guest.next is None:
            return False
        files = [pair for pair in guest.next if pair[0] in ("kernel", "initrd")]
        arguments = guest.qemu.arguments.changed([pair for pair in guest.next
                                                  if pair not in files])
        guest.next = None
        guest.qemu.process.wait(30)
        guest.qemu.kill()
        if self.image:
            arguments.boot = self.image.boot_words(files)
        guest.qemu = self._start(arguments, guest.qemu.number)
        return True

    def restore(self, guest, changes):
        """Saves the guest and continues it in a QEMU with other arguments."""
        arguments = guest.qemu.arguments.changed(changes)
        state = self._save(guest)
        guest.qemu = self._start(arguments, guest.qemu.number, state)
        os.unlink(state)
        guest.qemu.resume()

    def clone(self, guest, changes):
        """Saves the guest and continues it twice; each is told which one it is."""
        if len(self.guests) > 1:
            raise ValueError("this guest is a clone already")
        arguments = [guest.qemu.arguments.changed(change).with_own_disks() for change in changes]
        state = self._save(guest)
        self.guests = []
        for number in (1, 2):
            qemu = self._start(arguments[number - 1], number, state)
            self.guests.append(guest.clone(qemu, number))
        os.unlink(state)
        for number, clone in enumerate(self.guests, 1):
            clone.qemu.resume()
            clone.answer("ok", str(number))

    def compare_clones(self):
        """Answers two clones when each has shown its file: what the files have in common."""
        if len(self.guests) != 2:
            raise ValueError("there is no other clone to compare with")
        files = [guest.shared for guest in self.guests]
        if None in files:
            return
        same_blocks = len(set(blocks(files[0])) & set(blocks(files[1])))
        same_start = len(os.path.commonprefix(files))
        for guest in self.guests:
            guest.shared = None
            guest.answer("ok", f"{same_blocks} {same_start}")

    def snapshot(self, guest):
        """Saves the guest, to come back to with rewind(), and continues it."""
        state = self._save(guest, "snapshot")
        guest.qemu = self._start(guest.qemu.arguments, guest.qemu.number, state)
        guest.qemu.resume()

    def rewind(self, guest, changes):
        """Gives up the guest for what it was at its snapshot, with other arguments."""
        arguments = guest.qemu.arguments.changed(changes)
        guest.qemu.kill()
        guest.qemu = self._start(arguments, guest.qemu.number, self._state(guest, "snapshot"))
        guest.qemu.resume()

    def savevm(self, guest):
        """The same, by a snapshot in a disk image."""
        self._disk(guest).save(guest.qemu)

    def loadvm(self, guest, changes):
        """Goes back to that; in the same QEMU, unless there are other arguments."""
        disk = self._disk(guest)
        if changes:
            arguments = guest.qemu.arguments.changed(changes)
            guest.qemu.kill()
            guest.qemu = self._start(arguments, guest.qemu.number)
            disk.attach(guest.qemu)
        disk.load(guest.qemu)

    def _disk(self, guest):
        return Disk(self._state(guest, "disk"))

    def collect(self, name, data):
        """Remembers 16-byte blocks; "KNOWN ALL FILES": how many were known, now and
        altogether, and in how many files there was one."""
        known, files, seen = self._collected.setdefault(name, (0, 0, set()))
        now = sum(block in seen for block in blocks(data))
        seen.update(blocks(data))
        known += now
        files += now > 0
        self._collected[name] = (known, files, seen)
        return f"{now} {known} {files}"

    def _state(self, guest, name):
        return os.path.join(self.work_dir, f"{name}-{guest.qemu.number}")

    def _save(self, guest, name="state"):
        state = self._state(guest, name)
        guest.qemu.save(state)
        return state

    def output(self, text):
        if not self.options.results:
            print(text, flush=True)

    def _verdict(self, trouble):
        bad = [(path, line) for path in sorted(self._console_logs)
               for line in console.bad_lines(path)]
        if trouble:
            self._complain(trouble)
        elif bad:
            self._complain("the kernel's log has lines that it must not have")
        for path, line in bad[:10]:
            self._complain(f"    {os.path.basename(path)}: {line}")
        if trouble and not bad:
            for path in sorted(self._console_logs):
                for line in console.tail(path, 10):
                    self._complain(f"    {os.path.basename(path)}: {line}")
        if trouble or bad:
            self._complain(f"logs: {self.log_dir}")
        if trouble:
            return EXIT_SILENT
        stated = next((guest.status for guest in self.guests if guest.status), 0)
        return stated or (EXIT_BAD_LOG if bad or self.results.counts["failed"] else 0)

    @staticmethod
    def _complain(text):
        print(f"vm: {text}", file=sys.stderr, flush=True)


def blocks(data):
    return (data[i:i + 16] for i in range(0, len(data) - 15, 16))
