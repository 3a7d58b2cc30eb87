# SPDX-License-Identifier: GPL-2.0
"""The hostile host: that a case repeats from its number, and ends."""

from checks import BASE, DRAFT3, Guest, LIST, cpu, interfaces, need, want

CASE, EVENT, COUNT, INFO = 0x4fffff00, 0x4fffff01, 0x4fffff02, 0x4fffff04
HOSTILE = ',x-commonhv-hostile=on,x-commonhv-hostile-timer=off,' + interfaces(3)
GUEST_MSRS = 0x2000, 0x40000300, 0x4f000000, 0x4f000001


def play(guest, number):
    """What a guest gets in a case, to the same accesses."""
    guest.cpuid(CASE, number)
    answers = []
    for _ in range(3):
        answers += [guest.cpuid(leaf) for leaf in range(BASE, BASE + 6)]
        answers += guest.entries(0, 5)
        answers += [guest.rdmsr(msr) for msr in GUEST_MSRS]
        guest.cpuid(EVENT)
    return answers


def test_hostile_repeats():
    need('tcg')
    with Guest(cpu(DRAFT3 + HOSTILE)) as one, Guest(cpu(DRAFT3 + HOSTILE)) as other:
        played = [play(one, number) for number in range(1, 31)]
        # In another order, in another process.
        for number in reversed(range(1, 31)):
            want(played[number - 1], play(other, number), f'case {number}')
        want(30, len({str(answers) for answers in played}))


def test_hostile_ends():
    need('tcg')
    with Guest(cpu(DRAFT3 + HOSTILE)) as guest:
        honest = [guest.cpuid(BASE), *guest.entries(0, 5)]
        for number in range(1, 31):
            play(guest, number)
        guest.cpuid(CASE, 0)
        want(honest, [guest.cpuid(BASE), *guest.entries(0, 5)])


def test_hostile_counts():
    need('tcg')
    with Guest(cpu(DRAFT3 + HOSTILE)) as guest:
        number, taken, sign, _ = guest.cpuid(INFO)
        want(0x74736f68, sign)
        before = sum(guest.cpuid(COUNT, i)[0] for i in range(number))
        play(guest, 1)
        want(True, sum(guest.cpuid(COUNT, i)[0] for i in range(number)) > before)
        guest.rdmsr(0x400002ff)
        want(taken + 1, guest.cpuid(INFO)[1])


def test_hostile_counts_what_noise_names():
    """MSR 0 is the architecture's; a leaf of zeros names it."""
    need('tcg')
    with Guest(cpu(DRAFT3 + HOSTILE)) as guest:
        taken = guest.cpuid(INFO)[1]
        number = 0
        while number == 0 or guest.cpuid(BASE + 3) != (0, 0, 0, 0):
            number += 1
            guest.cpuid(CASE, number)
        # In draft 2, reading it is right.
        guest.rdmsr(0)
        want(taken, guest.cpuid(INFO)[1])
        guest.wrmsr(0, 0)
        want(taken + 1, guest.cpuid(INFO)[1])
        guest.cpuid(CASE, number)
        guest.wrmsr(0, 0)
        want(taken + 1, guest.cpuid(INFO)[1], 'no leaf has named it')


def test_hostile_is_off():
    """Its leaves are none, unless asked for."""
    need('tcg')
    with Guest(cpu(DRAFT3)) as guest:
        guest.cpuid(CASE, 1)
        want((0, 0, 0, 0), guest.cpuid(INFO))
        want(3, guest.cpuid(LIST + 3)[0])
