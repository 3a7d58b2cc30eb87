/*
 * CommonHV: a hostile host's virtio entropy device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What QEMU's virtio layer would refuse to say is written to the used ring
 * directly. Then the ring is out of step, as the guest finds it with a host that
 * has lost count.
 */

#include "qemu/osdep.h"
#include "cpu.h"
#include "commonhv-hostile.h"
#include "exec/address-spaces.h"
#include "hw/virtio/virtio.h"
#include "hw/virtio/virtio-rng.h"
#include "qemu/iov.h"

/* Requests that are answered later, or not before the case is over. */
#define HELD_MAX    64
static struct {
    VirtIORNG *vrng;
    VirtQueueElement *elem;
    size_t len;
    bool never;
} held[HELD_MAX];

static uint32_t pick(uint32_t n)
{
    return hostile_pick(HOSTILE_AREA_RNG, n);
}

static bool is_ready(VirtIORNG *vrng)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vrng);

    return virtio_queue_ready(vrng->vq) && vdev->vm_running &&
           (vdev->status & VIRTIO_CONFIG_S_DRIVER_OK) && !vdev->broken;
}

static bool hold(VirtIORNG *vrng, VirtQueueElement *elem, size_t len, bool never)
{
    for (int i = 0; i < HELD_MAX; i++) {
        if (!held[i].elem) {
            held[i].vrng = vrng;
            held[i].elem = elem;
            held[i].len = len;
            held[i].never = never;
            return true;
        }
    }
    return false;
}

/* @answer: otherwise the device forgets them, as its queue is reset. */
static void release(VirtIORNG *vrng, bool answer, bool all)
{
    for (int i = 0; i < HELD_MAX; i++) {
        if (!held[i].elem || (vrng && vrng != held[i].vrng) ||
            (held[i].never && !all)) {
            continue;
        }
        if (answer && is_ready(held[i].vrng)) {
            virtqueue_push(held[i].vrng->vq, held[i].elem, held[i].len);
            virtio_notify(VIRTIO_DEVICE(held[i].vrng), held[i].vrng->vq);
        } else {
            virtqueue_detach_element(held[i].vrng->vq, held[i].elem, 0);
        }
        g_free(held[i].elem);
        held[i].elem = NULL;
    }
}

/* The driver, or the bus, resets the device. */
void hostile_rng_reset(VirtIORNG *vrng)
{
    release(vrng, false, true);
}

void hostile_rng_end(void)
{
    release(NULL, true, true);
}

/* One more entry of the used ring than QEMU knows of; not in a packed ring. */
static void push_unnoticed(VirtIORNG *vrng, uint32_t id, uint32_t len)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vrng);
    hwaddr used = virtio_queue_get_used_addr(vdev, 0);
    uint32_t num = virtio_queue_get_num(vdev, 0);
    uint16_t index;

    if (!used || !num || virtio_vdev_has_feature(vdev, VIRTIO_F_RING_PACKED)) {
        return;
    }
    index = address_space_lduw_le(vdev->dma_as, used + 2, MEMTXATTRS_UNSPECIFIED,
                                  NULL);
    used += 4 + 8 * (index % num);
    address_space_stl_le(vdev->dma_as, used, id, MEMTXATTRS_UNSPECIFIED, NULL);
    address_space_stl_le(vdev->dma_as, used + 4, len, MEMTXATTRS_UNSPECIFIED, NULL);
    used = virtio_queue_get_used_addr(vdev, 0);
    address_space_stw_le(vdev->dma_as, used + 2, index + 1,
                         MEMTXATTRS_UNSPECIFIED, NULL);
}

static void jump_index(VirtIORNG *vrng)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vrng);
    hwaddr used = virtio_queue_get_used_addr(vdev, 0);

    if (used && !virtio_vdev_has_feature(vdev, VIRTIO_F_RING_PACKED)) {
        address_space_stw_le(vdev->dma_as, used + 2, pick(0x10000),
                             MEMTXATTRS_UNSPECIFIED, NULL);
    }
}

static uint32_t claimed_length(HostileClass class, size_t len)
{
    static const uint32_t huge[] = { 0x10000, 0x10001, INT32_MAX, 0x80000000, UINT32_MAX };

    switch (class) {
    case HOSTILE_USED_ZERO:
        return 0;
    case HOSTILE_USED_ONE:
        return 1;
    case HOSTILE_USED_SHORTER:
        return pick(len);
    case HOSTILE_USED_LONGER:
        return len + 1 + pick(64);
    case HOSTILE_USED_HUGE:
        return huge[pick(ARRAY_SIZE(huge))];
    default:
        return len;
    }
}

static void answer_request(VirtIORNG *vrng, VirtQueueElement *elem, HostileClass class,
                           size_t len)
{
    uint32_t num = virtio_queue_get_num(VIRTIO_DEVICE(vrng), 0);
    uint32_t id = elem->index;

    hostile_served(class);
    switch (class) {
    case HOSTILE_USED_LATE:
    case HOSTILE_USED_NEVER:
        if (hold(vrng, elem, len, class == HOSTILE_USED_NEVER)) {
            return;
        }
        break;
    case HOSTILE_USED_STUCK:
        iov_memset(elem->in_sg, elem->in_num, 0, 0x5a, len);
        break;
    case HOSTILE_USED_BAD_ID:
        elem->index = num + pick(0x10000 - num);
        break;
    case HOSTILE_USED_FREE_ID:
        elem->index = pick(num);
        break;
    default:
        break;
    }
    virtqueue_push(vrng->vq, elem, claimed_length(class, len));
    if (class == HOSTILE_USED_TWICE) {
        push_unnoticed(vrng, id, len);
    } else if (class == HOSTILE_USED_INDEX) {
        jump_index(vrng);
    }
    g_free(elem);
}

/* What breaks the queue, and ends what can be tested in this case, is rare. */
static HostileClass draw_class(void)
{
    HostileClass class;

    if (!pick(3)) {
        return HOSTILE_USED_HONEST;
    }
    class = HOSTILE_USED_ZERO + pick(HOSTILE_USED_INDEX - HOSTILE_USED_ZERO + 1);
    if ((class == HOSTILE_USED_TWICE || class == HOSTILE_USED_BAD_ID ||
         class == HOSTILE_USED_FREE_ID || class == HOSTILE_USED_INDEX) && pick(6)) {
        return HOSTILE_USED_HONEST;
    }
    return class;
}

/* All requests that are there; each gets its part of @buf. */
void hostile_rng_answer(VirtIORNG *vrng, const uint8_t *buf, size_t size)
{
    VirtQueueElement *elems[HELD_MAX];
    size_t lens[HELD_MAX], offset = 0;
    HostileClass classes[HELD_MAX];
    int nr = 0;
    bool reversed;

    while (nr < HELD_MAX && offset < size) {
        VirtQueueElement *elem = virtqueue_pop(vrng->vq, sizeof(*elem));

        if (!elem) {
            break;
        }
        elems[nr] = elem;
        lens[nr] = iov_from_buf(elem->in_sg, elem->in_num, 0, buf + offset,
                                size - offset);
        offset += lens[nr];
        classes[nr] = draw_class();
        nr++;
    }
    reversed = nr && classes[0] == HOSTILE_USED_REVERSED;
    for (int i = 0; i < nr; i++) {
        int which = reversed ? nr - 1 - i : i;

        answer_request(vrng, elems[which], classes[which], lens[which]);
    }
    virtio_notify(VIRTIO_DEVICE(vrng), vrng->vq);
}

static int event(Object *obj, void *opaque)
{
    VirtIORNG *vrng = (VirtIORNG *)object_dynamic_cast(obj, TYPE_VIRTIO_RNG);
    VirtIODevice *vdev;

    if (!vrng || !is_ready(vrng)) {
        return 0;
    }
    vdev = VIRTIO_DEVICE(vrng);
    switch (pick(12)) {
    case 0 ... 2:
        virtio_notify(vdev, vrng->vq);
        hostile_served(HOSTILE_RNG_INTERRUPT);
        break;
    case 3 ... 5:
        virtio_notify_config(vdev);
        hostile_served(HOSTILE_RNG_CONFIG);
        break;
    case 6:
        virtio_error(vdev, "a hostile host gives up");
        hostile_served(HOSTILE_RNG_NEEDS_RESET);
        break;
    default:
        release(vrng, true, false);
        break;
    }
    return 0;
}

void hostile_rng_event(void)
{
    object_child_foreach_recursive(object_get_root(), event, NULL);
}
