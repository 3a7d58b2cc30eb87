# SPDX-License-Identifier: GPL-2.0
"""What CPUID and the MSRs answer, and what is refused."""

from checks import (ACCEL, BASE, COMMONHV, DRAFT3, FEATURES, Failure, Guest, LIST, MSR, RNG,
                    Refused, TCG, ZERO, cpu, interfaces, names, need, sig, want, want_refused)


def taken(index):
    return f'commonhv-rng-msr: {index:X}H is taken'


# What is refused, and words from the reason given.
REFUSALS = [(f'commonhv-rng-msr={index:#x}', taken(index)) for index in (
    0, 0x11, 0x12, 0x1b, 0x35, 0x800, 0x808, 0x8ff, 0x1fff, 0x4b564d00, 0x4b564d08,
    0xc0000000, 0xc0000080, 0xc0010015, 0xc001ffff, 0xffffffff)] + [
    (f'{DRAFT3},commonhv-generation-msr={index:#x}',
     taken(index).replace('rng', 'generation')) for index in (
         0, 0x1b, 0x808, 0x40000000, 0x400002ff, 0x4b564d00, 0xc0000080, 0xffffffff)] + [
    ('commonhv-rng-msr=0x100000000', 'commonhv-rng-msr'),
    ('commonhv-rng-msr=many', 'commonhv-rng-msr'),
    ('commonhv-draft=0', 'there are drafts 1 to 3'),
    ('commonhv-draft=4', 'there are drafts 1 to 3'),
    ('commonhv-draft=1,commonhv-rng-input=off', 'needs commonhv-draft=2'),
    ('commonhv-generation=on', 'commonhv-generation needs commonhv-draft=3'),
    ('commonhv-generation=msr,commonhv-draft=1', 'commonhv-generation needs commonhv-draft=3'),
    ('commonhv-generation-value=1', 'commonhv-generation-value needs commonhv-draft=3'),
    (DRAFT3 + ',commonhv-generation=yes', "does not accept value 'yes'"),
    (DRAFT3 + ',commonhv-generation=off,commonhv-generation-value=1', 'makes no sense'),
    (DRAFT3 + ',commonhv-generation-value=0x10000000000000000', 'commonhv-generation-value'),
    (DRAFT3 + ',commonhv-generation-msr=0x4f000000', '4F000000H is the RNG MSR'),
    (DRAFT3 + ',commonhv-rng-msr=0x4f000001', '4F000001H is the RNG MSR'),
    (DRAFT3 + ',commonhv-rng-msr=0x40000000', taken(0x40000000)),
    (DRAFT3 + ',commonhv-interfaces=A@40000010', 'no multiple of 100H'),
    (DRAFT3 + ',' + interfaces(257), 'more than 256 interfaces'),
    ('commonhv-interfaces=Microsoft', 'not of the form SIGNATURE@LOCATION'),
    ('commonhv-interfaces=@40000000', 'a signature is missing'),
    ('commonhv-interfaces=\\x00@40000000', 'a signature is missing'),
    ('commonhv-interfaces=Thirteen byte@40000000', 'at most 12 bytes'),
    ('commonhv-interfaces=a\\q@40000000', 'a backslash starts'),
    ('commonhv-interfaces=a\\x4@40000000', 'a backslash starts'),
    ('commonhv-interfaces=A@', "location ''"),
    ('commonhv-interfaces=A@x', "location 'x'"),
    ('commonhv-interfaces=A@-40000000', "location '-40000000'"),
    ('commonhv-interfaces=A@3fffffff', "location '3fffffff'"),
    ('commonhv-interfaces=A@4f000000', "location '4f000000'"),
    ('commonhv-interfaces=A@140000000', "location '140000000'"),
    ('commonhv-interfaces=A@40000000:', 'not of the form'),
    ('commonhv-interfaces=A@40000000:B@40000000', 'location 40000000 is given twice'),
    (interfaces(513), 'more than 512 interfaces'),
    ('x-commonhv-list=wrong', "does not accept value 'wrong'"),
    ('x-commonhv-rng-pool=4294967296', 'x-commonhv-rng-pool'),
]


def test_refusals():
    for options, expected in REFUSALS:
        want_refused(expected, options)


def test_kvm_refusals():
    need('kvm')
    for index in (0x40000000, 0x400001ff, 0x400002ff):
        want_refused(taken(index), f'commonhv-rng-msr={index:#x}')
    want_refused('KVM itself answers', 'commonhv-interfaces=XenVMMXenVMM@40000000')
    want_refused('do not fit', interfaces(200))


def test_accepted_msrs():
    indices = [0x2000, 0x3fffffff, 0x40000300, 0x4b564cff, 0xc0020000, 0xfffffffe]
    for index in indices + ([0x40000000] if ACCEL == 'tcg' else []):
        with Guest(cpu(f'commonhv-rng-msr={index:#x}')) as guest:
            want((index, 0, 0, 0), guest.cpuid(RNG))
            want(3, len({guest.rdmsr(index) for _ in range(3)}), f'values of {index:#x}')
            guest.rdmsr(index ^ 1)
            want(3, guest.get('rdmsr'), f'reads of {index:#x} and none beside it')


def test_off():
    with Guest('max,commonhv=off') as guest:
        want(False, guest.cpuid(BASE)[1:] == COMMONHV, 'signature there')
        if ACCEL == 'tcg':
            want(0, guest.rdmsr())
            want((1, 0), (guest.get('cpuid-0'), guest.get('rdmsr')), 'counters')


def test_draft2():
    with Guest(cpu(interfaces(3))) as guest:
        want((RNG, *COMMONHV), guest.cpuid(BASE))
        want((3, 0, 0, 0), guest.cpuid(LIST, 0))
        want(names(3), guest.entries(1, 3))
        want([ZERO] * 2, guest.entries(4, 2))
        want(ZERO, guest.cpuid(LIST, 0xffffffff))
        want((3, 0, 0, 0), guest.cpuid(FEATURES))
        want((MSR, 0, 0, 0), guest.cpuid(RNG))


def test_draft1():
    with Guest(cpu('commonhv-draft=1,' + interfaces(3))) as guest:
        want((FEATURES, *COMMONHV), guest.cpuid(BASE))
        want(names(3) + [ZERO] * 2, guest.entries(0, 5))
        want((MSR, 0, 0, 0), guest.cpuid(FEATURES))
        want(ZERO, guest.cpuid(RNG))
        want('ok', guest.wrmsr())


def test_no_rng():
    for draft in 1, 2:
        with Guest(cpu(f'commonhv-rng=off,commonhv-draft={draft}')) as guest:
            want([ZERO, ZERO], [guest.cpuid(FEATURES), guest.cpuid(RNG)], f'draft {draft}')


def test_input_refused():
    with Guest(cpu('commonhv-rng-input=off')) as guest:
        want((1, 0, 0, 0), guest.cpuid(FEATURES))
        want('#GP', guest.wrmsr())
        want(False, guest.rdmsr() == guest.rdmsr(), 'repeated value')


def test_default_list():
    want_list = [(0x40000000, *TCG)] if ACCEL == 'tcg' else [(0x40000000, *sig('KVMKVMKVM'))]
    with Guest(cpu()) as guest:
        want(len(want_list), guest.cpuid(LIST)[0])
        want(want_list, guest.entries(1, len(want_list)))
        want(want_list[0][1:], guest.cpuid(0x40000000)[1:])
    with Guest(cpu('tcg-cpuid=off,kvm=off')) as guest:
        want((0, 0, 0, 0), guest.cpuid(LIST))


def test_interfaces_answer():
    number = 300 if ACCEL == 'tcg' else 64
    with Guest(cpu(interfaces(number))) as guest:
        want((number, 0, 0, 0), guest.cpuid(LIST))
        want(names(number), guest.entries(1, number))
        for location, *signature in names(number):
            want((location + 1, *signature), guest.cpuid(location))
            want(ZERO, guest.cpuid(location + 1))


def test_empty_list():
    with Guest(cpu('commonhv-interfaces=')) as guest:
        want(ZERO, guest.cpuid(LIST))


def test_signature_escapes():
    with Guest(cpu('commonhv-interfaces=\\x00\\x3a\\x40\\x2c \\\\@0x4e000010')) as guest:
        want((0x4e000010, *sig('\0:@, \\')), guest.cpuid(LIST, 1))


def test_hidden_hypervisor_bit():
    with Guest(cpu('-hypervisor')) as guest:
        want(0, guest.cpuid(1)[2] >> 31, 'hypervisor bit')
        want((RNG, *COMMONHV), guest.cpuid(BASE))


def test_seed():
    def values(*args):
        with Guest(cpu(), *args) as guest:
            return [guest.rdmsr() for _ in range(8)]
    first = values('-seed', '42')
    want(8, len(set(first)), 'different values')
    want(first, values('-seed', '42'), 'same seed')
    want(False, first == values('-seed', '43'), 'other seed gives the same')
    want(False, values() == values(), 'no seed gives the same')


def test_rng_halves():
    with Guest(cpu()) as guest:
        values = [guest.rdmsr() for _ in range(8)]
        want(8, len({value >> 32 for value in values}), 'different values of EDX')
        want(8, len({value & 0xffffffff for value in values}), 'different values of EAX')


def test_cmpxchg8b_flags():
    need('tcg')
    values = (0, 1), (1, 1), (0x10, 1), (0x80000000, 1), (0, 0xffffffff), (0x246, 0xfffff246)
    zero = 0x40     # all that CMPXCHG8B changes
    for smp in '1', '2':    # two emulating threads take another way with LOCK
        with Guest(cpu(), '-smp', smp) as guest:
            for a, b in values:
                flags = [int(word, 16) for word in guest.ask('x', a, b).split()]
                want([hex(flags[0] | zero)] * 2, [hex(word) for word in flags[1:]],
                     f'flags after {a:#x} - {b:#x}, {smp} CPU')


def test_migration():
    with Guest(cpu()) as source:
        first = source.rdmsr()
        with source.migrate(cpu('commonhv-rng-msr=0x4f000010')) as guest:
            want((0x4f000010, 0, 0, 0), guest.cpuid(RNG))
            want(False, guest.rdmsr(0x4f000010) in (0, first, '#GP'))
            with guest.migrate('max') as bare:
                want(False, bare.cpuid(BASE)[1:] == COMMONHV, 'signature there')


def test_several_cpus():
    with Guest(cpu('commonhv-rng-msr=0x4f000010'), '-smp', '2') as guest:
        want(2, len(guest.qmp('query-cpus-fast')))
    try:
        with Guest(cpu(), '-smp', '1,maxcpus=2,sockets=2', '-device',
                   'max-x86_64-cpu,commonhv-draft=1,socket-id=1,core-id=0,thread-id=0'):
            raise Failure('a CPU with another draft was accepted')
    except Refused as refused:
        want(True, 'differ between CPUs' in str(refused), str(refused))
