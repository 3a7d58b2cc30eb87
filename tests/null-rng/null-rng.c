// SPDX-License-Identifier: GPL-2.0
/*
 * A hwrng without a device, for scripts/bench: the speed of /dev/hwrng with it is
 * the most that hw_random allows.
 */
#include <linux/hw_random.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

/* No byte of this is random: the core's own thread, which credits, gets none. */
static int null_rng_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	if (current->flags & PF_KTHREAD)
		return 0;
	memset(data, 0x5a, max);
	return max;
}

static struct hwrng null_rng = {
	.name = "null",
	.read = null_rng_read,
	.quality = 1,
};

static int __init null_rng_init(void)
{
	return hwrng_register(&null_rng);
}
module_init(null_rng_init);

static void __exit null_rng_exit(void)
{
	hwrng_unregister(&null_rng);
}
module_exit(null_rng_exit);

MODULE_DESCRIPTION("hw_random's ceiling, for benchmarks");
MODULE_LICENSE("GPL");
