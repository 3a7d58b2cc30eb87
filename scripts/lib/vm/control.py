# SPDX-License-Identifier: GPL-2.0
"""control.py - the host's end of the control channel: what vmctl asks for.

The guest writes lines, "ID VERB ARGUMENTS" (ID 0 wants no answer); the host
answers "ID ok TEXT" or "ID error TEXT". Results are lines of KTAP. Lines of another
form are noise, and are logged. See scripts/vm --help for the verbs.
"""

import json
import os
import re
import shlex

import ktap
from qmp import QmpError
from qemu import SHARE_ADDRESS, SHARE_SIZE

REQUEST = re.compile(r"(\d+) ([a-z]+)(?: (.*))?$")


class Control:
    """Serves one guest. `run` is the whole run, which several guests may share."""

    def __init__(self, run, qemu, prefix=""):
        self.run = run
        self.qemu = qemu
        self.prefix = prefix
        self.status = None              # what the guest stated
        self.log = open(qemu.log_path("control.log"), "a", buffering=1, encoding="utf-8")
        self._reactions = {}            # QMP event -> request
        self._buffer = b""
        self._results = ktap.Reader()
        self.snapshot = None            # the request that made it, and how often it was used
        self.shared = None              # a file, waiting to be compared with the other clone's
        self.next = None                # changes for the QEMU after one that ends by itself
        self._pending = 0               # the ID of the request that is being served

    def fileno(self):
        return self.qemu.control.fileno()

    def readable(self):
        """Serves what has arrived. False when the channel is closed."""
        try:
            data = self.qemu.control.recv(65536)
        except ConnectionError:
            data = b""
        self._buffer += data
        while b"\n" in self._buffer:
            line, self._buffer = self._buffer.split(b"\n", 1)
            self._serve(line.decode(errors="replace").rstrip("\r"))
        return bool(data)

    def events(self):
        """Runs what the guest asked for on QMP events."""
        while self.qemu.qmp.events:
            event = self.qemu.qmp.events.pop(0)
            request = self._reactions.pop(event["event"], None)
            if request:
                self.qemu.qmp.request(request)

    def answer(self, word, text=""):
        line = f"{self._pending} {word} {text}".rstrip()
        self.log.write(f"> {line}\n")
        self.qemu.control.sendall(line.encode() + b"\n")

    def clone(self, qemu, number):
        """The control of another QEMU that restored this guest, in the midst of a request."""
        other = Control(self.run, qemu, f"{number}: ")
        other._pending = self._pending
        return other

    def _serve(self, line):
        self.log.write(f"< {line}\n")
        result = self._results.feed(line)
        if result:
            self.run.results.result(result.status, self.prefix.replace(": ", "-") + result.name,
                                    *result.diagnostics)
        match = REQUEST.match(line)
        verb = match and getattr(self, "do_" + match[2], None)
        if not verb:
            if match and match[1] != "0":
                self._pending = int(match[1])
                self.answer("error", f"unknown verb '{match[2]}'")
            return
        pending = int(match[1])
        self._pending = pending
        try:
            text = verb(match[3] or "")
            if pending and text is not None:
                self.answer("ok", text)
        except (QmpError, LookupError, ValueError, OSError) as error:
            if pending:
                self.answer("error", str(error).replace("\n", " "))

    # Each verb returns the text of the answer; None if there is none (yet).

    def do_out(self, text):
        self.run.output(self.prefix + text)

    def do_exit(self, text):
        self.status = int(text)

    def do_qmp(self, text):
        return json.dumps(self.qemu.qmp.request(json.loads(text)))

    def do_on(self, text):
        event, _, request = text.partition(" ")
        self._reactions[event] = json.loads(request)
        return ""

    def do_get(self, names):
        path = self.qemu.cpus()[0]
        values = [self.qemu.qmp.command("qom-get", path=path, property=name)
                  for name in names.split()]
        return " ".join(value if isinstance(value, str) else json.dumps(value) for value in values)

    def do_set(self, text):
        words = text.split()
        if len(words) % 2:
            raise ValueError("a property lacks a value")
        for cpu in self.qemu.cpus():
            for name, value in zip(words[::2], words[1::2]):
                self._set(cpu, name, value)
        return ""

    def _set(self, path, name, value):
        """Sets a property from text, by the type that it has."""
        old = self.qemu.qmp.command("qom-get", path=path, property=name)
        if isinstance(old, bool):
            value = value in ("on", "true")
        elif isinstance(old, int):
            value = int(value, 0)
        self.qemu.qmp.command("qom-set", path=path, property=name, value=value)

    def _shared_file(self, text):
        """Saves what the guest shows as "SIZE NAME" in the log directory; returns the path."""
        size, name = text.split()
        if not re.match(r"\w[\w.-]*$", name) or not 0 < int(size) <= SHARE_SIZE:
            raise ValueError(f"'{text}': a plain name and at most {SHARE_SIZE} bytes, please")
        path = self.qemu.log_path(name)
        self.qemu.qmp.command("pmemsave", val=SHARE_ADDRESS, size=int(size), filename=path)
        return path

    def do_put(self, text):
        self._shared_file(text)
        return ""

    def do_common(self, text):
        with open(self._shared_file(text), "rb") as file:
            self.shared = file.read()
        self.run.compare_clones()

    def do_restore(self, text):
        self.run.restore(self, changes(shlex.split(text)))
        return ""

    def do_next(self, text):
        self.next = changes(shlex.split(text))
        return ""

    def do_snapshot(self, _):
        self.run.snapshot(self)
        self.snapshot = [self._pending, 0]
        return "0"

    def do_rewind(self, text):
        self._go_back(self.run.rewind, text)

    def do_savevm(self, _):
        self.run.savevm(self)
        self.snapshot = [self._pending, 0]
        return "0"

    def do_loadvm(self, text):
        self._go_back(self.run.loadvm, text)

    def _go_back(self, how, text):
        """Answers the request that made the snapshot once more, in the guest that it was."""
        if not self.snapshot:
            raise ValueError("there is no snapshot to go back to")
        how(self, changes(shlex.split(text)))
        self._buffer = b""
        self.snapshot[1] += 1
        self._pending, number = self.snapshot
        self.answer("ok", str(number))

    def do_collect(self, text):
        with open(self._shared_file(text), "rb") as file:
            return self.run.collect(os.path.basename(file.name), file.read())

    def do_clone(self, text):
        words = shlex.split(text)
        self.run.clone(self, [changes(words, "1:"), changes(words, "2:")])


def changes(words, prefix=None):
    """KEY=VALUE words as pairs; those for the other clone are left out."""
    pairs = []
    for word in words:
        if word[:2] in ("1:", "2:"):
            if word[:2] != prefix:
                continue
            word = word[2:]
        key, equals, value = word.partition("=")
        if not equals:
            raise ValueError(f"'{word}' is not KEY=VALUE")
        pairs.append((key, value))
    return pairs
