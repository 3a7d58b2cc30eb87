# SPDX-License-Identifier: GPL-2.0
"""qmp.py - QEMU's machine protocol, one command at a time."""

import json


class QmpError(ValueError):
    """QEMU refused a command; the text is QEMU's own."""


class Qmp:
    """A QMP connection over a connected stream socket.

    Commands are synchronous. Events that arrive meanwhile are kept in .events,
    which the owner empties.
    """

    def __init__(self, sock, log):
        self.sock = sock
        self.log = log
        self.events = []
        self.shutdown_reason = None         # why the guest ended, once QEMU has said so
        self._buffer = b""
        self._receive()                     # the greeting
        self.command("qmp_capabilities")

    def fileno(self):
        return self.sock.fileno()

    def close(self):
        self.sock.close()

    def command(self, name, **arguments):
        return self.request({"execute": name, "arguments": arguments})

    def request(self, request):
        """Sends a whole request object; returns what QEMU returns."""
        self.log.write(f"qmp> {json.dumps(request)}\n")
        self.sock.sendall(json.dumps(request).encode() + b"\n")
        while True:
            answer = self._receive()
            if "error" in answer:
                raise QmpError(answer["error"].get("desc", str(answer["error"])))
            if "return" in answer:
                return answer["return"]

    def read_events(self):
        """To be called when the socket is readable and no command is under way."""
        self._receive()

    def _receive(self):
        while b"\n" not in self._buffer:
            data = self.sock.recv(65536)
            if not data:
                raise ConnectionError("QEMU closed its QMP connection")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        message = json.loads(line)
        self.log.write(f"qmp< {line.decode().strip()}\n")
        if "event" in message:
            self.events.append(message)
            if message["event"] == "SHUTDOWN":
                self.shutdown_reason = message["data"]["reason"]
        return message
