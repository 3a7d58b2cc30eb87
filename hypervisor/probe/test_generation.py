# SPDX-License-Identifier: GPL-2.0
"""Draft 3, and when the generation changes."""

import socket
import tempfile

from checks import (ACCEL, BASE, COMMONHV, DRAFT3, FEATURES, Failure, GENERATION,
                    GENERATION_MSR, Guest, LIST, MSR, RNG, VERSION, ZERO, cpu, interfaces,
                    names, need, prop, want)


def test_draft3():
    with Guest(cpu(DRAFT3 + ',commonhv-generation=on,' + interfaces(3))) as guest:
        want((GENERATION, *COMMONHV), guest.cpuid(BASE))
        want((3, 0, 0, 0), guest.cpuid(LIST, 0))
        want(names(3) + [ZERO], guest.entries(1, 4))
        want([(1, 0, 0, 0), (MSR, 0, 0, 0)], [guest.cpuid(FEATURES), guest.cpuid(RNG)])
        want((3, 3, GENERATION_MSR, 0), guest.cpuid(VERSION))
        value = guest.generation()
        want((value & 0xffffffff, value >> 32, 0, 0), guest.cpuid(GENERATION))
        want([value] * 3, [guest.generation(), guest.rdmsr(GENERATION_MSR),
                           guest.get('generation')])
        want(False, 0 in (value, value >> 32), 'a part is zero')
        want((ZERO, '#GP', '#GP'), (guest.cpuid(GENERATION + 1), guest.wrmsr(),
                                    guest.wrmsr(value, GENERATION_MSR)))
        want(value, guest.rdmsr(GENERATION_MSR), 'after the write')


def test_draft3_without():
    for options, version in (
            ('commonhv-generation=off', ZERO), ('commonhv-generation=msr', (2, GENERATION_MSR)),
            ('commonhv-generation=msr,commonhv-generation-msr=0x4f000077', (2, 0x4f000077)),
            ('commonhv-generation=msr,commonhv-rng=off,commonhv-generation-msr=0x4f000000',
             (2, MSR))):
        with Guest(cpu(f'{DRAFT3},{options}')) as guest:
            want((GENERATION, *COMMONHV), guest.cpuid(BASE), options)
            want((3, *version[:2], 0), guest.cpuid(VERSION), options)
            want(ZERO, guest.cpuid(GENERATION), options)
            if version[0]:
                want(guest.get('generation'), guest.rdmsr(version[1]), options)
            elif ACCEL == 'tcg':
                want((0, 'ok'), (guest.rdmsr(GENERATION_MSR), guest.wrmsr(0, GENERATION_MSR)))


def test_draft3_bounds():
    need('tcg')
    with Guest(cpu(f'{DRAFT3},{interfaces(256)}')) as guest:
        want((256, 0, 0, 0), guest.cpuid(LIST))
        want(names(256)[254:] + [ZERO], guest.entries(255, 3))
    with Guest(cpu(DRAFT3 + ',commonhv-rng-input=on')) as guest:
        want((3, 'ok'), (guest.cpuid(FEATURES)[0], guest.wrmsr()))


def test_generation_default():
    with Guest(cpu(DRAFT3)) as guest:
        want(3 if ACCEL == 'tcg' else 2, guest.cpuid(VERSION)[1])


def test_generation_at_start():
    def value(options='', *args):
        with Guest(cpu(f'{DRAFT3},commonhv-generation=on' + options), *args) as guest:
            return guest.generation()
    seeded = '-seed', '42'
    want(4, len({value(), value(), value('', *seeded), value('', *seeded)}), 'starts')
    want(0x123456789abcdef, value(',commonhv-generation-value=0x123456789abcdef'))


def test_generation_properties():
    with Guest(cpu(f'{DRAFT3},commonhv-generation=on')) as guest:
        want(guest.generation(), prop(guest, 'commonhv-generation-value'), 'for a live migration')
        for name, value in ('commonhv-generation-value', 5), ('commonhv-generation', 'msr'):
            try:
                prop(guest, name, value)
            except ValueError as error:
                want(True, 'once the CPU exists' in str(error), str(error))
            else:
                raise Failure(f'{name} was changed')
        texts = {entry['name']: entry.get('description', '') for entry in guest.qmp(
            'device-list-properties', typename='max-x86_64-cpu')
                 if entry['name'].startswith('commonhv')}
        want(9, sum(bool(text) and text != 'on/off/auto' for text in texts.values()), texts)


def leaves(guest):
    """All that may not change while the machine exists."""
    return [guest.cpuid(leaf, i) for leaf in range(BASE, GENERATION) for i in range(3)]


def test_generation_is_kept():
    with Guest(cpu(f'{DRAFT3},commonhv-generation=on')) as guest, \
            tempfile.TemporaryDirectory() as place:
        value, before = guest.generation(), leaves(guest)
        randoms = [guest.rdmsr() for _ in range(4)]
        guest.qmp('stop')
        guest.qmp('cont')
        want(value, guest.generation(), 'pause')
        guest.save(place + '/state')
        guest.qmp('cont')
        want(value, guest.generation(), 'a save')
        with socket.socket(socket.AF_UNIX) as nobody:
            nobody.bind(place + '/socket')
            nobody.listen()
            guest.qmp('migrate', uri=f'unix:{place}/socket')
            guest.qmp('migrate_cancel')
            guest.wait_for('query-migrate', 'cancelled')
        want(value, guest.generation(), 'a cancelled migration')
        guest.qmp('system_reset')
        want(('ready', value), (guest.serial.readline().strip(), guest.generation()), 'reset')
        want(value, guest.rdmsr(GENERATION_MSR))
        want(before, leaves(guest), 'leaves after a reset')
        randoms += [guest.rdmsr() for _ in range(4)]
        want((8, False), (len(set(randoms)), 0 in randoms), 'random numbers before and after')


def test_generation_after_a_load():
    with Guest(cpu(f'{DRAFT3},commonhv-generation=on')) as source, \
            tempfile.NamedTemporaryFile() as state:
        values, before = [source.generation()], leaves(source)
        randoms = [source.rdmsr()]
        source.save(state.name)
        for options in ('', '', ',commonhv-generation=msr'):
            with Guest.load(state.name, cpu(DRAFT3 + options)) as guest:
                values.append(guest.rdmsr(GENERATION_MSR))
                randoms += [guest.rdmsr() for _ in range(4)]
                if ACCEL == 'tcg':
                    want(0 if options else values[-1], guest.generation())
        want((4, False), (len(set(values)), 0 in values), f'generations {values}')
        want((13, False), (len(set(randoms)), 0 in randoms), 'random numbers')
        live = f'commonhv-generation=on,commonhv-generation-value={values[0]}'
        with Guest.load(state.name, cpu(f'{DRAFT3},{live}')) as guest:
            want([values[0]] * 2, [guest.generation(), guest.rdmsr(GENERATION_MSR)], 'live')
            want(before, leaves(guest), 'leaves after a live migration')


def test_first_reading_after_a_load():
    """The reading that comes next when the machine is saved returns the new value."""
    for msr in 0, GENERATION_MSR:
        with Guest(cpu(f'{DRAFT3},commonhv-generation=on'), '-smp', '2') as guest, \
                tempfile.TemporaryDirectory() as place:
            address = guest.ask('g', msr)
            guest.add_disk(place + '/disk')
            start = guest.get('generation')
            for load in ('file', 'loadvm') if ACCEL == 'tcg' or msr else ('file',):
                guest.qmp('stop')
                count = int(guest.monitor(f'xp /1wx 0x{address}').split()[1], 16)
                if load == 'loadvm':
                    want('', guest.monitor('savevm s'))
                    guest.qmp('cont')
                    want('', guest.monitor('loadvm s'))
                    got, value = guest.serial.readline().split()
                    now = guest.get('generation')
                else:
                    guest.save(place + '/state')
                    guest.qmp('cont')
                    with Guest.load(place + '/state', cpu(DRAFT3), '-smp', '2',
                                    status='paused') as copy:
                        copy.qmp('cont')
                        got, value = copy.serial.readline().split()
                        now = copy.get('generation')
                want(True, int(got, 16) in (count, count + 1),
                     f'{load}: {int(got, 16)} is the next reading after {count}')
                want((True, False), (int(value, 16) == now, now == start), load)


def test_loadvm():
    need('tcg')
    with tempfile.TemporaryDirectory() as place:
        disk = place + '/disk'
        start = 'commonhv-generation-value=5'
        with Guest(cpu(f'{DRAFT3},{start}')) as guest:
            guest.add_disk(disk)
            values = [guest.generation()]
            for command, changes in (('savevm s', False), ('loadvm s', True), ('loadvm s', True),
                                     ('savevm t', False), ('loadvm s', True), ('loadvm t', True),
                                     ('loadvm none', False)):
                said = guest.monitor(command)
                guest.qmp('cont')
                want('none' in command, 'does not exist' in said, said)
                value = guest.generation()
                want(changes, value not in values, f'{command} changes {values} to {value}')
                want([value] * 2, [guest.rdmsr(GENERATION_MSR), guest.get('generation')])
                values.append(value)
            guest.qmp('stop')
            guest.monitor('loadvm s')
            guest.qmp('cont')
            want(False, guest.generation() in values, 'a load while paused')
            guest.set('generation-mode', 'stale')
            value = guest.generation()
            guest.monitor('loadvm s')
            want(value, guest.generation(), 'stale')
        drive = '-drive', f'if=none,format=qcow2,file={disk}', '-loadvm', 's'
        for options, same in (',' + start, True), ('', False):
            with Guest(cpu(DRAFT3 + options), *drive) as guest:
                want(same, guest.generation() == 5, f'-loadvm{options}')


def test_kvm_loadvm():
    need('kvm')
    with tempfile.TemporaryDirectory() as place:
        for where in 'on', 'msr':
            with Guest(cpu(f'{DRAFT3},commonhv-generation={where}')) as guest:
                guest.add_disk(place + '/' + where)
                value = guest.rdmsr(GENERATION_MSR)
                guest.monitor('savevm s')
                said = guest.monitor('loadvm s')
                guest.qmp('cont')
                want(where == 'on', 'commonhv-generation=msr' in said, said)
                want(where == 'on', guest.rdmsr(GENERATION_MSR) == value, where)


def test_migration_of_drafts():
    """The stream has nothing of it: what the new command line says counts."""
    with Guest(cpu(DRAFT3)) as guest:
        with guest.migrate(cpu()) as draft2:
            want([RNG, ZERO], [draft2.cpuid(BASE)[0], draft2.cpuid(GENERATION)], 'draft 2')
            with draft2.migrate(cpu(DRAFT3)) as draft3:
                want((3, 3 if ACCEL == 'tcg' else 2), draft3.cpuid(VERSION)[:2], 'draft 3')
                with draft3.migrate('max') as bare:
                    want(False, bare.cpuid(BASE)[1:] == COMMONHV, 'signature there')
