// SPDX-License-Identifier: GPL-2.0
/*
 * The queue of a pool, made of a virtqueue; its start and its stop.
 */
#include <linux/err.h>
#include <linux/random.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>

#include "device.h"

static struct vrng_device *vrng_queue_device(struct vrng_queue *queue)
{
	return container_of(queue, struct vrng_device, queue);
}

static void *vrng_queue_alloc(struct vrng_queue *queue, size_t size, gfp_t gfp)
{
	return kzalloc(size, gfp);
}

static int vrng_queue_post(struct vrng_queue *queue, struct vrng_buf *buf)
{
	struct vrng_device *rng = vrng_queue_device(queue);
	struct scatterlist sg;

	sg_init_one(&sg, buf->data, buf->size);
	return virtqueue_add_inbuf(rng->vq, &sg, 1, buf, GFP_ATOMIC);
}

static struct vrng_buf *vrng_queue_get(struct vrng_queue *queue, unsigned int *len)
{
	return virtqueue_get_buf(vrng_queue_device(queue)->vq, len);
}

static struct vrng_buf *vrng_queue_detach(struct vrng_queue *queue)
{
	return virtqueue_detach_unused_buf(vrng_queue_device(queue)->vq);
}

/* If it fails, the queue is broken, which vrng_queue_is_broken() says. */
static void vrng_queue_kick(struct vrng_queue *queue)
{
	virtqueue_kick(vrng_queue_device(queue)->vq);
}

static bool vrng_queue_is_broken(struct vrng_queue *queue)
{
	return virtqueue_is_broken(vrng_queue_device(queue)->vq);
}

static void vrng_queue_defer(struct vrng_queue *queue, unsigned int ms)
{
	vrng_tasks_defer(&vrng_queue_device(queue)->tasks, ms);
}

static void vrng_queue_work(struct vrng_queue *queue, bool wipe, bool seed)
{
	vrng_tasks_run(&vrng_queue_device(queue)->tasks, wipe, seed);
}

static void vrng_device_used(struct virtqueue *vq)
{
	struct vrng_device *rng = vq->vdev->priv;

	vrng_pool_harvest(&rng->pool);
}

/**
 * vrng_device_create() - make a device that is stopped
 * @vdev: the virtio device; its priv is set
 * @fork: what handles VM forks
 * @nr: number of large buffers that it is to have, %VRNG_POOL_BUFS_MAX at most
 * @size: bytes in each, if the device can be given so many
 *
 * Context: process context, sleeps.
 * Return: the device, for vrng_device_destroy(), or an ERR_PTR.
 */
struct vrng_device *vrng_device_create(struct virtio_device *vdev,
				       struct vrng_fork *fork,
				       unsigned int nr, unsigned int size)
{
	struct vrng_device *rng = kzalloc(sizeof(*rng), GFP_KERNEL);
	siphash_key_t key;
	int err;

	if (!rng)
		return ERR_PTR(-ENOMEM);
	rng->vdev = vdev;
	rng->fork = fork;
	rng->queue = (struct vrng_queue){
		.alloc = vrng_queue_alloc,
		.post = vrng_queue_post,
		.get = vrng_queue_get,
		.detach = vrng_queue_detach,
		.kick = vrng_queue_kick,
		.is_broken = vrng_queue_is_broken,
		.defer = vrng_queue_defer,
		.work = vrng_queue_work,
	};
	vrng_tasks_init(&rng->tasks, &rng->pool, fork);
	get_random_bytes(&key, sizeof(key));
	err = vrng_pool_init(&rng->pool, &rng->queue, nr,
			     min_t(size_t, size, virtio_max_dma_size(vdev)), &key);
	memzero_explicit(&key, sizeof(key));
	if (err) {
		kfree_sensitive(rng);
		return ERR_PTR(err);
	}
	vdev->priv = rng;
	return rng;
}

/**
 * vrng_device_destroy() - undo vrng_device_create()
 * @rng: stopped, and not in use any more
 *
 * Context: process context.
 */
void vrng_device_destroy(struct vrng_device *rng)
{
	vrng_pool_destroy(&rng->pool);
	kfree_sensitive(rng);
}

/**
 * vrng_device_start() - set the queue up, and post the short buffer
 * @rng: the device, stopped
 *
 * Context: process context, sleeps.
 * Return: 0, or why there is no queue.
 */
int vrng_device_start(struct vrng_device *rng)
{
	struct virtqueue *vq = virtio_find_single_vq(rng->vdev, vrng_device_used,
						     "input");

	if (IS_ERR(vq))
		return PTR_ERR(vq);
	rng->vq = vq;
	virtio_device_ready(rng->vdev);
	vrng_pool_start(&rng->pool);
	return 0;
}

/**
 * vrng_device_grow() - allocate the large buffers that are missing
 * @rng: the device, started
 *
 * Large allocations take time, in which the device can answer the short request;
 * so they come after the start. If memory is short, the pool does with fewer
 * buffers, or with the short one alone, and tries again later.
 *
 * Context: process context, sleeps.
 */
void vrng_device_grow(struct vrng_device *rng)
{
	if (!vrng_tasks_grow(&rng->tasks))
		dev_warn(&rng->vdev->dev,
			 "memory for %u of %u buffers only, so far\n",
			 rng->pool.nr_bufs - 1, rng->pool.nr_wanted);
}

/**
 * vrng_device_stop() - wake all that wait, reset the device, wipe all bytes
 * @rng: the device, started
 * @state: what readers find, %VRNG_POOL_STOPPED or %VRNG_POOL_GONE
 *
 * Context: process context, sleeps.
 */
void vrng_device_stop(struct vrng_device *rng, enum vrng_pool_state state)
{
	vrng_pool_stop(&rng->pool, state);
	virtio_reset_device(rng->vdev);
	vrng_pool_reclaim(&rng->pool);
	rng->vdev->config->del_vqs(rng->vdev);
	rng->vq = NULL;
	/* Last: until here a callback could schedule more. */
	vrng_tasks_cancel(&rng->tasks);
}
