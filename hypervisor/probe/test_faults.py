# SPDX-License-Identifier: GPL-2.0
"""Misbehaviour on request, and the counters."""

from checks import (BASE, COMMONHV, DRAFT3, FEATURES, Failure, GENERATION, GENERATION_MSR,
                    Guest, LIST, MSR, RNG, VERSION, ZERO, cpu, interfaces, names, need, want)


def test_counters():
    need('tcg')
    with Guest(cpu(DRAFT3 + ',commonhv-rng-input=on')) as guest:
        for name in ('cpuid-scan', 'rdmsr'):
            guest.set(name, 0)
        for leaf in range(BASE, BASE + 8):
            for _ in range(leaf - BASE + 1):
                guest.cpuid(leaf)
        for leaf in (0x40000000, 0x4000ffff, 0x40010000, 0x3fffffff, 0x50000000):
            guest.cpuid(leaf)
        for _ in range(7):
            guest.rdmsr()
        guest.wrmsr()
        for _ in range(5):
            guest.rdmsr(GENERATION_MSR)
        names_ = ('cpuid-0', 'cpuid-1', 'cpuid-2', 'cpuid-3', 'cpuid-4', 'cpuid-5',
                  'cpuid-other', 'cpuid-scan', 'rdmsr', 'rdmsr-generation', 'wrmsr')
        want([1, 2, 3, 4, 5, 6, 15, 2, 7, 5, 1], [guest.get(name) for name in names_])
        for name in names_:
            guest.set(name, 0)
        want([0] * len(names_), [guest.get(name) for name in names_])


def test_list_misbehaviour():
    need('tcg')
    own = names(4)
    with Guest(cpu(interfaces(4))) as guest:
        for name, number, entries in (
                ('literal', 5, [ZERO] + own),
                ('too-large', 1000, own + own),
                ('huge', 0xffffffff, own + own),
                ('truncated', 4, own[:2] + [ZERO] * 2),
                ('reserved', 4, own),
                ('no-answer', 4, own),
                ('outside', 4, own[:3] + [(0x80000000, *own[3][1:])]),
                ('ok', 4, own + [ZERO])):
            guest.set('list', name)
            want(name, guest.get('list'))
            want(number, guest.cpuid(LIST)[0], name)
            want(entries, guest.entries(1, len(entries)), name)
            want(name == 'reserved', any(guest.cpuid(LIST)[1:]), name)
            want(name == 'no-answer', guest.cpuid(own[3][0]) == ZERO, name)
            want(False, guest.cpuid(own[2][0]) == ZERO, name)


def test_list_misbehaviour_draft1():
    need('tcg')
    own = names(2)
    with Guest(cpu('commonhv-draft=1,' + interfaces(2))) as guest:
        guest.set('list', 'too-large')
        want([own[0], own[1], own[0]], guest.entries(0, 3))
        want([own[1], ZERO], guest.entries(999, 2))
        guest.set('list', 'huge')
        want(own[1], guest.cpuid(LIST, 0xffffffff))


def test_no_answer_of_the_accelerator():
    with Guest(cpu('x-commonhv-list=no-answer')) as guest:
        want(0x40000000, guest.cpuid(LIST, 1)[0])
        want(ZERO, guest.cpuid(0x40000000))


def test_leaf_misbehaviour():
    need('tcg')
    with Guest(cpu()) as guest:
        for name, base, features, rng in (
                ('max-leaf-low', 0x4effffff, (3, 0, 0, 0), (MSR, 0, 0, 0)),
                ('max-leaf-high', 0x50000000, (3, 0, 0, 0), (MSR, 0, 0, 0)),
                ('no-rng-leaf', FEATURES, (3, 0, 0, 0), (MSR, 0, 0, 0)),
                ('reserved', RNG, (3, *[0xdeadbeef] * 3), (MSR, *[0xdeadbeef] * 3)),
                ('feature-bits', RNG, (0xffffffff, 0, 0, 0), (MSR, 0, 0, 0)),
                ('ok', RNG, (3, 0, 0, 0), (MSR, 0, 0, 0))):
            guest.set('leaf', name)
            want(((base, *COMMONHV), features, rng),
                 (guest.cpuid(BASE), guest.cpuid(FEATURES), guest.cpuid(RNG)), name)


def test_frozen_on_kvm():
    need('kvm')
    with Guest(cpu('x-commonhv-leaf=reserved')) as guest:
        want((3, *[0xdeadbeef] * 3), guest.cpuid(FEATURES))
        try:
            guest.set('leaf', 'ok')
        except ValueError as error:
            want(True, 'cannot change' in str(error), str(error))
        else:
            raise Failure('the CPUID table was said to change')


def test_rng_misbehaviour():
    with Guest(cpu('x-commonhv-rng=zeros')) as guest:
        want([0, 0], [guest.rdmsr(), guest.rdmsr()], 'zeros')
        guest.set('rng-pool', 3)
        guest.set('rng', 'pool')
        values = [guest.rdmsr() for _ in range(5)]
        want(([0, 0], True), (values[3:], all(values[:3])), 'pool')
        want(0, guest.get('rng-pool'))
        guest.set('rng', 'stuck')
        want(1, len({guest.rdmsr() for _ in range(4)}), 'stuck')
        guest.set('rng', 'alternate')
        values = [guest.rdmsr() for _ in range(6)]
        want((2, values[:2] * 3), (len(set(values)), values), 'alternate')
        guest.set('rng', 'gp-read')
        want(('#GP', 'ok'), (guest.rdmsr(), guest.wrmsr()), 'gp-read')
        guest.set('rng', 'gp-write')
        want((False, '#GP'), (guest.rdmsr() == '#GP', guest.wrmsr()), 'gp-write')
        guest.set('rng', 'ok')
        want((4, 'ok'), (len({guest.rdmsr() for _ in range(4)}), guest.wrmsr()), 'ok')


def test_counting():
    base = 0x4d53520000000000
    with Guest(cpu('x-commonhv-rng=counting,x-commonhv-rng-counted=6'), '-smp', '2') as guest:
        want([base + i for i in range(7, 11)], [guest.rdmsr() for _ in range(4)])
        want(10, guest.get('rng-counted'))
        guest.set('rng-counted', 0)
        want([base + 1, base + 2], [guest.rdmsr() for _ in range(2)], 'from 0')
        guest.set('rng', 'ok')
        want(False, guest.rdmsr() == base + 3, 'still counting')
        want(2, guest.get('rng-counted'), 'counted while not counting')


def test_offered_value():
    with Guest(cpu()) as guest:
        want(0, guest.get('wrmsr-value'), 'before the first')
        for value in (0x1234567890abcdef, 0xffffffffffffffff, 1):
            guest.wrmsr(value)
            want(value, guest.get('wrmsr-value'))
        guest.set('wrmsr-value', 0)
        want(0, guest.get('wrmsr-value'), 'set to 0')


def test_set_refusals():
    with Guest(cpu()) as guest:
        for name, value, expected in (
                ('list', 'wrong', 'does not accept value'),
                ('rng', 'wrong', 'does not accept value'),
                ('rng-pool', -1, 'x-commonhv-rng-pool'),
                ('rng-pool', 1 << 31, 'at most'),
                ('generation', 5, 'there is no generation'),
                ('version', '3', 'does not accept value'),
                ('rdmsr', 5, 'can only be set to 0'),
                ('wrmsr-value', 5, 'can only be set to 0')):
            try:
                guest.set(name, value)
            except ValueError as error:
                want(True, expected in str(error), str(error))
            else:
                raise Failure(f'{name}={value} was accepted')


def test_version_misbehaviour():
    need('tcg')
    good = (3, 3, GENERATION_MSR, 0)
    with Guest(cpu(DRAFT3)) as guest:
        for name, version in (
                ('0', (0, *good[1:])), ('2', (2, *good[1:])), ('4', (4, *good[1:])),
                ('100', (0x100, *good[1:])),
                ('reserved', (3, 0xdeadbeef | 3, GENERATION_MSR, 0xdeadbeef)),
                ('msr-1b', (3, 3, 0x1b, 0)), ('msr-rng', (3, 3, MSR, 0)),
                ('msr-ffffffff', (3, 3, 0xffffffff, 0)), ('max-leaf-4', good), ('ok', good)):
            guest.set('version', name)
            want(version, guest.cpuid(VERSION), name)
            want(VERSION if name == 'max-leaf-4' else GENERATION, guest.cpuid(BASE)[0], name)
            want(name, guest.get('version'))
    with Guest(cpu('x-commonhv-version=4,x-commonhv-generation-mode=reserved')) as guest:
        want([RNG, ZERO, ZERO], [guest.cpuid(BASE)[0], guest.cpuid(VERSION),
                                 guest.cpuid(GENERATION)], 'draft 2')


def test_generation_misbehaviour():
    need('tcg')
    with Guest(cpu(DRAFT3)) as guest:
        def both():
            return guest.generation(), guest.rdmsr(GENERATION_MSR)
        value = guest.generation()
        for name, expected in (
                ('zero', (0, 0)), ('differ', (value, ~value & (1 << 64) - 1)),
                ('reserved', (value, value)), ('gp-read', (value, '#GP')),
                ('writable', (value, value)), ('stale', (value, value)), ('ok', (value, value))):
            guest.set('generation-mode', name)
            want(expected, both(), name)
            want(name == 'reserved', any(guest.cpuid(GENERATION)[2:]), name)
            want('ok' if name == 'writable' else '#GP', guest.wrmsr(1, GENERATION_MSR), name)
        guest.set('generation-mode', 'changing')
        values = [*both(), *both()]
        want(4, len(set(values)), f'changing: {values}')
        guest.set('generation-mode', 'ok')
        for value in 1, 0xffffffffffffffff, 0:
            guest.set('generation', value)
            want((value, value), both(), 'set')
