// SPDX-License-Identifier: GPL-2.0
/*
 * The pool's queue, made of a virtqueue; what makes it start and stop.
 */
#include <linux/err.h>
#include <linux/random.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>

#include "device.h"
#include "vmfork.h"

#define DEVICE_GROW_RETRY	HZ

static struct vrng_device *queue_device(struct vrng_queue *queue)
{
	return container_of(queue, struct vrng_device, queue);
}

static int queue_post(struct vrng_queue *queue, struct vrng_buf *buf)
{
	struct vrng_device *rng = queue_device(queue);
	struct scatterlist sg;

	sg_init_one(&sg, buf->data, buf->size);
	return virtqueue_add_inbuf(rng->vq, &sg, 1, buf, GFP_ATOMIC);
}

static struct vrng_buf *queue_get(struct vrng_queue *queue, unsigned int *len)
{
	return virtqueue_get_buf(queue_device(queue)->vq, len);
}

static bool queue_kick(struct vrng_queue *queue)
{
	return virtqueue_kick(queue_device(queue)->vq);
}

static bool queue_is_broken(struct vrng_queue *queue)
{
	return virtqueue_is_broken(queue_device(queue)->vq);
}

static void queue_wake(struct vrng_queue *queue)
{
	struct vrng_device *rng = queue_device(queue);

	wake_up_all(&rng->waiters);
	if (vrng_pool_has_first(&rng->pool))
		schedule_work(&rng->first);
}

static void queue_defer(struct vrng_queue *queue, unsigned int ms)
{
	schedule_delayed_work(&queue_device(queue)->release,
			      msecs_to_jiffies(ms));
}

static unsigned int device_grow(struct vrng_device *rng)
{
	size_t size = min_t(size_t, rng->large_size, virtio_max_dma_size(rng->vdev));
	unsigned int i;

	for (i = 0; i < rng->large_nr; i++) {
		if (vrng_pool_grow(&rng->pool, size))
			break;
	}
	return i;
}

/* The short buffer does for as long as there is no large one. */
static void device_grow_work(struct work_struct *work)
{
	struct vrng_device *rng = container_of(to_delayed_work(work),
					       struct vrng_device, grow);
	unsigned int nr = device_grow(rng);

	if (!nr)
		schedule_delayed_work(&rng->grow, DEVICE_GROW_RETRY);
	else if (nr < rng->large_nr)
		dev_warn(&rng->vdev->dev, "memory for %u of %u buffers only\n",
			 nr, rng->large_nr);
}

static void device_release_work(struct work_struct *work)
{
	vrng_pool_release(&container_of(to_delayed_work(work),
					struct vrng_device, release)->pool);
}

static void device_first_work(struct work_struct *work)
{
	vrng_vmfork_late(container_of(work, struct vrng_device, first));
}

static void device_used(struct virtqueue *vq)
{
	struct vrng_device *rng = vq->vdev->priv;

	vrng_pool_harvest(&rng->pool);
}

/**
 * vrng_device_create() - make a device that is stopped
 * @vdev: the virtio device; its priv is set
 * @large_nr: number of buffers that it is to have, %VRNG_POOL_BUFS_MAX at most
 * @large_size: bytes in each, if the device can be given so many
 *
 * Context: process context, sleeps.
 * Return: to be given to vrng_device_destroy(), or an ERR_PTR.
 */
struct vrng_device *vrng_device_create(struct virtio_device *vdev,
				       unsigned int large_nr,
				       unsigned int large_size)
{
	struct vrng_device *rng = kzalloc(sizeof(*rng), GFP_KERNEL);
	siphash_key_t key;
	int err;

	if (!rng)
		return ERR_PTR(-ENOMEM);
	rng->vdev = vdev;
	rng->large_nr = large_nr;
	rng->large_size = large_size;
	rng->queue = (struct vrng_queue){
		.post = queue_post,
		.get = queue_get,
		.kick = queue_kick,
		.is_broken = queue_is_broken,
		.wake = queue_wake,
		.defer = queue_defer,
	};
	init_waitqueue_head(&rng->waiters);
	INIT_DELAYED_WORK(&rng->grow, device_grow_work);
	INIT_DELAYED_WORK(&rng->release, device_release_work);
	INIT_WORK(&rng->first, device_first_work);
	INIT_LIST_HEAD(&rng->fork_node);
	spin_lock_init(&rng->monitor_lock);
	get_random_bytes(&key, sizeof(key));
	vrng_monitor_init(&rng->monitor, &key);
	err = vrng_pool_init(&rng->pool, &rng->queue);
	if (err) {
		kfree(rng);
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
	cancel_delayed_work_sync(&rng->grow);
	vrng_pool_destroy(&rng->pool);
	kfree_sensitive(rng);
}

/**
 * vrng_device_start() - set the queue up and begin to ask
 * @rng: the device, stopped
 *
 * Context: process context, sleeps.
 * Return: 0, or why there is no queue.
 */
int vrng_device_start(struct vrng_device *rng)
{
	struct virtqueue *vq = virtio_find_single_vq(rng->vdev, device_used,
						     "input");

	if (IS_ERR(vq))
		return PTR_ERR(vq);
	rng->vq = vq;
	virtio_device_ready(rng->vdev);
	vrng_pool_start(&rng->pool);
	return 0;
}

/**
 * vrng_device_grow() - give a device its large buffers soon
 * @rng: the device, started, for the first time
 *
 * Not now: they are allocated and cleared in a time in which the device can
 * answer the short request; and a tick later, so that who waits for the first
 * bytes goes on before.
 *
 * Context: process context.
 */
void vrng_device_grow(struct vrng_device *rng)
{
	schedule_delayed_work(&rng->grow, 1);
}

/**
 * vrng_device_stop() - wake all who wait, reset the device, forget all bytes
 * @rng: the device, started
 * @state: what readers find, %VRNG_POOL_STOPPED or %VRNG_POOL_GONE
 *
 * Context: process context, sleeps.
 */
void vrng_device_stop(struct vrng_device *rng, enum vrng_pool_state state)
{
	vrng_pool_stop(&rng->pool, state);
	virtio_reset_device(rng->vdev);
	rng->vdev->config->del_vqs(rng->vdev);
	rng->vq = NULL;
	vrng_pool_reclaim(&rng->pool);
	/* Last: only now is there no callback that would schedule them. */
	cancel_delayed_work_sync(&rng->release);
	cancel_work_sync(&rng->first);
}

/**
 * vrng_device_check() - judge bytes before they are used
 * @rng: where they come from
 * @buf: the bytes
 * @len: how many
 *
 * Context: any but interrupts.
 * Return: true while the device looks healthy.
 */
bool vrng_device_check(struct vrng_device *rng, const void *buf, size_t len)
{
	bool was_healthy, healthy;

	spin_lock(&rng->monitor_lock);
	was_healthy = !rng->monitor.health.failed;
	healthy = vrng_monitor_check(&rng->monitor, buf, len);
	spin_unlock(&rng->monitor_lock);
	if (was_healthy && !healthy)
		dev_warn(&rng->vdev->dev,
			 "the host's random numbers repeat: none is used any more\n");
	return healthy;
}
