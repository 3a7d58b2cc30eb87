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
INTERFACES, GENERATION = 0x4f000001, 0x4f000005
MSR, GENERATION_MSR = 0x4f000000, 0x4f000001


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
            self.greet(pairs[1][0], '-incoming' in args or '-loadvm' in args)
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

    def generation(self):
        low, high, *_ = self.cpuid(GENERATION)
        return low | high << 32

    def save(self, path):
        """Saves the machine to a file; it stays, and is paused."""
        self.qmp('migrate', uri=f'exec:cat >{path}')
        self.wait_for('query-migrate', 'completed')

    @staticmethod
    def load(path, options, *args, status='running'):
        """The machine in another process, with the status that it was saved with."""
        restored = Guest(options, '-incoming', f'exec:cat {path}', *args)
        try:
            restored.wait_for('query-status', status)
        except Refused:
            restored.close()
            raise
        return restored

    def migrate(self, options):
        """Saves the machine, and returns it restored on another host."""
        with tempfile.NamedTemporaryFile() as state:
            self.save(state.name)
            return self.load(state.name, options)

    def monitor(self, line):
        """A command of the human monitor: what it prints."""
        return self.qmp('human-monitor-command', **{'command-line': line}).strip()

    def job(self, command, **arguments):
        self.qmp(command, **{'job-id': 'job'}, **arguments)
        for _ in range(TIMEOUT * 20):
            job, = self.qmp('query-jobs')
            if job['status'] == 'concluded':
                self.qmp('job-dismiss', id='job')
                if 'error' in job:
                    raise ValueError(job['error'])
                return
            time.sleep(0.05)
        raise Refused(f'{command} does not end')

    def add_disk(self, path):
        """A disk image that snapshots can be kept in: savevm, loadvm."""
        self.job('blockdev-create', options={'driver': 'file', 'filename': path, 'size': 0})
        self.qmp('blockdev-add', **{'driver': 'file', 'filename': path, 'node-name': 'file'})
        self.job('blockdev-create', options={'driver': 'qcow2', 'file': 'file', 'size': 65536})
        self.qmp('blockdev-add', **{'driver': 'qcow2', 'file': 'file', 'node-name': 'disk'})
