// SPDX-License-Identifier: GPL-2.0
/*
 * Wiring: parameters, and the driver of the virtio bus.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cc_platform.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

#include "../common/krng.h"
#include "../common/vmfork.h"
#include "device.h"
#include "fork.h"
#include "hwrng.h"
#include "quality.h"
#include "sysfs.h"

/**
 * DOC: virtio-rng-ext
 *
 * A driver for virtio entropy devices. It keeps several large buffers with the
 * device, so that readers of /dev/hwrng rarely wait. It works with hosts that are
 * slow, limited or silent. After a VM fork it hands out no byte from before.
 */

static unsigned int vrng_main_buffers = 2;
module_param_named(buffers, vrng_main_buffers, uint, 0444);
MODULE_PARM_DESC(buffers, "Number of buffers for each device, 1 to 16 (default 2)");

static unsigned int vrng_main_buffer_size = 65536;
module_param_named(buffer_size, vrng_main_buffer_size, uint, 0444);
MODULE_PARM_DESC(buffer_size, "Bytes in each buffer, 64 to 65536 (default 65536)");

static unsigned int vrng_main_quality = 1000;
module_param_named(quality, vrng_main_quality, uint, 0444);
MODULE_PARM_DESC(quality, "Bits of entropy to credit per 1024 bits of the device, 0 to 1024; always 0 in a confidential guest (default 1000)");

struct vrng_main_range {
	const char *name;
	const unsigned int *value;
	unsigned int min;
	unsigned int max;
};

static const struct vrng_main_range vrng_main_ranges[] __initconst = {
	{ "buffers", &vrng_main_buffers, 1, VRNG_POOL_BUFS_MAX },
	{ "buffer_size", &vrng_main_buffer_size, 64, 65536 },
	{ "quality", &vrng_main_quality, 0, 1024 },
};

static struct chv_krng_native vrng_main_krng;
static struct vrng_fork vrng_main_fork;

static int vrng_main_probe(struct virtio_device *vdev)
{
	bool confidential = cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT);
	struct vrng_device *rng;
	int err;

	rng = vrng_device_create(vdev, &vrng_main_fork, vrng_main_buffers,
				 vrng_main_buffer_size);
	if (IS_ERR(rng))
		return PTR_ERR(rng);
	/* Before the start: from then on there may be bytes that a fork must drop. */
	vrng_fork_add(&vrng_main_fork, &rng->pool);
	err = vrng_device_start(rng);
	if (err)
		goto remove_fork;
	vrng_device_grow(rng);
	err = vrng_hwrng_add(rng, vrng_quality_of(vrng_main_quality, confidential));
	if (err)
		goto stop;
	return 0;

stop:
	/* A fork that is being handled ends first: it may have wiping scheduled. */
	vrng_fork_remove(&vrng_main_fork, &rng->pool);
	vrng_device_stop(rng, VRNG_POOL_GONE);
	goto destroy;
remove_fork:
	vrng_fork_remove(&vrng_main_fork, &rng->pool);
destroy:
	vrng_device_destroy(rng);
	return err;
}

static void vrng_main_remove(struct virtio_device *vdev)
{
	struct vrng_device *rng = vdev->priv;

	/* Readers have to leave first: hw_random waits for them. */
	vrng_pool_stop(&rng->pool, VRNG_POOL_GONE);
	vrng_hwrng_remove(rng);
	vrng_fork_remove(&vrng_main_fork, &rng->pool);
	if (rng->vq)
		vrng_device_stop(rng, VRNG_POOL_GONE);
	vrng_device_destroy(rng);
}

static void vrng_main_config_changed(struct virtio_device *vdev)
{
	struct vrng_device *rng = vdev->priv;

	/* virtio 1.2, 2.1.2: it does not use its queue until it is reset. */
	if (vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_NEEDS_RESET)
		vrng_pool_stop(&rng->pool, VRNG_POOL_BROKEN);
}

#ifdef CONFIG_PM_SLEEP
/*
 * The device stays registered with hw_random: user space is frozen, and the
 * core's thread finds nothing, or waits.
 */
static int vrng_main_freeze(struct virtio_device *vdev)
{
	struct vrng_device *rng = vdev->priv;

	/* There is no queue if the last restore() failed. */
	if (rng->vq)
		vrng_device_stop(rng, VRNG_POOL_STOPPED);
	return 0;
}

static int vrng_main_restore(struct virtio_device *vdev)
{
	struct vrng_device *rng = vdev->priv;
	int err = vrng_device_start(rng);

	if (err) {
		/* No reader may wait for bytes that do not come. */
		vrng_pool_stop(&rng->pool, VRNG_POOL_BROKEN);
		return err;
	}
	vrng_device_grow(rng);
	return 0;
}
#endif

static const struct virtio_device_id vrng_main_ids[] = {
	{ VIRTIO_ID_RNG, VIRTIO_DEV_ANY_ID },
	{ 0 },
};
MODULE_DEVICE_TABLE(virtio, vrng_main_ids);

static struct virtio_driver vrng_main_driver = {
	.driver.name = KBUILD_MODNAME,
	.driver.owner = THIS_MODULE,
	.driver.dev_groups = vrng_sysfs_groups,
	.id_table = vrng_main_ids,
	.probe = vrng_main_probe,
	.remove = vrng_main_remove,
	.config_changed = vrng_main_config_changed,
#ifdef CONFIG_PM_SLEEP
	.freeze = vrng_main_freeze,
	.restore = vrng_main_restore,
#endif
};

static bool vrng_main_vmfork_early(struct chv_vmfork *vmfork)
{
	return vrng_fork_early(&vrng_main_fork);
}

static struct chv_vmfork vrng_main_vmfork = {
	.early = vrng_main_vmfork_early,
	.krng = &vrng_main_krng.krng,
};

static int __init vrng_main_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(vrng_main_ranges); i++) {
		unsigned int value = *vrng_main_ranges[i].value;

		if (value >= vrng_main_ranges[i].min && value <= vrng_main_ranges[i].max)
			continue;
		pr_err("parameter %s=%u is out of range, %u to %u are allowed\n",
		       vrng_main_ranges[i].name, value, vrng_main_ranges[i].min,
		       vrng_main_ranges[i].max);
		return -EINVAL;
	}
	err = chv_krng_native_init(&vrng_main_krng);
	if (err)
		pr_warn("no forced reseeds (%pe): what is mixed takes effect within a minute\n",
			ERR_PTR(err));
	vrng_sysfs_init();
	vrng_fork_init(&vrng_main_fork, &vrng_main_krng.krng);
	err = chv_vmfork_subscribe(&vrng_main_vmfork);
	if (err)
		goto destroy_krng;
	err = register_virtio_driver(&vrng_main_driver);
	if (err)
		goto unsubscribe;
	return 0;

unsubscribe:
	chv_vmfork_unsubscribe(&vrng_main_vmfork);
destroy_krng:
	chv_krng_native_destroy(&vrng_main_krng);
	return err;
}
module_init(vrng_main_init);

static void __exit vrng_main_exit(void)
{
	unregister_virtio_driver(&vrng_main_driver);
	chv_vmfork_unsubscribe(&vrng_main_vmfork);
	chv_krng_native_destroy(&vrng_main_krng);
}
module_exit(vrng_main_exit);

MODULE_DESCRIPTION("Virtio entropy device: buffered, patient and fork-safe");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(CHV_VERSION);
MODULE_SOFTDEP("pre: vmgenid-ext");
