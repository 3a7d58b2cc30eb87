/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VRNG_DEVICE_H
#define VRNG_DEVICE_H

#include <linux/hw_random.h>
#include <linux/virtio.h>

#include "fork.h"
#include "pool.h"
#include "tasks.h"

/**
 * struct vrng_device - a virtio entropy device
 * @vdev: the device
 * @vq: its one queue; %NULL while suspended
 * @queue: @vq as @pool sees it
 * @pool: the buffers
 * @tasks: of @pool
 * @fork: what handles VM forks, for all devices
 * @hwrng: the device as hw_random knows it
 * @registered: has hwrng_register() returned?
 * @said_unhealthy: is it in the log?
 * @name: of @hwrng
 * @id: number in @name
 * @quality: bits of entropy to credit for 1024 bits
 */
struct vrng_device {
	struct virtio_device *vdev;
	struct virtqueue *vq;
	struct vrng_queue queue;
	struct vrng_pool pool;
	struct vrng_tasks tasks;
	struct vrng_fork *fork;
	struct hwrng hwrng;
	bool registered;
	bool said_unhealthy;
	char name[32];
	int id;
	unsigned int quality;
};

struct vrng_device *vrng_device_create(struct virtio_device *vdev,
				       struct vrng_fork *fork,
				       unsigned int nr, unsigned int size);
void vrng_device_destroy(struct vrng_device *rng);
int vrng_device_start(struct vrng_device *rng);
void vrng_device_grow(struct vrng_device *rng);
void vrng_device_stop(struct vrng_device *rng, enum vrng_pool_state state);

#endif /* VRNG_DEVICE_H */
