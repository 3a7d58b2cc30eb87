/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_DEVICE_H
#define VRNG_DEVICE_H

#include <linux/hw_random.h>
#include <linux/virtio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "monitor.h"
#include "pool.h"

/**
 * struct vrng_device - a virtio entropy device
 * @vdev: the device
 * @vq: its one queue; %NULL while suspended
 * @queue: @vq as @pool sees it
 * @pool: the buffers
 * @waiters: who wait for bytes
 * @grow: gives @pool its large buffers
 * @large_nr: how many
 * @large_size: bytes in each
 * @release: ends a hold of @pool
 * @first: takes the first bytes after a fork
 * @fork_node: in the list of devices that a fork concerns
 * @monitor_lock: guards @monitor
 * @monitor: health of what is handed out
 * @hwrng: the device as hw_random knows it
 * @registered: has hw_random done with that?
 * @name: of @hwrng
 * @id: number in @name
 * @quality: bits of entropy to believe in for 1024 bits
 */
struct vrng_device {
	struct virtio_device *vdev;
	struct virtqueue *vq;
	struct vrng_queue queue;
	struct vrng_pool pool;
	wait_queue_head_t waiters;
	struct delayed_work grow;
	unsigned int large_nr;
	unsigned int large_size;
	struct delayed_work release;
	struct work_struct first;
	struct list_head fork_node;
	spinlock_t monitor_lock; /* guards monitor */
	struct vrng_monitor monitor;
	struct hwrng hwrng;
	bool registered;
	char name[32];
	int id;
	unsigned int quality;
};

struct vrng_device *vrng_device_create(struct virtio_device *vdev,
				       unsigned int large_nr,
				       unsigned int large_size);
void vrng_device_destroy(struct vrng_device *rng);
int vrng_device_start(struct vrng_device *rng);
void vrng_device_grow(struct vrng_device *rng);
void vrng_device_stop(struct vrng_device *rng, enum vrng_pool_state state);
bool vrng_device_check(struct vrng_device *rng, const void *buf, size_t len);

#endif /* VRNG_DEVICE_H */
