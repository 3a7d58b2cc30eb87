/*
 * CommonHV: a hostile host's VM generation ID, and what ACPI says of where it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ACPI tables cannot change while the guest runs. Those of tests/guest/hostile.asl
 * ask at I/O ports what their methods are to return, so that two evaluations may
 * have two results.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "commonhv-hostile.h"
#include "exec/address-spaces.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/acpi/vmgenid.h"

#define PORT            0x5100
#define PORT_SIZE       0x80
/* What is read there: these change with each read of the first dword. */
#define PORT_KIND       0x00
#define PORT_LOW        0x04    /* 64 bits */
#define PORT_HIGH       0x0c    /* 64 bits */
/* A read of this one draws a resource template, which follows, and its length. */
#define PORT_CRS_LEN    0x1c
#define PORT_CRS        0x20
#define CRS_LEN         48      /* a QWord descriptor and the end tag */

/* As in hostile.asl. */
enum { KIND_PACKAGE, KIND_NOTHING = 1, NR_NO_PACKAGES = 5, KIND_COUNT = 6,
       NR_COUNTS = 3, KIND_TYPE = 9, NR_TYPES = 4 };

/* SeaBIOS keeps the last 128 KiB of a guest of 512 MiB. */
#define RESERVED        0x1ffe0000ULL
#define VMCLOCK_PAGE    0xfeffb000ULL

/* The ends of what is RAM, of what is reserved, and of what can be addressed. */
static const uint64_t edges[] = {
    0x1ffdfff8, 0x1ffdfff0, 0x1ffffff8, 0x1ffffff0, 0x9fbf0, 0x9fbf8, 0xefff8,
    0xffff8, 0x100000 - 16, 0xfffffff8, 0xfffffff0, 0xffffffffffULL - 15,
    0xfffffffff8ULL, 0xfffffffff0ULL, 8,
};

static uint8_t port[PORT_SIZE];
static QemuUUID last_id;

static uint32_t pick(uint32_t n)
{
    return hostile_pick(HOSTILE_AREA_ADDR, n);
}

static uint64_t draw(void)
{
    return hostile_draw(HOSTILE_AREA_ADDR);
}

static void set_addr(uint32_t kind, uint64_t low, uint64_t high)
{
    stl_le_p(port + PORT_KIND, kind);
    stq_le_p(port + PORT_LOW, low);
    stq_le_p(port + PORT_HIGH, high);
}

static void set_place(uint64_t start)
{
    set_addr(KIND_PACKAGE, (uint32_t)start, start >> 32);
}

static void draw_addr(void)
{
    HostileClass class = HOSTILE_ADDR_GOOD;

    if (hostile_is_active() && pick(4)) {
        class += pick(HOSTILE_ADDR_RANDOM - HOSTILE_ADDR_GOOD + 1);
    }
    set_place(RESERVED + (draw() & 0x1ff8));
    switch (class) {
    case HOSTILE_ADDR_NO_PACKAGE:
        set_addr(KIND_NOTHING + pick(NR_NO_PACKAGES), 0, 0);
        break;
    case HOSTILE_ADDR_COUNT:
        set_addr(KIND_COUNT + pick(NR_COUNTS), RESERVED, 0);
        break;
    case HOSTILE_ADDR_TYPE:
        set_addr(KIND_TYPE + pick(NR_TYPES), RESERVED, 0);
        break;
    case HOSTILE_ADDR_WIDE:
        set_addr(KIND_PACKAGE, draw() | 1ULL << 32, pick(2) ? 0 : draw());
        break;
    case HOSTILE_ADDR_ZERO:
        set_place(0);
        break;
    case HOSTILE_ADDR_UNALIGNED:
        set_place(RESERVED + 1 + pick(7));
        break;
    case HOSTILE_ADDR_BEYOND:
        set_place(1ULL << (40 + pick(24)));
        break;
    case HOSTILE_ADDR_NOWHERE:
        set_place(0xd0000000 + (draw() & 0xffffff8));
        break;
    case HOSTILE_ADDR_RAM:
        set_place(0x1000000 + (draw() & 0xfffff8));
        break;
    case HOSTILE_ADDR_EDGE:
        set_place(edges[pick(ARRAY_SIZE(edges))]);
        break;
    case HOSTILE_ADDR_RANDOM:
        set_place((draw() & ~7ULL) >> pick(40));
        break;
    default:
        break;
    }
    if (hostile_is_active()) {
        hostile_served(class);
    }
}

/* ACPI 6.5, 6.4.3.5.1: QWord Address Space Descriptor */
static void make_crs(uint8_t *crs, uint64_t start, uint64_t len)
{
    memset(crs, 0, CRS_LEN);
    crs[0] = 0x8a;
    crs[1] = 0x2b;
    crs[4] = 0x0c;      /* minimum and maximum are fixed */
    crs[5] = 0x02;      /* cacheable */
    stq_le_p(crs + 6, 0);
    stq_le_p(crs + 14, start);
    stq_le_p(crs + 22, start + len - 1);
    stq_le_p(crs + 38, len);
    crs[46] = 0x79;
}

static void draw_crs(void)
{
    static const uint64_t lengths[] = { 0, 1, 0x68, 0xfff, 0x1000, 0x1001, 1ULL << 52 };
    HostileClass class = HOSTILE_CRS_GOOD;
    uint64_t start;

    if (hostile_is_active() && pick(4)) {
        class += pick(HOSTILE_CRS_RANGE - HOSTILE_CRS_GOOD + 1);
    }
    stl_le_p(port + PORT_CRS_LEN, CRS_LEN);
    make_crs(port + PORT_CRS, VMCLOCK_PAGE, 0x1000);
    switch (class) {
    case HOSTILE_CRS_BUFFER:
        stl_le_p(port + PORT_CRS_LEN, CRS_LEN + 1);
        break;
    case HOSTILE_CRS_CUT:
        stl_le_p(port + PORT_CRS_LEN, pick(CRS_LEN));
        break;
    case HOSTILE_CRS_BYTE:
        port[PORT_CRS + pick(CRS_LEN)] = draw();
        break;
    case HOSTILE_CRS_RANGE:
        start = pick(2) ? VMCLOCK_PAGE : (draw() & ~0xfffULL) >> pick(40);
        make_crs(port + PORT_CRS, start, lengths[pick(ARRAY_SIZE(lengths))]);
        break;
    default:
        break;
    }
    if (hostile_is_active()) {
        hostile_served(class);
    }
}

static uint64_t port_read(void *opaque, hwaddr addr, unsigned size)
{
    if (addr == PORT_KIND) {
        draw_addr();
    } else if (addr == PORT_CRS_LEN) {
        draw_crs();
    }
    return ldn_le_p(port + addr, size);
}

static void port_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
}

static const MemoryRegionOps port_ops = {
    .read = port_read,
    .write = port_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
};

static void write_id(VmGenIdState *vms, const QemuUUID *id)
{
    uint32_t addr = ldl_le_p(vms->vmgenid_addr_le);

    if (addr) {
        cpu_physical_memory_write(addr, id->data, sizeof(id->data));
    }
}

static void notify(void)
{
    Object *device = object_resolve_path_type("", TYPE_ACPI_DEVICE_IF, NULL);

    if (device) {
        acpi_send_event(DEVICE(device), ACPI_VMGENID_CHANGE_STATUS);
    }
}

/* Another ID, and a notification, or one without the other. */
void hostile_forks_event(void)
{
    Object *found = find_vmgenid_dev();
    HostileClass class = HOSTILE_ID_NEW;
    QemuUUID id;

    if (!found) {
        /* The ID is where hostile.asl says. */
        notify();
        return;
    }
    if (hostile_pick(HOSTILE_AREA_ID, 2)) {
        class += hostile_pick(HOSTILE_AREA_ID, HOSTILE_ID_BACK - HOSTILE_ID_NEW + 1);
    }
    for (int i = 0; i < sizeof(id.data); i += 8) {
        stq_le_p(id.data + i, hostile_draw(HOSTILE_AREA_ID));
    }
    if (class == HOSTILE_ID_ZERO || class == HOSTILE_ID_ONES) {
        memset(id.data, class == HOSTILE_ID_ZERO ? 0 : 0xff, sizeof(id.data));
    } else if (class == HOSTILE_ID_BACK) {
        /* The one before, of which a notification was perhaps lost. */
        id = last_id;
    }
    hostile_served(class);
    if (class != HOSTILE_ID_SAME) {
        write_id(VMGENID(found), &id);
        last_id = id;
    }
    if (class != HOSTILE_ID_SILENT) {
        notify();
    }
}

void hostile_forks_end(void)
{
    Object *found = find_vmgenid_dev();

    if (found) {
        QemuUUID id = qemu_uuid_bswap(VMGENID(found)->guid);

        write_id(VMGENID(found), &id);
        notify();
    }
}

void hostile_forks_realize(void)
{
    MemoryRegion *region = g_new0(MemoryRegion, 1);

    memory_region_init_io(region, NULL, &port_ops, NULL, "hostile", PORT_SIZE);
    memory_region_add_subregion(get_system_io(), PORT, region);
}
