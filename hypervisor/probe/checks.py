# SPDX-License-Identifier: GPL-2.0
"""checks.py - what the tests of hypervisor/test share."""

import struct

from guest import ACCEL, GENERATION, GENERATION_MSR, MSR, Guest, Refused

__all__ = [
    'ACCEL', 'BASE', 'COMMONHV', 'DRAFT3', 'FEATURES', 'Failure', 'GENERATION',
    'GENERATION_MSR', 'Guest', 'LIST', 'MSR', 'RNG', 'Refused', 'Skip', 'TCG', 'VERSION',
    'ZERO', 'cpu', 'interfaces', 'names', 'need', 'prop', 'sig', 'want', 'want_refused']

BASE, LIST, FEATURES, RNG, VERSION = range(0x4f000000, 0x4f000005)
DRAFT3 = 'commonhv-draft=3'
ZERO = (0, 0, 0, 0)
COMMONHV = struct.unpack('<III', b'CommonHVIntf')
TCG = struct.unpack('<III', b'TCGTCGTCGTCG')


def sig(text):
    return struct.unpack('<III', text.encode().ljust(12, b'\0'))


def cpu(options=''):
    return 'max,commonhv=on' + (',' + options if options else '')


def names(number):
    return [(0x40000000 + 0x100 * i, *sig(f'Interface{i:03}')) for i in range(number)]


def interfaces(number):
    return 'commonhv-interfaces=' + ':'.join(
        f'Interface{i:03}@{0x40000000 + 0x100 * i:x}' for i in range(number))


class Failure(Exception):
    """A test found something else than it wanted."""


class Skip(Exception):
    """Another accelerator is needed."""


def need(accel):
    if ACCEL != accel:
        raise Skip(f'needs ACCEL={accel}')


def want(expected, got, what=''):
    if expected != got:
        raise Failure(f'{what}: wanted {expected}, got {got}')


def want_refused(expected, options):
    try:
        with Guest(cpu(options)):
            raise Failure(f'{options}: was accepted')
    except Refused as refused:
        if expected not in str(refused):
            raise Failure(f'{options}: refused with {refused}') from None


def prop(guest, name, *value):
    path = guest.qmp('query-cpus-fast')[0]['qom-path']
    if value:
        return guest.qmp('qom-set', path=path, property=name, value=value[0])
    return guest.qmp('qom-get', path=path, property=name)
