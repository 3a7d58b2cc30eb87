# SPDX-License-Identifier: GPL-2.0
"""guest.py - boots the probe in a QEMU, and talks to both."""

import io
import os
import socket
import subprocess
import tempfile
import time

from qmp import Qmp

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QEMU = os.environ.get('QEMU') or os.path.join(TOP, 'build/qemu/qemu-system-x86_64')
ACCEL = os.environ.get('ACCEL', 'tcg')
PROBE = os.path.join(TOP, 'build/probe/probe')
TIMEOUT = 60    # seconds: the machine may be busy
INTERFACES = 0x4f000001
MSR = 0x4f000000


def build_probe():
    subprocess.run(['make', '-s', '-C', os.path.join(TOP, 'hypervisor/probe'),
                    'O=' + os.path.dirname(PROBE)], check=True)


class Refused(Exception):
    """QEMU exited instead of starting."""


class Guest:
    """The probe in a QEMU, with its serial port and QMP."""

    def __init__(self, cpu, *args):
        pairs = [socket.socketpair() for _ in range(2)]
        fds = [theirs.fileno() for _, theirs in pairs]
        self.qemu = subprocess.Popen(
            [QEMU, '-nodefaults', '-display', 'none', '-accel', ACCEL, '-m', '16',
             '-cpu', cpu, '-kernel', PROBE,
             '-chardev', f'socket,id=serial,fd={fds[0]}', '-serial', 'chardev:serial',
             '-chardev', f'socket,id=qmp,fd={fds[1]}', '-mon', 'qmp,mode=control', *args],
            pass_fds=fds, stderr=subprocess.PIPE)
        for ours, theirs in pairs:
            ours.settimeout(TIMEOUT)
            theirs.close()
        self.serial = pairs[0][0].makefile('rw')
        try:
            self.greet(pairs[1][0], '-incoming' in args)
        except (OSError, ValueError, Refused):
            self.close()
            raise

    def greet(self, monitor, restored):
        try:
            self.qmp = Qmp(monitor, io.StringIO()).command
            if restored or self.serial.readline() == 'ready\n':
                return
        except ConnectionError:
            pass
        raise Refused(self.qemu.communicate(timeout=TIMEOUT)[1].decode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.qemu.kill()
        self.qemu.wait()
        self.qemu.stderr.close()

    def get(self, name):
        path = self.qmp('query-cpus-fast')[0]['qom-path']
        return self.qmp('qom-get', path=path, property='x-commonhv-' + name)

    def set(self, name, value):
        path = self.qmp('query-cpus-fast')[0]['qom-path']
        self.qmp('qom-set', path=path, property='x-commonhv-' + name, value=value)

    def ask(self, command, *numbers):
        self.serial.write(' '.join([command] + [f'{n:x}' for n in numbers]) + '\n')
        self.serial.flush()
        return self.serial.readline().strip()

    def cpuid(self, leaf, subleaf=0):
        return tuple(int(word, 16) for word in self.ask('c', leaf, subleaf).split())

    def rdmsr(self, msr=MSR):
        answer = self.ask('r', msr)
        return answer if answer == '#GP' else int(answer, 16)

    def wrmsr(self, value=0x1234, msr=MSR):
        return self.ask('w', msr, value)

    def entries(self, first, number):
        return [self.cpuid(INTERFACES, i) for i in range(first, first + number)]

    def wait_for(self, command, status):
        """Polls gently: each question takes the lock that QEMU needs to go on."""
        for _ in range(TIMEOUT * 20):
            got = self.qmp(command)['status']
            if got == status:
                return
            if got == 'failed':
                break
            time.sleep(0.05)
        raise Refused(f'{command} says {got}, not {status}')

    def migrate(self, options):
        """Saves the machine, and returns it restored on another host."""
        with tempfile.NamedTemporaryFile() as state:
            self.qmp('migrate', uri=f'exec:cat >{state.name}')
            self.wait_for('query-migrate', 'completed')
            restored = Guest(options, '-incoming', f'exec:cat {state.name}')
            try:
                restored.wait_for('query-status', 'running')
            except Refused:
                restored.close()
                raise
            return restored
