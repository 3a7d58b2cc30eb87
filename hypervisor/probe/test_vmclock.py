# SPDX-License-Identifier: GPL-2.0
"""VMClock's generation counter: the page, when it changes, and what ACPI says of it."""

import collections
import struct
import tempfile

from checks import Failure, Guest, want

ADDRESS = 0xfeffb000
DEVICE = '/machine/peripheral/vmclock0'
MAGIC, SIZE = 0x4b4c4356, 0x1000
COUNTER, NOTIFICATION = 1 << 8, 1 << 9
MACHINES = 'pc', 'q35', 'microvm,acpi=on'
MISBEHAVIOUR_OF_CRS = {
    'ok': ('memory', ADDRESS, SIZE), 'crs-none': None, 'crs-io': ('io', 0x5000, 0x80),
    'crs-short': ('memory', ADDRESS, 0x68), 'crs-zero': ('memory', 0, SIZE),
    'crs-ram': ('memory', 0x1000000, SIZE), 'crs-beyond': ('memory', 1 << 52, SIZE),
    'crs-unaligned': ('memory', ADDRESS + 0x10, SIZE)}

Page = collections.namedtuple('Page', 'magic size version seq marker flags counter')


def device(options='', machine='pc'):
    return '-machine', machine, '-device', 'vmclock,id=vmclock0' + options


def clock(options='', machine='pc'):
    return Guest('max', *device(options, machine))


def load(state, options='', machine='pc'):
    """The machine in another process, before a vCPU of it runs."""
    return Guest.load(state, 'max', *device(options, machine), '-S', status='paused')


def page(guest, address=ADDRESS):
    """What is in the page; None if nothing is there."""
    text = guest.monitor(f'xp /28wx 0x{address:x}')
    if 'Cannot access memory' in text:
        return None
    words = [int(word, 16) for line in text.splitlines() for word in line.split()[1:]]
    return Page(*struct.unpack('<IIH2xIQQ', struct.pack('<28I', *words)[:32]),
                words[26] | words[27] << 32)


def counter(guest, address=ADDRESS):
    there = page(guest, address)
    return there and there.counter


def get(guest, name):
    return guest.qmp('qom-get', path=DEVICE, property=name)


def put(guest, name, value):
    guest.qmp('qom-set', path=DEVICE, property=name, value=value)


def notified(guest, machine='pc'):
    """Whether an event is pending; it is not afterwards."""
    if machine.startswith('microvm'):
        return int(guest.monitor('xp /1wx 0xfea00000').split()[1], 16) & 0x80 != 0
    port = {'pc': 0xafe0, 'q35': 0x620}[machine]
    status = int(guest.monitor(f'i /1bx 0x{port:x}').split()[-1], 16)
    guest.monitor(f'o /1bx 0x{port:x} 0x80')
    return status & 0x80 != 0


def acpi_table(guest, signature=b'SSDT', name=b'VMCLOCK\0'):
    """An ACPI table, as the firmware put it into memory."""
    with tempfile.NamedTemporaryFile() as memory:
        guest.qmp('pmemsave', val=0, size=16 << 20, filename=memory.name)
        data = memory.read()
    tables = set()
    at = data.find(signature)
    while at >= 0:
        length, = struct.unpack_from('<I', data, at + 4)
        table = data[at:at + length]
        if table[16:24] == name and sum(table) & 0xff == 0:
            tables.add(table)
        at = data.find(signature, at + 1)
    want(1, len(tables), 'tables in memory')
    return tables.pop()


def crs(table):
    """What the one resource is, from the ACPI machine code."""
    at = table.find(b'_CRS')
    if at < 0:
        return None
    if b'\x8a\x2b\x00\x00' in table[at:]:
        at = table.index(b'\x8a\x2b\x00\x00', at)
        start, end, _, length = struct.unpack_from('<QQQQ', table, at + 14)
        want(start + length - 1, end, 'end of the range')
        return 'memory', start, length
    at = table.index(b'\x47\x01', at)
    low, high, _, length = struct.unpack_from('<HHBB', table, at + 2)
    want(low, high)
    return 'io', low, length


def want_change(before, after, count, what=''):
    """After an update that ended; count is by how much the counter moved."""
    want((before.seq + 2, 0), (after.seq, after.seq & 1), f'{what}: sequence')
    want(before._replace(seq=after.seq, marker=before.marker + 1, counter=before.counter + count),
         after, what)


def test_vmclock_page():
    for machine in MACHINES:
        with clock(machine=machine) as guest:
            want(Page(MAGIC, SIZE, 1, 2, 1, COUNTER | NOTIFICATION, 0), page(guest), machine)
            want((0, 0, False), (get(guest, 'x-counter'), get(guest, 'x-notified'),
                                 notified(guest, machine)), machine)
    for options, flags, value in ((',x-generation-counter=off', NOTIFICATION, 0),
                                    (',x-notification=off,x-counter=5', COUNTER, 5),
                                    (',x-generation-counter=off,x-notification=off', 0, 0)):
        with clock(options) as guest:
            want((flags, value), page(guest)[5:], options)
    with clock(machine='pc,acpi=off') as guest:
        want(COUNTER, page(guest).flags, 'nothing can notify')


def test_vmclock_acpi():
    for machine in MACHINES:
        for options in '', ',x-notification=off':
            with clock(options, machine) as guest:
                table = acpi_table(guest)
                want(('memory', ADDRESS, SIZE), crs(table), machine)
                want((b'AMZNC10C' in table, b'VMCLOCK' in table[36:]), (True, True), machine)
                ged = 'microvm' in machine
                want(not options and not ged, b'_E07' in table, machine)
                if ged:
                    want(not options, b'VCLK' in acpi_table(guest, b'DSDT', b'BXPC    '), machine)


def test_vmclock_load():
    """Before a vCPU runs: 1 more than was saved, in each copy, and a copy's copy has 2 more."""
    for machine in MACHINES:
        with clock(',x-counter=0xffffffff', machine) as source, \
                tempfile.NamedTemporaryFile() as state:
            saved = page(source)
            source.save(state.name)
            want(saved, page(source), 'a save')
            for number in 1, 1, 2:
                with load(state.name, machine=machine) as copy:
                    want_change(saved, page(copy), 1, f'{machine}, load')
                    want((saved.counter + 1, 1, True),
                         (get(copy, 'x-counter'), get(copy, 'x-notified'),
                          notified(copy, machine)), machine)
                    if number == 2:
                        saved = page(copy)
                        copy.qmp('cont')
                        copy.save(state.name)
            with load(state.name, machine=machine) as copy:
                want_change(saved, page(copy), 1, 'a copy of a copy')
                want(0x100000001, page(copy).counter)


def test_vmclock_live_migration():
    with clock(',x-counter=7') as source, tempfile.TemporaryDirectory() as place:
        saved = page(source)
        source.save(place + '/state')
        with load(place + '/state', ',x-live=on') as copy:
            want_change(saved, page(copy), 0, 'live')
            want((False, True), (get(copy, 'x-live'), notified(copy)), 'after it')
            copy.add_disk(place + '/disk')
            want('', copy.monitor('savevm s'))
            want('', copy.monitor('loadvm s'))
            want(8, page(copy).counter, 'loadvm after it')


def test_vmclock_loadvm():
    for machine in MACHINES:
        with tempfile.TemporaryDirectory() as place:
            with clock(',x-counter=5', machine) as guest:
                guest.add_disk(place + '/disk')
                guest.qmp('stop')
                for command, value, event in (
                        ('savevm s', 5, False), ('loadvm s', 6, True), ('loadvm s', 6, True),
                        ('savevm t', 6, False), ('loadvm t', 7, True), ('loadvm none', 7, False),
                        ('loadvm s', 6, True)):
                    said = guest.monitor(command)
                    want('none' in command, 'does not exist' in said, said)
                    want((value, value, event),
                         (page(guest).counter, get(guest, 'x-counter'), notified(guest, machine)),
                         f'{machine}, {command}')
                    want(0, page(guest).seq & 1, command)
            drive = '-drive', f'if=none,format=qcow2,file={place}/disk', '-loadvm', 't', '-S'
            with Guest('max', *device(machine=machine), *drive) as guest:
                want((7, True), (page(guest).counter, notified(guest, machine)), '-loadvm')


def test_vmclock_is_kept():
    with clock(',x-counter=5') as guest, tempfile.NamedTemporaryFile() as state:
        before = page(guest)
        guest.qmp('stop')
        guest.qmp('cont')
        want((before, False), (page(guest), notified(guest)), 'pause')
        guest.save(state.name)
        guest.qmp('cont')
        guest.qmp('system_reset')
        want('ready', guest.serial.readline().strip())
        want((before, False), (page(guest), notified(guest)), 'a save and a reset')


def test_vmclock_set():
    """A fork of a guest that runs; a value that it had is what a live migration looks like."""
    with clock() as guest:
        for value in 2**64 - 1, 3, 3:
            before = page(guest)
            put(guest, 'x-counter', value)
            want_change(before, page(guest), value - before.counter, f'set to {value}')
            want((value, True, False), (get(guest, 'x-counter'), notified(guest), notified(guest)))
        before = page(guest)
        put(guest, 'x-notify', True)
        want((before, True, 4), (page(guest), notified(guest), get(guest, 'x-notified')), 'notify')
    with clock(',x-generation-counter=off') as guest:
        try:
            put(guest, 'x-counter', 1)
        except ValueError as error:
            want(True, 'x-generation-counter=off' in str(error), str(error))
        else:
            raise Failure('x-counter was set without a counter')


def test_vmclock_off():
    """Stock behaviour: what is loaded has no counter either way, and the marker moves."""
    off = ',x-generation-counter=off,x-notification=off'
    with tempfile.NamedTemporaryFile() as state:
        with clock(off) as source:
            before = page(source)
            source.save(state.name)
        with load(state.name, off) as copy:
            want_change(before, page(copy), 0, 'off')
            want(False, b'vmclock/generation' in state.read(), 'in the stream')
            want((0, False), (get(copy, 'x-notified'), notified(copy)), 'off')
        with load(state.name, ',x-counter=8') as copy:
            want((COUNTER | NOTIFICATION, 9), page(copy)[5:], 'on, from off')
            copy.save(state.name)
        state.seek(0)
        want(True, b'vmclock/generation' in state.read(), 'in the stream')
        with load(state.name, off) as copy:
            want((0, 0), page(copy)[5:], 'off, from on')


def test_vmclock_misbehave_page():
    with clock(',x-counter=7') as guest:
        good = page(guest)
        for mode, wrong in (
                ('short', {'size': 0x68}), ('huge', {'size': 2**32 - 1}),
                ('no-counter', {'flags': NOTIFICATION}), ('no-notification', {'flags': COUNTER}),
                ('bad-magic', {'magic': 0x56434c4b}), ('bad-version', {'version': 2}),
                ('backwards', {}), ('silent', {}), ('stale', {}), ('crs-ram', {})):
            put(guest, 'x-misbehave', mode)
            seq = page(guest).seq
            want((good.seq + 2, good._replace(seq=seq, **wrong)), (seq, page(guest)), mode)
            put(guest, 'x-misbehave', 'ok')
            want((mode, good._replace(seq=seq + 2)), (mode, page(guest)), 'after ' + mode)
            good = page(guest)
        want((0, False), (get(guest, 'x-notified'), notified(guest)), 'all of it')
        put(guest, 'x-misbehave', 'odd')
        want(good._replace(seq=good.seq + 1), page(guest), 'odd')
        put(guest, 'x-counter', 8)
        want((8, 1), (page(guest).counter, page(guest).seq & 1), 'odd and set')
        put(guest, 'x-misbehave', 'ok')
        want((8, 0), (page(guest).counter, page(guest).seq & 1), 'after odd')
        put(guest, 'x-misbehave', 'moved')
        want((None, 8), (page(guest), counter(guest, ADDRESS - SIZE)), 'moved')
        put(guest, 'x-misbehave', 'ok')
        want((8, None), (counter(guest), counter(guest, ADDRESS - SIZE)), 'after moved')


def test_vmclock_misbehave_change():
    """What a load, and a fork by x-counter, do: the counter's change, and the notification."""
    with clock(',x-counter=7') as source, tempfile.NamedTemporaryFile() as state:
        source.save(state.name)
        for mode, loaded, fork, event in (
                ('ok', 8, 20, True), ('backwards', 6, 20, True), ('stale', 7, 7, True),
                ('silent', 8, 20, False), ('no-notification', 8, 20, True), ('odd', 8, 20, True)):
            with load(state.name, ',x-misbehave=' + mode) as guest:
                want((loaded, event), (page(guest).counter, notified(guest)), 'load: ' + mode)
                want(mode == 'odd', page(guest).seq & 1 == 1, 'load: ' + mode)
                put(guest, 'x-counter', 20)
                want((fork, event), (page(guest).counter, notified(guest)), 'fork: ' + mode)
        with load(state.name, ',x-misbehave=moved') as guest:
            want((None, 8), (page(guest), counter(guest, ADDRESS - SIZE)), 'moved')


def test_vmclock_misbehave_crs():
    for mode, expected in MISBEHAVIOUR_OF_CRS.items():
        with clock(',x-misbehave=' + mode) as guest:
            want(expected, crs(acpi_table(guest)), mode)
            want(MAGIC, page(guest).magic, mode)
    with clock() as guest:
        put(guest, 'x-misbehave', 'crs-ram')
        want(MISBEHAVIOUR_OF_CRS['ok'], crs(acpi_table(guest)), 'before the reset')
        guest.qmp('system_reset')
        want('ready', guest.serial.readline().strip())
        want(MISBEHAVIOUR_OF_CRS['crs-ram'], crs(acpi_table(guest)), 'set while it ran, and reset')
