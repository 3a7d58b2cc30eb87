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

#include "device.h"
#include "vmfork.h"
#include "hwrng.h"
#include "sysfs.h"

/**
 * DOC: virtio-rng-ext
 *
 * A driver for virtio entropy devices that keeps several large buffers with the
 * device, so that readers of /dev/hwrng rarely wait; that takes slow, limited
 * and silent hosts for what they are; and that uses no byte twice when the
 * virtual machine is forked.
 */

#define MAIN_BUF_SIZE_MIN	64
#define MAIN_BUF_SIZE_MAX	65536
#define MAIN_QUALITY_MAX	1024

static unsigned int buffers = 4;
module_param(buffers, uint, 0444);
MODULE_PARM_DESC(buffers, "Number of buffers for each device, 1 to 16 (default 4)");

static unsigned int buffer_size = 32768;
module_param(buffer_size, uint, 0444);
MODULE_PARM_DESC(buffer_size, "Bytes in each buffer, 64 to 65536 (default 32768)");

static unsigned int quality = 1000;
module_param(quality, uint, 0444);
MODULE_PARM_DESC(quality, "Bits of entropy to credit per 1024 bits of the device, 0 to 1024; always 0 in a confidential guest (default 1000)");

static int main_check_range(const char *name, unsigned int value,
			    unsigned int min, unsigned int max)
{
	if (value >= min && value <= max)
		return 0;
	pr_err("parameter %s=%u is out of range, %u to %u are allowed\n", name,
	       value, min, max);
	return -EINVAL;
}

static int main_check_parameters(void)
{
	return main_check_range("buffers", buffers, 1, VRNG_POOL_BUFS_MAX) ?:
	       main_check_range("buffer_size", buffer_size, MAIN_BUF_SIZE_MIN,
				MAIN_BUF_SIZE_MAX) ?:
	       main_check_range("quality", quality, 0, MAIN_QUALITY_MAX);
}

/*
 * The host is the adversary of a confidential guest: what it calls random is
 * worth nothing there.
 */
static unsigned int main_quality(void)
{
	return cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT) ? 0 : quality;
}

static int main_probe(struct virtio_device *vdev)
{
	struct vrng_device *rng = vrng_device_create(vdev, buffers, buffer_size);
	int err;

	if (IS_ERR(rng))
		return PTR_ERR(rng);
	err = vrng_device_start(rng);
	if (err)
		goto destroy;
	vrng_vmfork_add(rng);
	vrng_device_grow(rng);
	err = vrng_hwrng_add(rng, main_quality());
	if (err)
		goto stop;
	return 0;

stop:
	vrng_vmfork_remove(rng);
	vrng_device_stop(rng, VRNG_POOL_GONE);
destroy:
	vrng_device_destroy(rng);
	return err;
}

static void main_remove(struct virtio_device *vdev)
{
	struct vrng_device *rng = vdev->priv;

	/* Readers first: hw_random waits for them. */
	vrng_pool_stop(&rng->pool, VRNG_POOL_GONE);
	vrng_hwrng_remove(rng);
	vrng_vmfork_remove(rng);
	if (rng->vq)
		vrng_device_stop(rng, VRNG_POOL_GONE);
	vrng_device_destroy(rng);
}

static void main_config_changed(struct virtio_device *vdev)
{
	struct vrng_device *rng = vdev->priv;

	/* virtio 1.2, 2.1.2: it has given up, and will not use its queue. */
	if (vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_NEEDS_RESET)
		vrng_pool_stop(&rng->pool, VRNG_POOL_BROKEN);
}

#ifdef CONFIG_PM_SLEEP
/*
 * hw_random keeps the device: user space is frozen, and the core's thread finds
 * nothing, or waits.
 */
static int main_freeze(struct virtio_device *vdev)
{
	vrng_device_stop(vdev->priv, VRNG_POOL_STOPPED);
	return 0;
}

static int main_restore(struct virtio_device *vdev)
{
	struct vrng_device *rng = vdev->priv;
	int err = vrng_device_start(rng);

	/* Nobody is to wait for what does not come. */
	if (err)
		vrng_pool_stop(&rng->pool, VRNG_POOL_BROKEN);
	return err;
}
#endif

static const struct virtio_device_id main_ids[] = {
	{ VIRTIO_ID_RNG, VIRTIO_DEV_ANY_ID },
	{ 0 },
};
MODULE_DEVICE_TABLE(virtio, main_ids);

static struct virtio_driver main_driver = {
	.driver.name = KBUILD_MODNAME,
	.driver.owner = THIS_MODULE,
	.driver.dev_groups = vrng_sysfs_groups,
	.id_table = main_ids,
	.probe = main_probe,
	.remove = main_remove,
	.config_changed = main_config_changed,
#ifdef CONFIG_PM_SLEEP
	.freeze = main_freeze,
	.restore = main_restore,
#endif
};

static int __init virtio_rng_ext_init(void)
{
	int err = main_check_parameters();

	if (err)
		return err;
	err = vrng_vmfork_init();
	if (err)
		return err;
	err = register_virtio_driver(&main_driver);
	if (err)
		vrng_vmfork_exit();
	return err;
}
module_init(virtio_rng_ext_init);

static void __exit virtio_rng_ext_exit(void)
{
	unregister_virtio_driver(&main_driver);
	vrng_vmfork_exit();
}
module_exit(virtio_rng_ext_exit);

MODULE_DESCRIPTION("Virtio entropy device: buffered, patient and fork-safe");
MODULE_AUTHOR("The CommonHV guest modules' authors");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: vmgenid-ext");
