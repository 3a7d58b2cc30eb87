/* SPDX-License-Identifier: GPL-2.0 */
/* There is one task: where it would wait, the target lets the host act instead. */
#ifndef FUZZ_LINUX_WAIT_H
#define FUZZ_LINUX_WAIT_H

#include <linux/types.h>

typedef struct {
	unsigned int nr_wakes;
} wait_queue_head_t;

/* What happens in a jiffy of waiting. */
extern void (*fuzz_on_wait)(void);

#define init_waitqueue_head(queue)	((queue)->nr_wakes = 0)
#define wake_up_all(queue)		((void)(queue)->nr_wakes++)
#define wait_event_timeout(queue, condition, timeout) \
	({ long __left = (timeout); \
	   while (!(condition) && __left-- > 0) \
		   fuzz_on_wait(); \
	   __left; })

#endif /* FUZZ_LINUX_WAIT_H */
